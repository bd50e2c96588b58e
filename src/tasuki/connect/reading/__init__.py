"""Reading files of other systems: CSV and XLSX, a row at a time."""

import zipfile
from pathlib import Path

from tasuki.connect.reading.csvfiles import CsvTable
from tasuki.connect.reading.tables import MAX_BYTES, Options, Row, Table
from tasuki.connect.reading.workbooks import WorkbookTable

__all__ = ["MAX_BYTES", "Options", "Row", "Table", "open_table"]


def open_table(*, path: Path, name: str, options: Options | None = None) -> Table:
    """Return the file as a table. Raises: FileRefused, naming what is wrong with it."""
    options = options or Options()
    if name.lower().endswith((".xlsx", ".xlsm")) or zipfile.is_zipfile(path):
        return WorkbookTable(path=path, name=name, options=options)
    return CsvTable(path=path, name=name, options=options)
