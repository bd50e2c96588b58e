"""CSV of unknown encoding and delimiter, streamed."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from tasuki.connect.problems import FileRefused, Problem, Rule, Severity
from tasuki.connect.reading.tables import (
    MEGABYTE,
    Options,
    Row,
    check_headers,
    check_size,
)
from tasuki.core.labels import Label

DELIMITERS: Final = {
    ",": Label("カンマ区切り", "comma-separated"),
    "\t": Label("タブ区切り", "tab-separated"),
    ";": Label("セミコロン区切り", "semicolon-separated"),
    "|": Label("縦線区切り", "pipe-separated"),
}
_NAMES: Final = {
    "utf-8-sig": Label("UTF-8(BOM付き)", "UTF-8 with BOM"),
    "utf-8": Label("UTF-8", "UTF-8"),
    "utf-16": Label("UTF-16", "UTF-16"),
    "cp932": Label("CP932(Shift_JIS)", "CP932 (Shift_JIS)"),
    "euc_jp": Label("EUC-JP", "EUC-JP"),
}
_SAMPLE: Final = 256 * 1024
MAX_CELL: Final = 1_000_000


class CsvTable:
    """One CSV file, understood."""

    def __init__(self, *, path: Path, name: str, options: Options) -> None:
        """Find out encoding, delimiter and headers. Raises: FileRefused."""
        check_size(path=path, name=name, max_bytes=options.max_bytes)
        self._path = path
        self._name = name
        self.encoding = options.encoding or _encoding(path, name)
        self.delimiter = _named_delimiter(options.delimiter) or self._sniff()
        self.warnings: list[Problem] = []
        self.headers = check_headers(next(self._records(), []), name=name)

    @property
    def format_text(self) -> Label:
        """How the file was understood."""
        encoding = _NAMES.get(self.encoding, Label(self.encoding, self.encoding))
        kind = DELIMITERS.get(self.delimiter, Label(self.delimiter, self.delimiter))
        return Label(f"{encoding.ja}、{kind.ja}", f"{encoding.en}, {kind.en}")

    def rows(self) -> Iterator[Row]:
        """Walk the rows. Raises: FileRefused where the text breaks the encoding or the CSV."""
        width = len(self.headers)
        records = self._records()
        next(records, None)
        for number, cells in enumerate(records, start=2):
            if not any(cells):
                continue
            if len(cells) > width and any(cells[width:]):
                raise FileRefused(self._too_wide(number, cells, width))
            yield Row(number, cells if len(cells) >= width else cells + [""] * (width - len(cells)))

    def _records(self) -> Iterator[list[str]]:
        csv.field_size_limit(MAX_CELL)
        number = 0
        try:
            with self._path.open(encoding=self.encoding, errors="strict", newline="") as stream:
                for cells in csv.reader(stream, delimiter=self.delimiter):
                    number += 1
                    yield cells
        except UnicodeError as error:
            raise FileRefused(self._wrong_encoding(number + 1)) from error
        except LookupError as error:
            raise FileRefused(self._wrong_encoding(1)) from error
        except csv.Error as error:
            message = Label(
                f"{number + 1}行目がCSVとして読めません({error})。",
                f"Row {number + 1} cannot be read as CSV ({error}).",
            )
            raise FileRefused(
                Problem(rule=Rule.BROKEN_CSV, file=self._name, row=number + 1, message=message)
            ) from error

    def _sniff(self) -> str:
        """The delimiter that splits the first lines into the most columns, all alike."""
        with self._path.open(encoding=self.encoding, errors="replace", newline="") as stream:
            sample = stream.read(_SAMPLE // 8)
        lines = sample.splitlines()[:20]
        return max(DELIMITERS, key=lambda candidate: _width(lines, candidate))

    def _wrong_encoding(self, row: int) -> Problem:
        name = _NAMES.get(self.encoding, Label(self.encoding, self.encoding))
        return Problem(
            rule=Rule.WRONG_ENCODING,
            file=self._name,
            row=row,
            message=Label(
                f"{row}行目あたりが{name.ja}として読めません。UTF-8で保存し直してください。",
                f"Around row {row} the text is not {name.en}. Save the file as UTF-8.",
            ),
        )

    def _too_wide(self, number: int, cells: list[str], width: int) -> Problem:
        message = Label(
            f"見出しは{width}列ですが、この行には{len(cells)}列あります。"
            "値の中の区切り文字は引用符で囲んでください。",
            f"There are {width} headers, but this row has {len(cells)} cells. "
            "Quote values that contain the delimiter.",
        )
        return Problem(
            rule=Rule.TOO_MANY_CELLS,
            severity=Severity.ERROR,
            file=self._name,
            row=number,
            message=message,
        )


def _width(lines: list[str], delimiter: str) -> tuple[int, int]:
    widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    if not widths:
        return (0, 0)
    alike = sum(width == widths[0] for width in widths)
    return (widths[0] > 1) * alike, widths[0]


def _named_delimiter(text: str) -> str:
    return {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}.get(text, text)


def _encoding(path: Path, name: str) -> str:
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for candidate in ("utf-8", "cp932", "euc_jp"):
        if _decodes(path, candidate):
            return candidate
    guess = from_bytes(sample).best()
    if guess is not None and _decodes(path, guess.encoding):
        return guess.encoding
    message = Label(
        "文字コードが分かりません。UTF-8またはCP932で保存し直してください。",
        "The encoding cannot be told. Save the file as UTF-8 or CP932.",
    )
    raise FileRefused(Problem(rule=Rule.WRONG_ENCODING, file=name, message=message))


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is strictly valid in the encoding, read a megabyte at a time."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as stream:
            while piece := stream.read(MEGABYTE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
