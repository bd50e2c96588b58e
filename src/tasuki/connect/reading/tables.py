"""A file as headers and rows of texts, whatever it was written in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from tasuki.connect.problems import FileRefused, Problem, Rule
from tasuki.core.labels import Label

MEGABYTE: Final = 1024 * 1024
MAX_BYTES: Final = 512 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet counts (header 1), its cells, and broken ones."""

    number: int
    cells: list[str]
    problems: tuple[Problem, ...] = ()


class Table(Protocol):
    """A readable table. `rows` may be walked several times; each walk streams anew."""

    @property
    def headers(self) -> list[str]:
        """The column names."""

    @property
    def format_text(self) -> Label:
        """How the file was understood, to be told to a person."""

    @property
    def warnings(self) -> list[Problem]:
        """What was doubtful about the file as a whole."""

    def rows(self) -> Iterator[Row]:
        """Walk the rows below the header; empty rows are left out."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a mapping says about a file beyond its name; the limit is the installation's."""

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    max_bytes: int = field(default=MAX_BYTES)


def check_size(*, path: Path, name: str, max_bytes: int) -> None:
    """Refuse an empty or a too large file before it is opened. Raises: FileRefused."""
    size = path.stat().st_size
    if size == 0:
        message = Label("ファイルに何も入っていません。", "The file is empty.")
        raise FileRefused(Problem(rule=Rule.EMPTY_FILE, file=name, message=message))
    if size > max_bytes:
        raise FileRefused(too_large(name=name, size=size, max_bytes=max_bytes))


def too_large(*, name: str, size: int, max_bytes: int) -> Problem:
    """Word the refusal of a file beyond the limit."""
    limit, actual = max_bytes // MEGABYTE, -(-size // MEGABYTE)
    return Problem(
        rule=Rule.TOO_LARGE,
        file=name,
        message=Label(
            f"{actual} MBあります。上限は{limit} MBです。ファイルを分けて取り込んでください。",
            f"The file has {actual} MB; the limit is {limit} MB. Split it into several files.",
        ),
    )


def check_headers(headers: list[str], *, name: str) -> list[str]:
    """Return the trimmed headers. Raises: FileRefused when two columns share a name."""
    trimmed = [header.strip() for header in headers]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    if not trimmed:
        message = Label("1行目に見出しがありません。", "The first row has no headers.")
        raise FileRefused(Problem(rule=Rule.EMPTY_FILE, file=name, row=1, message=message))
    places: dict[str, list[str]] = {}
    for index, header in enumerate(trimmed):
        if header:
            places.setdefault(header, []).append(column_letters(index))
    doubled = {header: letters for header, letters in places.items() if len(letters) > 1}
    if doubled:
        listed = [f"「{header}」({'、'.join(at)}列)" for header, at in doubled.items()]
        in_english = [f'"{header}" (columns {", ".join(at)})' for header, at in doubled.items()]
        message = Label(
            f"同じ見出しの列があります: {'、'.join(listed)}。見出しを変えてください。",
            f"Several columns have the same header: {', '.join(in_english)}. Rename them.",
        )
        raise FileRefused(
            Problem(
                rule=Rule.DUPLICATE_HEADER,
                file=name,
                row=1,
                column=next(iter(doubled)),
                message=message,
            )
        )
    return trimmed


def column_letters(index: int) -> str:
    """Return the spreadsheet's name of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
