"""The screens of imports."""

from tasuki.connect.views.downloads import mapping_file, problems_csv, saved_mapping, skipped_csv
from tasuki.connect.views.mapping import mapping, mapping_text, save_mapping
from tasuki.connect.views.runs import (
    cancel,
    commit,
    discard,
    imports,
    new_import,
    preview,
    progress,
    revert,
    run,
)

__all__ = [
    "cancel",
    "commit",
    "discard",
    "imports",
    "mapping",
    "mapping_file",
    "mapping_text",
    "new_import",
    "preview",
    "problems_csv",
    "progress",
    "revert",
    "run",
    "save_mapping",
    "saved_mapping",
    "skipped_csv",
]
