"""XLSX: the stored values of one sheet; formulas are told, broken cells are problems."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import python_calamine

from tasuki.connect.problems import FileRefused, Problem, Rule, Severity
from tasuki.connect.reading.tables import (
    MEGABYTE,
    Options,
    Row,
    check_headers,
    check_size,
    too_large,
)
from tasuki.core.labels import Label

MAX_UNPACKED_FACTOR: Final = 4
"""A workbook may unpack to this many times the limit for files; more is a trap, not data."""

MAX_NAMED_CELLS: Final = 1_000
_CELL: Final = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>(?:<f[ >/]|<v>(#[^<]{1,16})</v>)'
)
_IS_ERROR: Final = re.compile(rb't="e"')
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class WorkbookTable:
    """One sheet of an XLSX file."""

    def __init__(self, *, path: Path, name: str, options: Options) -> None:
        """Open the sheet and look through its cells. Raises: FileRefused."""
        check_size(path=path, name=name, max_bytes=options.max_bytes)
        self._path = path
        self._name = name
        self.warnings: list[Problem] = []
        self._broken: dict[int, list[Problem]] = {}
        part = self._check_package(options)
        self._sheet = self._open(options.sheet)
        values = next(self._values(), (1, []))
        self._header_row = values[0]
        self.headers = check_headers(values[1], name=name)
        self._scan(part)

    @property
    def format_text(self) -> Label:
        """Which sheet was read."""
        return Label(f"XLSX、シート「{self._sheet}」", f'XLSX, sheet "{self._sheet}"')

    def rows(self) -> Iterator[Row]:
        """Walk the rows below the header."""
        width = len(self.headers)
        for number, cells in self._values():
            if number <= self._header_row or not any(cells):
                continue
            fitted = cells[:width] + [""] * (width - len(cells))
            yield Row(number, fitted, tuple(self._broken.get(number, ())))

    def _check_package(self, options: Options) -> dict[str, str]:
        """Refuse what is no workbook or unpacks to far too much; return sheet names to parts."""
        try:
            with zipfile.ZipFile(self._path) as package:
                unpacked = sum(info.file_size for info in package.infolist())
                if unpacked > options.max_bytes * MAX_UNPACKED_FACTOR:
                    raise FileRefused(
                        too_large(name=self._name, size=unpacked, max_bytes=options.max_bytes)
                    )
                return _sheet_parts(package)
        except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, EOFError) as error:
            raise FileRefused(self._unreadable()) from error

    def _open(self, wanted: str) -> str:
        try:
            book = python_calamine.CalamineWorkbook.from_path(str(self._path))
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise FileRefused(self._unreadable()) from error
        names = book.sheet_names
        if wanted and wanted not in names:
            listed = "、".join(names)
            message = Label(
                f"「{wanted}」というシートはありません。あるのは {listed} です。",
                f'There is no sheet "{wanted}". There are: {", ".join(names)}.',
            )
            raise FileRefused(Problem(rule=Rule.MISSING_SHEET, file=self._name, message=message))
        self._book = book
        return wanted or next(iter(names), "")

    def _values(self) -> Iterator[tuple[int, list[str]]]:
        try:
            sheet = self._book.get_sheet_by_name(self._sheet)
            first = (sheet.start or (0, 0))[0]
            left = (sheet.start or (0, 0))[1]
            for number, cells in enumerate(sheet.iter_rows(), start=first + 1):
                yield number, [""] * left + [_text(cell) for cell in cells]
        except (python_calamine.CalamineError, ValueError) as error:
            raise FileRefused(self._unreadable()) from error

    def _scan(self, parts: dict[str, str]) -> None:
        """Find formulas and broken cells in the sheet's own text; the reader tells neither."""
        part = parts.get(self._sheet)
        if part is None:
            return
        with zipfile.ZipFile(self._path) as package, package.open(part) as stream:
            rest = b""
            while piece := stream.read(MEGABYTE):
                text = rest + piece
                cut = max(text.rfind(b"</c>"), 0)
                self._note_cells(text[:cut])
                rest = text[cut:]
            self._note_cells(rest)

    def _note_cells(self, text: bytes) -> None:
        for match in _CELL.finditer(text):
            letters, row = match[1].decode(), int(match[2])
            if _IS_ERROR.search(match[3]):
                self._note_broken(letters, row, (match[4] or b"#").decode(errors="replace"))
            elif row > self._header_row and len(self.warnings) < MAX_NAMED_CELLS:
                message = Label(
                    f"セル{letters}{row}は数式です。保存されている計算結果を取り込みます。",
                    f"Cell {letters}{row} is a formula; its stored result is taken.",
                )
                self.warnings.append(
                    Problem(
                        rule=Rule.FORMULA_CELL,
                        severity=Severity.WARNING,
                        file=self._name,
                        row=row,
                        column=letters,
                        message=message,
                    )
                )

    def _note_broken(self, letters: str, row: int, shown: str) -> None:
        message = Label(
            f"セル{letters}{row}はエラー({shown})です。表計算ソフトで直してください。",
            f"Cell {letters}{row} holds an error ({shown}). Correct it in the spreadsheet.",
        )
        problem = Problem(
            rule=Rule.ERROR_CELL,
            file=self._name,
            row=row,
            column=letters,
            value=shown,
            message=message,
        )
        self._broken.setdefault(row, []).append(problem)

    def _unreadable(self) -> Problem:
        message = Label(
            "XLSXファイルとして開けません。壊れているか、別の形式です。"
            "表計算ソフトで「XLSX」として保存し直してください。",
            "This cannot be opened as XLSX. It is damaged or of another kind. "
            "Save it again as XLSX.",
        )
        return Problem(rule=Rule.NOT_A_WORKBOOK, file=self._name, message=message)


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names to the parts of the package that hold them."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {node.get("Id"): node.get("Target", "") for node in relations}
    workbook = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
    parts = {}
    for sheet in workbook.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "").lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in package.namelist():
            parts[sheet.get("name", "")] = part
    return parts


def _text(cell: object) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time.min:
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell).strip()
