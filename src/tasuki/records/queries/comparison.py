"""Two records side by side: what each knows, and what a merge would make of it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from django.utils.functional import Promise

from tasuki.core.blueprint import Blueprint
from tasuki.journeys.models import Account, Merge, Person
from tasuki.journeys.operations.records import AccountDetails, PersonDetails
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.identity import Entity, Pair, what_moves
from tasuki.people.models import User
from tasuki.ui.fact_words import COLUMN_LABELS, said_value
from tasuki.ui.formats import MISSING, mask_email, mask_phone

_MASKS: Final = {"email": mask_email, "phone": mask_phone}


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of both records; `first_wins` and `second_wins` are what each choice would keep."""

    label: str | Promise
    first: str
    second: str
    first_wins: str
    second_wins: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.first != self.second


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A pair with its facts and with what would change hands, for either choice of winner."""

    pair: Pair
    rows: tuple[Row, ...]
    first_moves: Mapping[str, int]
    second_moves: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MergeLine:
    """A merge as the list of merges tells it."""

    merge: Merge
    winner: str
    loser: str


def comparison_of(*, pair: Pair, sees_personal_data: bool) -> Comparison:
    """Return both records fact by fact; contact details are masked without the right to them."""
    blueprint = current_blueprint().blueprint
    first, second = _details(pair.first), _details(pair.second)
    names = _names(first, second)
    rows = []
    for spec in fields(first):
        if spec.name in ("attributes", "account_id"):
            continue
        values = (getattr(first, spec.name), getattr(second, spec.name))
        told = [
            _told(spec.name, value, blueprint, names, shows=sees_personal_data) for value in values
        ]
        if told == [MISSING, MISSING]:
            continue
        rows.append(
            Row(
                COLUMN_LABELS[spec.name],
                told[0],
                told[1],
                told[0] if values[0] not in ("", None) else told[1],
                told[1] if values[1] not in ("", None) else told[0],
            )
        )
    return Comparison(
        pair=pair,
        rows=tuple(rows),
        first_moves=what_moves(entity=pair.entity, loser_id=pair.first.pk),
        second_moves=what_moves(entity=pair.entity, loser_id=pair.second.pk),
    )


def merge_lines(merges: list[Merge]) -> list[MergeLine]:
    """Return merges with the names of both records."""
    names: dict[tuple[str, int], str] = {}
    for entity, model in (("account", Account), ("person", Person)):
        ids = {
            pk
            for merge in merges
            if merge.entity == entity
            for pk in (merge.winner_id, merge.loser_id)
        }
        rows = model._default_manager.filter(pk__in=ids) if ids else ()
        names |= {(entity, row.pk): _title(row) for row in rows}
    return [
        MergeLine(
            merge,
            names.get((merge.entity, merge.winner_id), f"#{merge.winner_id}"),
            names.get((merge.entity, merge.loser_id), f"#{merge.loser_id}"),
        )
        for merge in merges
    ]


def entity_of(word: str) -> Entity | None:
    """Return the kind of record that an address names, None for any other word."""
    return "account" if word == "account" else "person" if word == "person" else None


def _details(record: Account | Person) -> AccountDetails | PersonDetails:
    if isinstance(record, Account):
        return AccountDetails.of(record)
    return PersonDetails.of(record)


def _title(row: Account | Person) -> str:
    if isinstance(row, Account):
        return row.name
    return f"{row.family_name} {row.given_name}".strip() or f"#{row.pk}"


def _names(*details: AccountDetails | PersonDetails) -> Mapping[int, str]:
    owners = (one.owner_id for one in details if isinstance(one, AccountDetails))
    ids = {pk for pk in owners if pk is not None}
    if not ids:
        return {}
    return {user.pk: user.full_name for user in User.objects.filter(pk__in=ids)}


def _told(
    name: str, value: object, blueprint: Blueprint, names: Mapping[int, str], *, shows: bool
) -> str:
    if name == "owner_id" and isinstance(value, int):
        return names.get(value, MISSING)
    if not shows and name in _MASKS:
        return _MASKS[name](str(value or ""))
    return said_value(path=f"account.{name}", value=value, blueprint=blueprint)
