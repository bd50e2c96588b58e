"""Reading imports: lists, problems, what is in the way of a revert."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tasuki.connect.models import ImportFile, ImportProblem, ImportRun, SavedMapping
from tasuki.connect.problems import Severity
from tasuki.connect.reading import open_table
from tasuki.core.csvsafe import safe_cell
from tasuki.core.labels import Label


def recent_runs() -> QuerySet[ImportRun]:
    """Return the runs, the newest first, with who started them."""
    return ImportRun.objects.select_related("actor").order_by("-pk")


def files_of(*, run_id: int) -> list[ImportFile]:
    """Return the files of a run."""
    return list(ImportFile.objects.filter(run_id=run_id))


def saved_mappings() -> list[SavedMapping]:
    """Return the mappings kept for later."""
    return list(SavedMapping.objects.all())


def problems_of(*, run_id: int, severity: str = "", rule: str = "") -> QuerySet[ImportProblem]:
    """Return the problems of a run, errors first, narrowed by severity and rule."""
    rows = ImportProblem.objects.filter(run_id=run_id)
    if severity:
        rows = rows.filter(severity=severity)
    if rule:
        rows = rows.filter(rule=rule)
    return rows.order_by("severity", "pk")


def problem_rows(*, run_id: int, language: str) -> Iterator[list[str]]:
    """Return every kept problem as rows of safe CSV cells, headers first."""
    yield [
        _("Severity"), _("File"), _("Row"), _("Column"), _("Value"), _("Rule"), _("Message")
    ]  # fmt: skip
    for problem in problems_of(run_id=run_id).iterator(chunk_size=2_000):
        yield [
            problem.severity_label.text(language),
            safe_cell(problem.file),
            safe_cell(problem.row),
            safe_cell(problem.column),
            safe_cell(problem.value),
            problem.rule_label.text(language),
            safe_cell(problem.message.text(language)),
        ]


def skipped_rows(*, run: ImportRun, file: ImportFile, path: Path, language: str) -> Iterator[str]:
    """Return the rows of one file that were left out, as lines of CSV with the reasons last."""
    reasons: dict[int, list[str]] = {}
    errors = ImportProblem.objects.filter(run=run, severity=Severity.ERROR, file=file.name)
    for problem in errors.exclude(row=None).iterator(chunk_size=2_000):
        reasons.setdefault(problem.row or 0, []).append(
            f"{problem.column}: {problem.message.text(language)}"
        )
    table = open_table(path=path, name=file.name)
    yield _line([*table.headers, Label("取り込めない理由", "Reason").text(language)])
    for row in table.rows():
        if row.number in reasons:
            yield _line([*row.cells, " / ".join(reasons[row.number])])


def _line(cells: list[str]) -> str:
    stream = StringIO()
    csv.writer(stream).writerow([safe_cell(cell) for cell in cells])
    return stream.getvalue()
