"""Taking a batch back exactly: what it created goes, what it changed becomes as it was.

Records that somebody worked on since are never taken from under their feet: the revert is refused
and names them, or, when asked to, keeps them with everything they stand on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from tasuki.journeys.actor import Act
from tasuki.journeys.models import RecordChange, WriteBatch
from tasuki.journeys.operations.changes import CHANGEABLE, apply_side
from tasuki.journeys.operations.receipts import claim
from tasuki.journeys.operations.worked_on import Kept, find_kept

SHOWN: Final = 50


class UnableToRevert(Exception):
    """The batch stays as it is: `rule` is `not_committed`, `already_reverted` or `worked_on`.

    `kept` names the records in the way when people worked on them since.
    """

    def __init__(self, *, batch_id: int, rule: str, kept: Kept | None = None) -> None:
        super().__init__(f"batch {batch_id} cannot be reverted: {rule}")
        self.batch_id = batch_id
        self.rule = rule
        self.kept = kept or Kept()


@dataclass(frozen=True, slots=True)
class RevertPreview:
    """What a revert would do: rows to remove by entity, rows to restore, records in the way."""

    removes: Mapping[str, int]
    restores: int
    kept: Kept


@dataclass(frozen=True, slots=True)
class Reverted:
    """What a revert did."""

    removed: Mapping[str, int]
    restored: int
    kept: Kept


_TABLES: Final = (
    ("asked_again", "journeys_askedagain"),
    ("handoff_round", "journeys_handoffround"),
    ("handoff", "journeys_handoff"),
    ("event", "journeys_event"),
    ("activity", "journeys_activity"),
    ("deal_change", "journeys_dealchange"),
    ("subscription", "journeys_subscriptionperiod"),
    ("stay", "journeys_stay"),
)
_RECORDS: Final = (
    ("journey", "journeys_journey"),
    ("person", "journeys_person"),
    ("account", "journeys_account"),
    ("spend", "journeys_spend"),
    ("campaign", "journeys_campaign"),
    ("channel", "journeys_channel"),
)


def preview_revert(*, batch_id: int) -> RevertPreview:
    """This will tell what reverting the batch would remove, restore and keep; nothing changes."""
    removes = {}
    with connection.cursor() as cursor:
        for entity, table in (*_RECORDS, *_TABLES):
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE batch_id = %s",  # noqa: S608 - own names
                [batch_id],
            )
            removes[entity] = int(cursor.fetchone()[0])
    removes["user"] = len(_created_users(batch_id))
    restores = RecordChange.objects.filter(batch_id=batch_id, entity__in=CHANGEABLE)
    return RevertPreview(
        removes={entity: count for entity, count in removes.items() if count},
        restores=restores.exclude(entity="external_ref").count(),
        kept=find_kept(batch_id=batch_id),
    )


def revert_batch(*, batch_id: int, act: Act, keep_worked_on: bool = False) -> Reverted:
    """This will take the batch back, whole, in one transaction.

    With `keep_worked_on`, records that people worked on since stay, with what they stand on.

    Raises:
        UnableToRevert: it was not committed, was reverted before, or people worked on its records.
    """
    with transaction.atomic():
        claim(act=act, operation="revert_batch")
        batch = WriteBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state != WriteBatch.State.COMMITTED:
            reverted = batch.state == WriteBatch.State.REVERTED
            rule = "already_reverted" if reverted else "not_committed"
            raise UnableToRevert(batch_id=batch_id, rule=rule)
        kept = find_kept(batch_id=batch_id)
        if kept and not keep_worked_on:
            raise UnableToRevert(batch_id=batch_id, rule="worked_on", kept=kept)
        # The triggers of the append-only tables let rows of a batch in this state go.
        WriteBatch.objects.filter(pk=batch_id).update(state=WriteBatch.State.REVERTING)
        # First what was added: a stay opens again only after the one that followed it is gone.
        removed = _remove(batch_id, kept)
        restored = _restore(batch_id, kept)
        RecordChange.objects.filter(batch_id=batch_id).delete()
        WriteBatch.objects.filter(pk=batch_id).update(
            state=WriteBatch.State.REVERTED, reverted_at=act.now
        )
    return Reverted(removed=removed, restored=restored, kept=kept)


def _restore(batch_id: int, kept: Kept) -> int:
    restored = 0
    for entity in CHANGEABLE:
        but = kept.ids(entity) if entity != "stay" else _stays_of(kept.ids("journey"))
        count = apply_side(batch_id=batch_id, entity=entity, side="before", but=but)
        restored += count if entity != "external_ref" else 0
    return restored


def _remove(batch_id: int, kept: Kept) -> dict[str, int]:
    removed = {}
    journeys = list(kept.ids("journey"))
    subjects = [list(kept.ids("account")), list(kept.ids("person"))]
    with connection.cursor() as cursor:
        for entity, table in _TABLES:
            about = (
                " AND (account_id IS NULL OR NOT account_id = ANY(%s))"
                " AND (person_id IS NULL OR NOT person_id = ANY(%s))"
                if entity == "event"
                else ""
            )
            cursor.execute(
                f"DELETE FROM {table} WHERE batch_id = %s"  # noqa: S608 - own names
                f" AND (journey_id IS NULL OR NOT journey_id = ANY(%s)){about}",
                [batch_id, journeys, *(subjects if about else [])],
            )
            removed[entity] = cursor.rowcount
        # A choice by rule that changed nothing is no work of anybody's: it goes with its journey.
        cursor.execute(
            "DELETE FROM journeys_assignmentdecision WHERE journey_id IN"
            " (SELECT id FROM journeys_journey WHERE batch_id = %s AND NOT id = ANY(%s))",
            [batch_id, journeys],
        )
        cursor.execute(
            "DELETE FROM journeys_externalref WHERE batch_id = %s"
            " AND NOT (entity, object_id) IN (SELECT * FROM unnest(%s::text[], %s::bigint[]))",
            [batch_id, *_pairs(kept)],
        )
        for entity, table in _RECORDS:
            cursor.execute(
                f"DELETE FROM {table} WHERE batch_id = %s AND NOT id = ANY(%s)",  # noqa: S608
                [batch_id, list(kept.ids(entity))],
            )
            removed[entity] = cursor.rowcount
        users = [pk for pk in _created_users(batch_id) if pk not in kept.ids("user")]
        removed["user"] = _remove_users(users)
    return {entity: count for entity, count in removed.items() if count}


def _remove_users(users: list[int]) -> int:
    with connection.cursor() as cursor:
        for table in ("people_accountevent", "people_rolegrant", "people_workingprofile"):
            cursor.execute(
                f"DELETE FROM {table} WHERE user_id = ANY(%s)",  # noqa: S608 - own names
                [users],
            )
        cursor.execute("DELETE FROM people_user WHERE id = ANY(%s)", [users])
        return int(cursor.rowcount)


def _created_users(batch_id: int) -> list[int]:
    created = RecordChange.objects.filter(batch_id=batch_id, entity="user")
    return list(created.values_list("object_id", flat=True))


def _stays_of(journey_ids: Iterable[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM journeys_stay WHERE journey_id = ANY(%s)", [list(journey_ids)]
        )
        return [row[0] for row in cursor.fetchall()]


def _pairs(kept: Kept) -> tuple[list[str], list[int]]:
    pairs = [(entity, pk) for entity in kept.entities for pk in kept.ids(entity)]
    return [entity for entity, _ in pairs], [pk for _, pk in pairs]
