"""Pages of very long lists: by the sort value of the last row seen, never by counting past rows.

A deep page costs what the first one does. Rows without a sort value come last. Ties are broken by
primary key in the direction of the sort, so that every row stands on exactly one page.

A text search chooses its way by trying: the first `HEAD` rows in the order of the list hold a page
of matches when the word is frequent; when they do not, the word is rare enough for the index over
pieces to find all its rows and to sort them. Either way the work is bounded, whatever statistics
the planner has.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value
from django.db.models.sql import Query

from tasuki.journeys.queries.search import containing, indexed

HEAD: Final = 5_000
COUNT_HEAD: Final = 8_000
SEARCH_CAP: Final = 200
CAP: Final = 10_000
LARGEST: Final = 2**63 - 1
MAX_CURSOR: Final = 600

SortValue = str | int | date | datetime | None


class ValueKind(StrEnum):
    """What a sort column holds."""

    MOMENT = "moment"
    DAY = "day"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class SortColumn:
    """A column that a list can be sorted by; an index over it and the primary key exists."""

    name: str
    kind: ValueKind
    nullable: bool = False
    descending_first: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A sort column and its direction."""

    column: SortColumn
    descending: bool


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: just after (or, backward, just before) the row with this value and key."""

    value: SortValue
    pk: int
    backward: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The primary keys of one page, in order, and the places around it (None: the list ends).

    `is_whole`: the page is the whole list. `is_rare`: the words sought are so rare that their rows
    were found by the index over pieces.
    """

    ids: tuple[int, ...]
    before: Cursor | None
    after: Cursor | None
    is_whole: bool = False
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are; `capped` means at least that many."""

    rows: int
    capped: bool


def write_cursor(cursor: Cursor) -> str:
    """This will return the cursor as text for an address."""
    value = cursor.value.isoformat() if isinstance(cursor.value, date) else cursor.value
    packed = json.dumps([value, cursor.pk, int(cursor.backward)], ensure_ascii=False)
    return urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_cursor(*, text: str, column: SortColumn) -> Cursor | None:
    """This will return the cursor that an address carries; None when it is none of this sort."""
    try:
        packed = urlsafe_b64decode(text[:MAX_CURSOR] + "=" * (-len(text) % 4))
        value, pk, backward = json.loads(packed)
        if not (isinstance(pk, int) and 0 <= pk <= LARGEST):
            return None
        return Cursor(_read_value(value, column), pk, backward=bool(backward))
    except (ValueError, TypeError):
        return None


def cursor_at(*, text: str, order: Order) -> Cursor | None:
    """This will return the place where rows with the sort value begin, as a person writes it.

    A day for a moment means its end when sorted downwards. None when it cannot be read.
    """
    value: Any = text
    if order.column.kind is ValueKind.NUMBER:
        value = int(text) if text.lstrip("-").isdecimal() and len(text) < 19 else None
    elif order.column.kind is ValueKind.MOMENT and len(text) == 10:
        value = f"{text}T{'23:59:59.999999' if order.descending else '00:00:00'}+09:00"
    if value in (None, ""):
        return None
    try:
        found = _read_value(value, order.column)
    except (ValueError, TypeError):
        return None
    return Cursor(found, LARGEST if order.descending else 0)


@dataclass(frozen=True, slots=True)
class Search:
    """The words that rows must contain; `with_personal_data`: addresses and numbers count too."""

    words: tuple[str, ...] = ()
    with_personal_data: bool = True

    @property
    def text(self) -> Q:
        """The condition on the text itself, which decides."""
        return containing(words=self.words, with_personal_data=self.with_personal_data)


NO_SEARCH: Final = Search()


def slice_of(
    *,
    rows: QuerySet[Any],
    order: Order,
    cursor: Cursor | None,
    size: int,
    search: Search = NO_SEARCH,
) -> Slice:
    """This will return one page of `rows`, those that contain every word of `search`."""
    walk = _Walk(rows=rows, order=order, cursor=cursor, limit=size + 1)
    if not search.words:
        return _cut(walk.in_order(), cursor, size)
    found = walk.in_head(search.text)
    if len(found) > size:
        return _cut(found, cursor, size)
    found = walk.by_index(indexed(words=search.words), search.text)
    return replace(_cut(found, cursor, size), is_rare=True)


def count_of(
    *,
    rows: QuerySet[Any],
    search: Search = NO_SEARCH,
    cap: int = CAP,
    exact: bool = False,
    page: Slice | None = None,
) -> Count:
    """This will return how many rows there are, looking no further than is worth while.

    What is known from a `page` of the same rows and words is not looked for again.
    """
    if page is not None and page.is_whole:
        return Count(len(page.ids), capped=False)
    cap = min(cap, SEARCH_CAP) if search.words else cap
    if search.words and not exact and not (page is not None and page.is_rare):
        head = rows.order_by().values("id", "search_text")[:COUNT_HEAD]
        if len(_matching(head, search.text, cap + 1)) > cap:
            return Count(cap, capped=True)
    if search.words:
        rows = rows.filter(indexed(words=search.words), search.text)
    if exact:
        return Count(rows.count(), capped=False)
    found = rows.order_by()[: cap + 1].count()
    return Count(min(found, cap), capped=found > cap)


_Found = list[tuple[int, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """Reading on from a cursor, in the order of the list or against it."""

    rows: QuerySet[Any]
    order: Order
    cursor: Cursor | None
    limit: int

    @property
    def _column(self) -> str:
        return self.order.column.name

    @property
    def _backward(self) -> bool:
        return self.cursor is not None and self.cursor.backward

    @property
    def _falling(self) -> bool:
        return self.order.descending != self._backward

    def in_order(self) -> _Found:
        """Read by the index of the sort: rows with a value, then (or, backward, first) without."""
        found: _Found = []
        for piece in self._pieces(self.rows):
            missing = self.limit - len(found)
            if missing:
                found += self._sorted(piece).values_list("pk", self._column)[:missing]
        return found

    def in_head(self, text: Q) -> _Found:
        """Look for the words in the first rows only; fewer than asked for decides nothing."""
        pieces = self._pieces(self.rows)
        head = self._sorted(pieces[0]).values("id", self._column, "search_text")[:HEAD]
        return self._fenced(head, text)

    def by_index(self, grams: Q, text: Q) -> _Found:
        """Find every row with the words by their pieces, then sort and cut."""
        found = self.rows.filter(grams, text).filter(self._beyond())
        return self._outside(found.order_by().values("id", self._column), fence=" OFFSET 0")

    def _pieces(self, rows: QuerySet[Any]) -> list[QuerySet[Any]]:
        """Cut at the boundary between rows with and without a value, both read by index."""
        if not self.order.column.nullable:
            return [rows.filter(self._beyond())]
        known, unknown = self._known, self._unknown
        if self.cursor is None:
            return [rows.filter(known), rows.filter(unknown)]
        parts = [unknown, known] if self._backward else [known, unknown]
        is_in_first = (self.cursor.value is None) == self._backward
        here = self._beyond_within_part()
        if is_in_first:
            return [rows.filter(parts[0], here), rows.filter(parts[1])]
        return [rows.filter(parts[1], here)]

    @property
    def _known(self) -> Q:
        return Q(**{f"{self._column}__isnull": False})

    @property
    def _unknown(self) -> Q:
        return Q(**{f"{self._column}__isnull": True})

    def _beyond(self) -> Q:
        """Everything after the cursor in the direction read."""
        if self.cursor is None:
            return Q()
        here = self._beyond_within_part()
        if not self.order.column.nullable:
            return here
        if self.cursor.value is None:
            return (self._known | here) if self._backward else (self._unknown & here)
        return here if self._backward else (here | self._unknown)

    def _beyond_within_part(self) -> Q:
        assert self.cursor is not None  # noqa: S101 the callers have looked
        if self.cursor.value is None:
            return Q(pk__lt=self.cursor.pk) if self._falling else Q(pk__gt=self.cursor.pk)
        return Q(
            _RowBeyond(
                F(self._column),
                F("pk"),
                Value(self.cursor.value),
                Value(self.cursor.pk),
                operator="<" if self._falling else ">",
            )
        )

    def _sorted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        sign = "-" if self._falling else ""
        return rows.order_by(f"{sign}{self._column}", f"{sign}pk")

    def _fenced(self, head: QuerySet[Any], text: Q) -> _Found:
        where, values = _where(head.model, text)
        # The head is in this very order already, so the database stops at the last row of the page.
        return self._outside(head, where=f" WHERE {where}", values=values, nulls="")

    def _outside(
        self,
        rows: QuerySet[Any],
        *,
        where: str = "",
        values: Sequence[Any] = (),
        fence: str = "",
        nulls: str | None = None,
    ) -> _Found:
        """Sort and cut outside of a part that the planner cannot look into."""
        try:
            inner, inner_values = rows.query.sql_with_params()
        except EmptyResultSet:
            return []
        table = connection.ops.quote_name(rows.model._meta.db_table)
        key, column = rows.model._meta.pk.column, rows.model._meta.get_field(self._column).column
        way = "DESC" if self._falling else "ASC"
        if nulls is None:
            nulls = " NULLS FIRST" if self._backward else " NULLS LAST"
        statement = (
            f"SELECT {key}, {column} FROM ({inner}{fence}) AS {table}{where} "  # noqa: S608 names
            f"ORDER BY {column} {way}{nulls}, {key} {way} LIMIT {self.limit}"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [*inner_values, *values])
            return list(cursor.fetchall())


class _RowBeyond(Func):
    """`(a, b) < (c, d)`: one condition that an index over both columns answers."""

    template = "(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, *expressions: Any, operator: str) -> None:
        super().__init__(*expressions, operator=operator)

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **_options: Any
    ) -> tuple[str, tuple[Any, ...]]:
        parts, values = [], []
        for expression in self.get_source_expressions():
            sql, parameters = compiler.compile(expression)
            parts.append(sql)
            values.extend(parameters)
        column, key, value, pk = parts
        return f"({column}, {key}) {self.extra['operator']} ({value}, {pk})", tuple(values)


def _matching(head: QuerySet[Any], text: Q, limit: int) -> list[tuple[int]]:
    """Look for the words in some rows only, whichever come first."""
    try:
        inner, inner_values = head.query.sql_with_params()
    except EmptyResultSet:
        return []
    table = connection.ops.quote_name(head.model._meta.db_table)
    where, values = _where(head.model, text)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM ({inner}) AS {table} WHERE {where} LIMIT {limit}",  # noqa: S608 names
            [*inner_values, *values],
        )
        return list(cursor.fetchall())


def _where(model: type[Model], condition: Q) -> tuple[str, tuple[Any, ...]]:
    """Compile a condition on one table to SQL."""
    query = Query(model)
    where = query.build_where(condition)
    sql, values = where.as_sql(query.get_compiler(connection=connection), connection)
    return sql, tuple(values)


def _cut(found: _Found, cursor: Cursor | None, size: int) -> Slice:
    backward = cursor is not None and cursor.backward
    has_more, page = len(found) > size, found[:size]
    if backward:
        page = page[::-1]
    is_whole = cursor is None and not has_more
    if not page:
        return Slice(ids=(), before=None, after=None, is_whole=is_whole)
    starts_inside = has_more if backward else cursor is not None
    goes_on = True if backward else has_more
    return Slice(
        ids=tuple(pk for pk, _ in page),
        before=Cursor(page[0][1], page[0][0], backward=True) if starts_inside else None,
        after=Cursor(page[-1][1], page[-1][0]) if goes_on else None,
        is_whole=is_whole,
    )


def _read_value(value: object, column: SortColumn) -> SortValue:
    """Return the value as the column holds it.

    Raises:
        ValueError, TypeError: it is none.
    """
    if value is None and column.nullable:
        return None
    match column.kind, value:
        case ValueKind.MOMENT, str(text):
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case ValueKind.DAY, str(text):
            return date.fromisoformat(text)
        case ValueKind.NUMBER, int(number) if abs(number) <= LARGEST:
            return number
        case ValueKind.TEXT, str(text) if "\x00" not in text:
            return text
    raise ValueError(value)
