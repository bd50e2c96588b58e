"""Merging records that are the same company or person, and undoing it exactly.

A merge moves references and fills what the winner did not know; facts themselves are append-only
and stay as they are. Everything it touched is written down, so that undoing puts each of them
back. What happened since the merge stays with the winner.
"""

from collections.abc import Mapping
from typing import Final, Literal, cast

from django.db import models, transaction
from django.db.models import F

from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Account, Journey, Merge, NotDuplicate, Person
from tasuki.journeys.operations import journal
from tasuki.journeys.operations.receipts import claim
from tasuki.journeys.operations.records import (
    AccountDetails,
    PersonDetails,
    account_columns,
    person_columns,
    refresh_journeys_of,
)

Entity = Literal["account", "person"]

MODELS: Final[Mapping[Entity, type[Account] | type[Person]]] = {
    "account": Account,
    "person": Person,
}
FILLED: Final[Mapping[Entity, tuple[str, ...]]] = {
    "account": tuple(
        f for f in AccountDetails.__dataclass_fields__ if f not in {"name", "is_named"}
    ),
    "person": tuple(PersonDetails.__dataclass_fields__),
}
REFERENCES: Final[Mapping[Entity, tuple[tuple[str, type[models.Model], str], ...]]] = {
    "account": (("journey", Journey, "account_id"), ("person", Person, "account_id")),
    "person": (("journey", Journey, "person_id"),),
}


class UnableToMerge(Exception):
    """The two records cannot become one; `rule` says why."""

    def __init__(self, *, rule: str, winner_id: int, loser_id: int) -> None:
        super().__init__(f"cannot merge {loser_id} into {winner_id}: {rule}")
        self.rule = rule
        self.winner_id = winner_id
        self.loser_id = loser_id


class UnableToUndoMerge(Exception):
    """The merge cannot be undone; `rule` says why and `blocking` names the merge in the way."""

    def __init__(self, *, rule: str, merge_id: int, blocking: int | None = None) -> None:
        super().__init__(f"cannot undo merge {merge_id}: {rule}")
        self.rule = rule
        self.merge_id = merge_id
        self.blocking = blocking


def merge(*, entity: Entity, winner_id: int, loser_id: int, act: Act) -> Merge:
    """This will make `winner` the one record of both and keep `loser` as its shadow.

    Raises:
        UnableToMerge: the same record twice, or one of them was merged away already.
    """
    with transaction.atomic():
        claim(act=act, operation="merge")
        winner, loser = _lock(entity=entity, winner_id=winner_id, loser_id=loser_id)
        before, after = _fill(entity=entity, winner=winner, loser=loser, act=act)
        moved = _move_references(entity=entity, winner_id=winner_id, loser_id=loser_id)
        MODELS[entity].objects.filter(pk=loser_id).update(
            merged_into_id=winner_id, revision=F("revision") + 1, updated_at=act.now
        )
        merged = Merge.objects.create(
            entity=entity,
            winner_id=winner_id,
            loser_id=loser_id,
            moved=moved,
            before=before,
            after=after,
            merged_at=act.now,
            actor_id=act.actor.user_id,
        )
        _journal(merged, kind=EventKind.MERGED, act=act)
        _refresh(entity=entity, ids=[winner_id], act=act)
    return merged


def undo_merge(*, merge_id: int, act: Act) -> Merge:
    """This will separate the two records again, each with what it had.

    A field of the winner that somebody changed since the merge keeps that newer value.

    Raises:
        UnableToUndoMerge: it was undone before, or a later merge must be undone first.
    """
    with transaction.atomic():
        claim(act=act, operation="undo_merge")
        merged = Merge.objects.select_for_update().get(pk=merge_id)
        _check_undoable(merged)
        entity = cast("Entity", merged.entity)
        _restore_winner(merged, act=act)
        for name, model, column in REFERENCES[entity]:
            model._default_manager.filter(
                pk__in=merged.moved[name], **{column: merged.winner_id}
            ).update(**{column: merged.loser_id})
        MODELS[entity].objects.filter(pk=merged.loser_id).update(
            merged_into_id=None, revision=F("revision") + 1, updated_at=act.now
        )
        merged.undone_at = act.now
        merged.save(update_fields=["undone_at"])
        _journal(merged, kind=EventKind.UNMERGED, act=act)
        _refresh(entity=entity, ids=[merged.winner_id, merged.loser_id], act=act)
    return merged


def mark_different(*, entity: Entity, ids: tuple[int, int], act: Act) -> NotDuplicate:
    """This will remember that a person says the two records are not the same."""
    first, second = sorted(ids)
    decision, _ = NotDuplicate.objects.get_or_create(
        entity=entity,
        first_id=first,
        second_id=second,
        defaults={"decided_at": act.now, "actor_id": act.actor.user_id},
    )
    return decision


def _lock(
    *, entity: Entity, winner_id: int, loser_id: int
) -> tuple[Account | Person, Account | Person]:
    rows = MODELS[entity].objects.filter(pk__in=[winner_id, loser_id])
    found = {row.pk: row for row in rows.select_for_update().order_by("pk")}
    if len(found) < 2:
        raise UnableToMerge(rule="needs_two_records", winner_id=winner_id, loser_id=loser_id)
    if any(row.merged_into_id for row in found.values()):
        raise UnableToMerge(rule="already_merged", winner_id=winner_id, loser_id=loser_id)
    return found[winner_id], found[loser_id]


def _fill(
    *, entity: Entity, winner: Account | Person, loser: Account | Person, act: Act
) -> tuple[dict[str, object], dict[str, object]]:
    """Give the winner what only the loser knew; return those fields before and after."""
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for name in FILLED[entity]:
        known, offered = getattr(winner, name), getattr(loser, name)
        if name == "attributes":
            offered = {**offered, **known}
        if offered != known and (known in ("", None) or name == "attributes"):
            before[name], after[name] = known, offered
    _write(winner, values=after, act=act)
    return before, after


def _write(record: Account | Person, *, values: Mapping[str, object], act: Act) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    columns = (
        account_columns(AccountDetails.of(record))
        if isinstance(record, Account)
        else person_columns(PersonDetails.of(record))
    )
    type(record)._default_manager.filter(pk=record.pk).update(
        **columns, revision=F("revision") + 1, updated_at=act.now
    )


def _move_references(*, entity: Entity, winner_id: int, loser_id: int) -> dict[str, list[int]]:
    moved: dict[str, list[int]] = {}
    for name, model, column in REFERENCES[entity]:
        rows = model._default_manager.filter(**{column: loser_id})
        moved[name] = sorted(rows.values_list("pk", flat=True))
        rows.update(**{column: winner_id})
    return moved


def _check_undoable(merged: Merge) -> None:
    if merged.undone_at is not None:
        raise UnableToUndoMerge(rule="already_undone", merge_id=merged.pk)
    later = Merge.objects.filter(
        models.Q(winner_id__in=[merged.winner_id, merged.loser_id])
        | models.Q(loser_id=merged.winner_id),
        entity=merged.entity,
        pk__gt=merged.pk,
        undone_at__isnull=True,
    ).order_by("-pk")
    if blocking := later.first():
        raise UnableToUndoMerge(rule="later_merge_first", merge_id=merged.pk, blocking=blocking.pk)


def _restore_winner(merged: Merge, *, act: Act) -> None:
    entity = cast("Entity", merged.entity)
    winner = MODELS[entity].objects.select_for_update().get(pk=merged.winner_id)
    untouched = {
        name: value
        for name, value in merged.before.items()
        if getattr(winner, name) == merged.after[name]
    }
    _write(winner, values=untouched, act=act)


def _journal(merged: Merge, *, kind: EventKind, act: Act) -> None:
    is_account = merged.entity == "account"
    about = journal.About(
        account_id=merged.winner_id if is_account else None,
        person_id=None if is_account else merged.winner_id,
    )
    payload = {"merge": merged.pk, "loser": merged.loser_id, "moved": merged.moved}
    journal.record(about=about, kind=kind, act=act, payload=payload)


def _refresh(*, entity: Entity, ids: list[int], act: Act) -> None:
    if entity == "account":
        refresh_journeys_of(account_ids=ids, now=act.now)
    else:
        refresh_journeys_of(person_ids=ids, now=act.now)
