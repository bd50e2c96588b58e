"""From a row to a draft: every field read and typed, or every problem of the row named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Final
from zoneinfo import ZoneInfo

from tasuki.connect.engine import values
from tasuki.connect.engine.files import Cells, Files, Getter, OpenFile
from tasuki.connect.engine.log import ProblemLog
from tasuki.connect.mapping.fields import Field, Kind, field_of
from tasuki.connect.mapping.types import Block, Mapping, Source
from tasuki.connect.problems import Problem, RowRefused, Rule
from tasuki.connect.reading import Row
from tasuki.core.labels import Label

KEY_LENGTH: Final = 200


@dataclass(slots=True)
class Draft:
    """One record as its row states it. Fields without a value are left out."""

    row: int
    key: str
    values: dict[str, Any]
    dates: dict[str, Any]
    owners: dict[str, str]
    mark: str = ""

    def text(self, name: str) -> str:
        """Return a text field, empty when it is not stated."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        """Return a date field, None when it is not stated."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    @property
    def fingerprint(self) -> str:
        """What the row says, as a short hash: equal rows have equal ones."""
        if not self.mark:
            stated = repr((list(self.values.items()), list(self.dates.items()), self.owners))
            self.mark = blake2b(stated.encode(), digest_size=16).hexdigest()
        return self.mark


@dataclass(frozen=True, slots=True)
class _Reader:
    name: str
    get: Getter
    read: Callable[[str], object]
    column: str


class Drafting:
    """Reads the drafts of one block. Making it raises UnknownColumn."""

    def __init__(self, *, block: Block, mapping: Mapping, files: Files, log: ProblemLog) -> None:
        self.block = block
        self.file: OpenFile = files[block.file]
        self.excluded: frozenset[tuple[str, int]] = frozenset()
        self.left_out = 0
        self._mapping = mapping
        self._zone = ZoneInfo(mapping.time_zone)
        self._log = log
        getter = files.getter
        self._key = getter(block.key, file=block.file) if block.key else None
        self._currency = (
            getter(block.fields["currency"], file=block.file)
            if "currency" in block.fields
            else None
        )
        self._fields = [
            self._reader(name, source, getter(source, file=block.file))
            for name, source in block.fields.items()
        ]
        self._stages = [
            self._stage_reader(name, source, getter(source, file=block.file))
            for name, source in block.stages.items()
        ]
        self._owners = {
            name: getter(source, file=block.file) for name, source in block.owners.items()
        }
        self._required = {
            name
            for name in block.fields
            if (spec := field_of(entity=block.entity, name=name)) and spec.required
        }

    def drafts(self, rows: list[Row]) -> Iterator[Draft]:
        """Return the drafts of the rows; rows with an error are left out and logged.

        Rows that an earlier pass found bad make nothing at all, in no block.
        """
        for row in rows:
            if (self.file.name, row.number) in self.excluded:
                self.left_out += 1
                continue
            for broken in row.problems:
                self._log.add(broken)
            if not row.problems and (draft := self._draft(row)) is not None:
                yield draft

    def key_and_dates(self, row: Row) -> tuple[str, dict[str, object]]:
        """Return only what repeated rows of one journey are brought together by."""
        dates: dict[str, object] = {}
        for reader in self._stages:
            text = reader.get(row.cells)
            if text:
                try:
                    dates[reader.name] = reader.read(text)
                except RowRefused:
                    continue
        return self.key(row.cells), dates

    def key(self, cells: Cells) -> str:
        """Return the external key of the row, empty when it has none."""
        return self._key(cells)[:KEY_LENGTH] if self._key else ""

    def refuse(self, draft: Draft, refused: RowRefused) -> None:
        """Log why a draft cannot become a record."""
        self.note(draft.row, refused)

    def note(self, row: int, refused: RowRefused, column: str = "") -> None:
        """Log an error of a row."""
        self._log.add(
            Problem(
                rule=refused.rule,
                file=self.file.name,
                row=row,
                column=refused.column or column,
                value=refused.value[:200],
                message=refused.message,
            )
        )

    def column_of(self, field: str) -> str:
        """Return the column a field or stage is read from, for messages."""
        source = self.block.fields.get(field) or self.block.stages.get(field)
        return (source.column or source.template) if source else field

    def _draft(self, row: Row) -> Draft | None:
        cells = row.cells
        found: dict[str, object] = {}
        good = True
        for reader in self._fields:
            required = reader.name in self._required
            good &= self._take(reader, cells, row.number, found, required=required)
        dates: dict[str, object] = {}
        for reader in self._stages:
            good &= self._take(reader, cells, row.number, dates)
        if "amount" in found and self._currency is not None and good:
            good = self._money(cells, row.number, found)
        key = self.key(cells)
        if self._key is not None and not key:
            self.note(row.number, _missing(), _shown(self.block.key))
            return None
        if not good:
            return None
        owners = {name: text for name, get in self._owners.items() if (text := get(cells))}
        return Draft(row.number, key, found, dates, owners)

    def _take(
        self,
        reader: _Reader,
        cells: Cells,
        row: int,
        into: dict[str, object],
        *,
        required: bool = False,
    ) -> bool:
        text = reader.get(cells)
        try:
            if text:
                into[reader.name] = reader.read(text)
            elif required:
                raise _missing()
        except RowRefused as refused:
            self.note(row, refused, reader.column)
            return False
        return True

    def _money(self, cells: Cells, row: int, found: dict[str, object]) -> bool:
        """Read the amount again in the row's own currency."""
        assert self._currency is not None  # noqa: S101 - checked by the caller
        currency = (self._currency(cells) or self._mapping.currency).upper()
        source = next(reader for reader in self._fields if reader.name == "amount")
        try:
            found["amount"] = values.amount(source.get(cells), currency=currency)
        except (RowRefused, ValueError) as error:
            message = Label(
                f"通貨「{currency}」の金額として読めません。",
                f"This is not an amount in {currency}.",
            )
            refused = (
                error if isinstance(error, RowRefused) else RowRefused(Rule.NOT_AN_AMOUNT, message)
            )
            self.note(row, refused, source.column)
            return False
        return True

    def _reader(self, name: str, source: Source, get: Getter) -> _Reader:
        spec = field_of(entity=self.block.entity, name=name)
        assert spec is not None  # noqa: S101 - the mapping was read with the same list
        return _Reader(name, get, self._parse(spec, source), _shown(source))

    def _stage_reader(self, name: str, source: Source, get: Getter) -> _Reader:
        zone, pattern = self._zone, source.format
        return _Reader(
            name, get, lambda text: values.moment(text, zone=zone, pattern=pattern), _shown(source)
        )

    def _parse(self, spec: Field, source: Source) -> Callable[[str], object]:
        zone, pattern, currency = self._zone, source.format, self._mapping.currency
        match spec.kind:
            case Kind.DATE:
                return lambda text: values.day(text, pattern=pattern)
            case Kind.MOMENT:
                return lambda text: values.moment(text, zone=zone, pattern=pattern)
            case Kind.MONEY:
                return lambda text: values.amount(text, currency=currency)
            case Kind.NUMBER:
                return values.number
            case Kind.FLAG:
                return values.flag
            case Kind.CHOICE:
                return lambda text: _choice(text, spec.choices)
            case Kind.REFERENCE:
                return lambda text: text[:KEY_LENGTH]
            case _:
                return lambda text: _text(text, spec.length)


def _choice(text: str, choices: tuple[str, ...]) -> str:
    found = {choice.lower(): choice for choice in choices}.get(text.strip().lower())
    if found is None:
        listed = ", ".join(choices)
        message = Label(
            f"「{text}」は使えません。使えるのは {listed} です。mapで読み替えられます。",
            f'"{text}" cannot be used; the choices are {listed}. Translate it with "map".',
        )
        raise RowRefused(Rule.NOT_A_CHOICE, message, value=text)
    return found


def _text(text: str, length: int) -> str:
    if len(text) > length:
        message = Label(
            f"{len(text)}文字あります。{length}文字以内にしてください。",
            f"The text has {len(text)} characters; at most {length} fit.",
        )
        raise RowRefused(Rule.TOO_LONG, message, value=text)
    # PostgreSQL keeps no NUL in a text.
    return text.replace("\x00", "")


def _missing() -> RowRefused:
    return RowRefused(Rule.MISSING_VALUE, Label("値がありません。", "The value is missing."))


def _shown(source: Source | None) -> str:
    if source is None:
        return ""
    return source.column or source.template or source.value
