"""Writing many facts at once: ids are reserved first, rows go in by COPY.

Ids known beforehand let a caller tie accounts, people, journeys, stays and events together in
memory and write each table once. Everything runs inside the caller's transaction: all or nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import Any, Final, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import BigIntegerField, BooleanField, F, Func, JSONField, Q, TextField, Value
from django.db.models.base import ModelState
from psycopg import sql
from psycopg.types.json import Jsonb

from tasuki.journeys.operations.copy_line import ROWS, Load, current_line, looking_ahead

CHUNK: Final = 5_000

_Model = TypeVar("_Model", bound=models.Model)


def reserve_ids(*, model: type[models.Model], count: int) -> Iterator[int]:
    """This will take `count` fresh primary keys of the model from the database, ascending."""
    return reserve_many(counts={model: count})[model]


def reserve_many(
    *, counts: Mapping[type[models.Model], int]
) -> dict[type[models.Model], Iterator[int]]:
    """This will take fresh primary keys of several models at once, each ascending."""
    wanted = {model: count for model, count in counts.items() if count}
    taken: dict[type[models.Model], Iterator[int]] = {model: iter(()) for model in counts}
    if not wanted:
        return taken
    with looking_ahead(), connection.cursor() as cursor:
        for model, count in wanted.items():
            cursor.execute(
                "SELECT nextval(taken.sequence) FROM generate_series(1, %s), (SELECT"
                " pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) AS taken",
                [count, model._meta.db_table],
            )
            taken[model] = iter([row[0] for row in cursor.fetchall()])
    return taken


def fresh_row(model: type[_Model], **columns: object) -> _Model:
    """This will return an instance that is only good for `copy_rows`, at a tenth of the cost.

    Columns are named as they are stored (`account_id`); those left out get their default.
    """
    row = model.__new__(model)
    row.__dict__ = {**_defaults(model), **columns, "_state": ModelState()}
    return row


class _OneOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def one_of(column: str, values: Collection[int] | Collection[str]) -> Q:
    """This will return the condition that a column holds one of many values.

    An array is one parameter; a thousand parameters take longer to plan than their rows to find.
    """
    if not values:
        return Q(pk__in=[])
    listed = list(values)
    kind = TextField() if isinstance(listed[0], str) else BigIntegerField()
    return Q(_OneOf(F(column), Value(listed, output_field=ArrayField(kind))))


def stored_rows(
    *, model: type[_Model], ids: Collection[int], columns: Sequence[str] = ()
) -> dict[int, _Model]:
    """This will return stored rows by primary key; with `columns`, only these are read.

    What is not read has its default: such a row is for looking at, never to be saved.
    """
    every = (field.attname for field in model._meta.concrete_fields)
    names = ("id", *columns) if columns else tuple(every)
    found = model._base_manager.filter(one_of("id", ids)).values_list(*names)
    return {row[0]: fresh_row(model, **dict(zip(names, row, strict=True))) for row in found}


def copy_rows(*, model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """This will write the instances as they are, primary key included; returns how many.

    Database constraints hold as for any insert; the caller is inside a transaction. Inside
    `copying_along` the rows may still be on their way when this returns.
    """
    table, line, written = _table(model), current_line(), 0
    values = map(table.values, rows)
    while some := list(islice(values, ROWS)):
        load = Load(table.statement, some)
        if line is None:
            connection.ensure_connection()
            load.send(connection.connection)
        else:
            line.add(load)
        written += len(some)
    return written


@dataclass(frozen=True, slots=True)
class _Table:
    """How rows of a model are copied: the statement, and each row's values in its order."""

    statement: sql.Composed
    pick: Callable[[models.Model], tuple[object, ...]]
    json_at: tuple[int, ...]

    def values(self, row: models.Model) -> Sequence[object]:
        """Return the values of a row."""
        picked = self.pick(row)
        if not self.json_at:
            return picked
        values = list(picked)
        for place in self.json_at:
            values[place] = Jsonb(values[place])
        return values


@cache
def _table(model: type[models.Model]) -> _Table:
    fields: Sequence[models.Field[Any, Any]] = model._meta.concrete_fields
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
    )
    json_at = tuple(i for i, field in enumerate(fields) if isinstance(field, JSONField))
    return _Table(statement, attrgetter(*(field.attname for field in fields)), json_at)


@cache
def _defaults(model: type[models.Model]) -> dict[str, object]:
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}
