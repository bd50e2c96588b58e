"""Changing many stored records at once, so that a revert can put each back as it was.

A change is written down (before and after, column by column) and then applied by one statement a
table; the revert applies the other side with the same statement.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from django.db import connection, models
from psycopg import sql

from tasuki.journeys.models import (
    Account,
    ExternalRef,
    Journey,
    Person,
    RecordChange,
    ReportingSettings,
    Spend,
    Stay,
    SubscriptionPeriod,
)
from tasuki.journeys.operations.bulk import copy_rows, reserve_ids

CHANGEABLE: Final[Mapping[str, type[models.Model]]] = {
    "account": Account,
    "person": Person,
    "journey": Journey,
    "stay": Stay,
    "subscription": SubscriptionPeriod,
    "spend": Spend,
    "external_ref": ExternalRef,
    "reporting_settings": ReportingSettings,
}
REVISED: Final = ("account", "person", "journey")
"""Entities whose rows count their changes; the count tells whether somebody wrote since."""


@dataclass(frozen=True, slots=True)
class Change:
    """The columns of one stored row as they were and as they become."""

    entity: str
    object_id: int
    before: Mapping[str, object]
    after: Mapping[str, object]


def change_of(
    *, entity: str, row: models.Model, values: Mapping[str, object], now: datetime
) -> Change | None:
    """This will return what differs between a stored row and the values, None when nothing does.

    Rows that count their changes get the next revision and the time of the change.
    """
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not differing:
        return None
    if entity in REVISED:
        differing |= {"revision": getattr(row, "revision") + 1, "updated_at": now}  # noqa: B009
    return Change(
        entity=entity,
        object_id=int(row.pk),
        before={name: _json(getattr(row, name)) for name in differing},
        after={name: _json(value) for name, value in differing.items()},
    )


def write_changes(*, changes: Collection[Change], batch_id: int) -> int:
    """This will write the changes down and apply them; returns how many rows changed.

    A batch changes each record at most once.
    """
    if not changes:
        return 0
    ids = reserve_ids(model=RecordChange, count=len(changes))
    copy_rows(
        model=RecordChange,
        rows=(
            RecordChange(
                id=next(ids),
                batch_id=batch_id,
                entity=change.entity,
                object_id=change.object_id,
                before=change.before,
                after=change.after,
            )
            for change in changes
        ),
    )
    by_entity: dict[str, list[int]] = {}
    for change in changes:
        by_entity.setdefault(change.entity, []).append(change.object_id)
    return sum(
        apply_side(batch_id=batch_id, entity=entity, side="after", only=ids_of_entity)
        for entity, ids_of_entity in by_entity.items()
        if entity in CHANGEABLE
    )


def apply_side(
    *,
    batch_id: int,
    entity: str,
    side: Literal["before", "after"],
    only: Iterable[int] | None = None,
    but: Iterable[int] = (),
) -> int:
    """This will set the rows of an entity to one side of the batch's changes; returns how many.

    `only` and `but` narrow it by primary key.
    """
    model = CHANGEABLE[entity]
    columns = [
        sql.Identifier(str(field.column))
        for field in model._meta.concrete_fields
        if not field.primary_key
    ]
    statement = sql.SQL(
        "UPDATE {table} AS target SET ({columns}) = ("
        "SELECT {chosen} FROM jsonb_populate_record(target, changed.{side}) AS chosen) "
        "FROM journeys_recordchange AS changed "
        "WHERE changed.batch_id = %s AND changed.entity = %s AND changed.object_id = target.id "
        "AND (%s::bigint[] IS NULL OR target.id = ANY(%s::bigint[])) "
        "AND NOT target.id = ANY(%s::bigint[])"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(columns),
        chosen=sql.SQL(", ").join(sql.SQL("chosen.{}").format(column) for column in columns),
        side=sql.Identifier(side),
    )
    chosen = None if only is None else list(only)
    with connection.cursor() as cursor:
        cursor.execute(statement, [batch_id, entity, chosen, chosen, list(but)])
        return int(cursor.rowcount)


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
