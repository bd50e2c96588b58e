"""The files of a mapping, opened: their columns, and looking rows up in one from another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import TypeAlias

from tasuki.connect.engine.log import ProblemLog
from tasuki.connect.mapping.templates import fill, template_columns
from tasuki.connect.mapping.types import FileSpec, Source
from tasuki.connect.mapping.types import Mapping as ImportMapping
from tasuki.connect.problems import FileRefused, Problem, Rule, Severity
from tasuki.connect.reading import MAX_BYTES, Options, Table, open_table
from tasuki.core.labels import Label
from tasuki.core.spelling import did_you_mean

Cells: TypeAlias = list[str]
Getter: TypeAlias = Callable[[Cells], str]


class UnknownColumn(Exception):
    """A mapping names a column that its file does not have."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message.en)
        self.problem = problem


@dataclass(slots=True)
class OpenFile:
    """One file: its description, its table, where each column is."""

    spec: FileSpec
    table: Table
    name: str
    places: dict[str, int] = field(default_factory=dict)
    row_count: int = 0


class Files:
    """Every file of a mapping. Lookup tables are read into memory once, only looked-up columns."""

    def __init__(self, opened: Mapping[str, OpenFile]) -> None:
        self._opened = opened
        self._lookups: dict[tuple[str, str], dict[str, str]] = {}
        self.warnings: list[Problem] = []

    def __getitem__(self, name: str) -> OpenFile:
        return self._opened[name]

    def __iter__(self) -> Iterator[OpenFile]:
        return iter(self._opened.values())

    def getter(self, source: Source, *, file: str) -> Getter:
        """Return what reads the source's text from a row of the file.

        Raises: UnknownColumn.
        """
        raw = self._raw(source, file)
        translate, default = dict(source.translate), source.default
        conditions = [
            (self.column(column, file=file), frozenset(wanted))
            for column, wanted in source.when.items()
        ]
        if not (translate or default or conditions):
            return raw

        def read(cells: Cells) -> str:
            if any(get(cells) not in wanted for get, wanted in conditions):
                return ""
            text = raw(cells)
            return translate.get(text, text) or default

        return read

    def column(self, column: str, *, file: str) -> Getter:
        """Return what reads a column, in this file or (`other.column`) looked up in another.

        Raises: UnknownColumn.
        """
        own = self._opened[file].places.get(column)
        if own is not None:
            return lambda cells: cells[own].strip()
        name, dot, rest = column.partition(".")
        if not dot or name not in self._opened:
            raise UnknownColumn(self._no_column(column, file))
        return self._looked_up(name, rest, file)

    def _raw(self, source: Source, file: str) -> Getter:
        if source.column:
            return self.column(source.column, file=file)
        if source.template:
            columns = {
                name: self.column(name, file=file) for name in template_columns(source.template)
            }
            template = source.template
            return lambda cells: fill(template, column=lambda name: columns[name](cells))
        value = source.value
        return lambda cells: value

    def _looked_up(self, name: str, column: str, file: str) -> Getter:
        other = self._opened[name]
        values = self._lookup(name, column)
        key = self.column(other.spec.by or other.spec.key, file=file)
        return lambda cells: values.get(key(cells), "")

    def _lookup(self, name: str, column: str) -> dict[str, str]:
        """Read one column of a file by its key; of rows with the same key the first counts."""
        if (name, column) in self._lookups:
            return self._lookups[name, column]
        other = self._opened[name]
        key = self.column(other.spec.key, file=name)
        get = self.column(column, file=name)
        values: dict[str, str] = {}
        for row in other.table.rows():
            found = key(row.cells)
            if found in values and values[found] != get(row.cells):
                self.warnings.append(_doubled(other, found, row.number))
            values.setdefault(found, get(row.cells))
        values.pop("", None)
        self._lookups[name, column] = values
        return values

    def _no_column(self, column: str, file: str) -> Problem:
        opened = self._opened[file]
        hint = did_you_mean(word=column, known=opened.places)
        return Problem(
            rule=Rule.MISSING_COLUMN,
            file=opened.name,
            row=1,
            column=column,
            message=Label(
                f"「{column}」という列がありません。{hint.ja}",
                f'There is no column "{column}".{hint.en}',
            ),
        )


def open_files(
    *,
    mapping: ImportMapping,
    paths: Mapping[str, Path],
    log: ProblemLog,
    max_bytes: int = MAX_BYTES,
) -> Files | None:
    """Return the mapping's files found among `paths` (names as the user knows them).

    None when one of them cannot be read; the log says which and why.
    """
    opened: dict[str, OpenFile] = {}
    for name, spec in mapping.files.items():
        found = _find(spec.file, paths)
        if found is None:
            log.add(_no_file(spec, paths))
            continue
        try:
            opened[name] = _open(spec, found, paths[found], max_bytes)
        except FileRefused as refused:
            log.add(refused.problem)
            continue
        for warning in opened[name].table.warnings:
            log.add(warning)
    return Files(opened) if len(opened) == len(mapping.files) else None


def _open(spec: FileSpec, found: str, path: Path, max_bytes: int) -> OpenFile:
    options = Options(
        sheet=spec.sheet, encoding=spec.encoding, delimiter=spec.delimiter, max_bytes=max_bytes
    )
    table = open_table(path=path, name=found, options=options)
    places = {header: index for index, header in enumerate(table.headers) if header}
    count = sum(1 for _ in table.rows())
    return OpenFile(spec=spec, table=table, name=found, places=places, row_count=count)


def _find(wanted: str, paths: Mapping[str, Path]) -> str | None:
    if wanted in paths:
        return wanted
    lowered = wanted.lower()
    return next((name for name in sorted(paths) if fnmatch(name.lower(), lowered)), None)


def _no_file(spec: FileSpec, paths: Mapping[str, Path]) -> Problem:
    listed = ", ".join(sorted(paths)) or "-"
    return Problem(
        rule=Rule.MISSING_FILE,
        file=spec.file,
        message=Label(
            f"「{spec.file}」がありません。あるのは {listed} です。",
            f'"{spec.file}" is not there. There are: {listed}.',
        ),
    )


def _doubled(other: OpenFile, key: str, row: int) -> Problem:
    return Problem(
        rule=Rule.DUPLICATE_LOOKUP_KEY,
        severity=Severity.WARNING,
        file=other.name,
        row=row,
        column=other.spec.key,
        value=key,
        message=Label(
            "同じキーの行が前にもあります。最初の行の値を使います。",
            "An earlier row has the same key; the value of the first one is used.",
        ),
    )
