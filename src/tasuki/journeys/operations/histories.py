"""Writing finished histories: many journeys with their whole past, a chunk at a time.

The one path for imports and for the demo company. Rows are built in memory from plans and go in by
COPY; database constraints hold as for any write. The caller opens the transaction.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from django.db import transaction

from tasuki.journeys.actor import Act
from tasuki.journeys.models import (
    Account,
    Activity,
    DealChange,
    Event,
    Journey,
    Person,
    Stay,
    SubscriptionPeriod,
    WriteBatch,
)
from tasuki.journeys.operations.bulk import copy_rows, reserve_many
from tasuki.journeys.operations.copy_line import current_line
from tasuki.journeys.operations.history_plans import JourneyPlan, Stamp
from tasuki.journeys.operations.history_rows import JourneyRows, RowIds, event_count, journey_rows
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.rates import rate_table, reporting_settings

CHUNK: Final = 1_000
"""Journeys whose rows are in memory at once."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows of each kind went in."""

    journeys: int = 0
    stays: int = 0
    activities: int = 0
    events: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.journeys + other.journeys,
            self.stays + other.stays,
            self.activities + other.activities,
            self.events + other.events,
        )


def begin_batch(*, kind: WriteBatch.Kind, label: str, act: Act) -> WriteBatch:
    """This will open a batch: every row written under it can be found and reverted again."""
    return WriteBatch.objects.create(
        kind=kind, label=label[:200], actor_id=act.actor.user_id, created_at=act.now
    )


def commit_batch(*, batch_id: int, act: Act) -> None:
    """This will close a batch as complete."""
    WriteBatch.objects.filter(pk=batch_id, state=WriteBatch.State.WRITING).update(
        state=WriteBatch.State.COMMITTED, committed_at=act.now
    )


def stamp_of(*, batch: WriteBatch | None, act: Act, as_it_happened: bool = False) -> Stamp:
    """This will return the stamp for rows written now under the current blueprint.

    `as_it_happened`: facts count as recorded at the time they happened instead of now.

    Raises:
        NoBlueprintPublished: nothing went live yet.
    """
    published = current_blueprint()
    return Stamp(
        batch_id=batch.pk if batch else None,
        blueprint=published.blueprint,
        blueprint_id=published.version_id,
        now=act.now,
        recorded_at=None if as_it_happened else act.now,
        actor=act.actor,
        reporting_currency=reporting_settings().reporting_currency,
        rates=rate_table(),
    )


def write_accounts(*, accounts: Iterable[Account]) -> int:
    """This will write company rows (see `account_row`); returns how many."""
    return copy_rows(model=Account, rows=accounts)


def write_persons(*, persons: Iterable[Person]) -> int:
    """This will write person rows (see `person_row`); their companies are there already."""
    return copy_rows(model=Person, rows=persons)


def write_histories(
    *,
    plans: Iterable[JourneyPlan],
    stamp: Stamp,
    on_progress: Callable[[int], None] | None = None,
) -> Written:
    """This will write journeys with stays, activities, deals, subscriptions and journal.

    Companies and people of the plans are written before. Plans are taken from the iterable a
    chunk at a time; `on_progress` is told how many journeys are in.

    Raises:
        UnableToPlanJourney: the stays of a plan do not follow each other.
    """
    written = Written()
    # Rows on their way have one fate with whatever the caller wrote before them.
    with transaction.atomic(savepoint=current_line() is None):
        for chunk in _chunks(plans):
            written += _write_chunk(chunk, stamp)
            if on_progress is not None:
                on_progress(written.journeys)
    return written


def _chunks(plans: Iterable[JourneyPlan]) -> Iterator[tuple[JourneyPlan, ...]]:
    rest = iter(plans)
    while chunk := tuple(islice(rest, CHUNK)):
        yield chunk


def _write_chunk(chunk: tuple[JourneyPlan, ...], stamp: Stamp) -> Written:
    taken = reserve_many(
        counts={
            Stay: sum(len(plan.stays) for plan in chunk),
            Activity: sum(len(plan.activities) for plan in chunk),
            DealChange: sum(len(plan.deals) for plan in chunk),
            SubscriptionPeriod: sum(len(plan.subscriptions) for plan in chunk),
            Event: sum(event_count(plan) for plan in chunk),
        }
    )
    ids = RowIds(
        stays=taken[Stay],
        activities=taken[Activity],
        deals=taken[DealChange],
        subscriptions=taken[SubscriptionPeriod],
        events=taken[Event],
    )
    return write_rows(rows=[journey_rows(plan=plan, stamp=stamp, ids=ids) for plan in chunk])


def write_rows(*, rows: list[JourneyRows]) -> Written:
    """This will write built rows table by table, each table once."""
    return Written(
        journeys=copy_rows(model=Journey, rows=(row.journey for row in rows)),
        stays=copy_rows(model=Stay, rows=chain.from_iterable(row.stays for row in rows)),
        activities=copy_rows(
            model=Activity, rows=chain.from_iterable(row.activities for row in rows)
        ),
        events=_write_facts(rows),
    )


def _write_facts(rows: list[JourneyRows]) -> int:
    copy_rows(model=DealChange, rows=chain.from_iterable(row.deals for row in rows))
    copy_rows(model=SubscriptionPeriod, rows=chain.from_iterable(row.subscriptions for row in rows))
    return copy_rows(model=Event, rows=chain.from_iterable(row.events for row in rows))
