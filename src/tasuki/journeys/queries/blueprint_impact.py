"""Whom a proposed process touches: journeys under way, those who carry them, and their packets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from tasuki.core.blueprint import Blueprint, Contract, GateItem, Stage
from tasuki.core.blueprint.difference import differences
from tasuki.core.blueprint.outline import Weight
from tasuki.core.conditions.fields import FieldKind, Fields
from tasuki.core.conditions.tree import Compare, Condition, IsKnown, Not, Operator, Or
from tasuki.core.handoffs import PacketState
from tasuki.core.labels import Label
from tasuki.journeys.conditions import compile_condition
from tasuki.journeys.models import Handoff, Journey
from tasuki.people.models import Team, User

MOST_OWNERS = 12


class Fate(StrEnum):
    """What happens to the place where journeys rest."""

    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Held:
    """Something that journeys under way still need: a place on their line, or a motion.

    `parameters` are those of the list that shows the journeys.
    """

    what: str
    code: str
    label: Label
    journeys: int
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TouchedPlace:
    """A stage or side track that changes, and how many journeys rest there."""

    code: str
    label: Label
    fate: Fate
    journeys: int


@dataclass(frozen=True, slots=True)
class TouchedItem:
    """Something newly asked for: of the journeys that still have it ahead, how many lack it."""

    place: Label
    item: Label
    lacking: int
    journeys: int
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody, or a team, who carries journeys in the places that change; None is nobody yet."""

    name: str | None
    department: str
    journeys: int


@dataclass(frozen=True, slots=True)
class TouchedPacket:
    """A packet on offer whose contract asks for less from now on; `items` are those that go.

    It is judged to its end by the version under which it was offered.
    """

    journey_id: int
    account: str
    contract: Label
    items: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Whom a proposed process touches. `owners` are the most touched; `owner_count` is of all."""

    held: tuple[Held, ...]
    places: tuple[TouchedPlace, ...]
    items: tuple[TouchedItem, ...]
    owners: tuple[Carrier, ...]
    owner_count: int
    teams: tuple[Carrier, ...]
    packets: tuple[TouchedPacket, ...]
    journeys: int


def blueprint_impact(*, current: Blueprint, proposed: Blueprint, today: date) -> Impact:
    """This will return whom the step from one process to another touches.

    Counted are journeys under way, those on a side track included. A place counts as changed when
    one of its rules does, or one of a contract that leaves it; new wording touches nobody. `today`
    is the day in Asia/Tokyo. An item counts as lacking when nothing is known for it.
    """
    places = tuple(_touched_places(current, proposed))
    resting = _under_way().filter(stage__in=[place.code for place in places])
    owners = _owners(resting)
    return Impact(
        held=unplaced(current=current, proposed=proposed),
        places=places,
        items=tuple(_touched_items(current, proposed, today)),
        owners=owners[:MOST_OWNERS],
        owner_count=len([one for one in owners if one.name is not None]),
        teams=_teams(resting),
        packets=tuple(_touched_packets(current, proposed)),
        journeys=sum(place.journeys for place in places),
    )


def unplaced(*, current: Blueprint, proposed: Blueprint) -> tuple[Held, ...]:
    """This will return what journeys under way need and the proposed process no longer has.

    A stage that moved to another line of journeys is gone for those that rest in it. Empty when
    every journey keeps its place and its motion.
    """
    return (*_places_gone(current, proposed), *_motions_gone(current, proposed))


def _places_gone(current: Blueprint, proposed: Blueprint) -> Iterator[Held]:
    names = {place.code: place.label for place in current.places}
    lines = {stage.code: stage.line.value for stage in proposed.stages}
    sides = {side.code for side in proposed.sides}
    rows = _under_way().values_list("stage", "kind").annotate(count=Count("pk"))
    for code, kind, count in sorted(rows):
        if code not in sides and lines.get(code) != kind:
            label = names.get(code, Label(code, code))
            found = (("stage", code), ("kind", kind))
            yield Held("stage", code, label, count, found)


def _motions_gone(current: Blueprint, proposed: Blueprint) -> Iterator[Held]:
    names = {motion.code: motion.label for motion in current.motions}
    kept = {motion.code for motion in proposed.motions}
    rows = _under_way().values_list("motion").annotate(count=Count("pk"))
    for code, count in sorted(rows):
        if code not in kept:
            label = names.get(code, Label(code, code))
            yield Held("motion", code, label, count, (("motion", code),))


def _touched_places(current: Blueprint, proposed: Blueprint) -> Iterator[TouchedPlace]:
    touched = _touched_codes(current, proposed)
    kept = {place.code for place in proposed.places}
    rows = _under_way().filter(stage__in=touched).values_list("stage").annotate(count=Count("pk"))
    counts = dict(rows)
    for place in current.places:
        if place.code in touched:
            fate = Fate.CHANGED if place.code in kept else Fate.REMOVED
            yield TouchedPlace(place.code, place.label, fate, counts.get(place.code, 0))


def _touched_codes(current: Blueprint, proposed: Blueprint) -> set[str]:
    codes: set[str] = set()
    for change in differences(before=current, after=proposed):
        list_key, _, rest = change.path.partition(".")
        code = rest.partition(".")[0]
        if change.weight is Weight.WORDING:
            continue
        if list_key in ("stages", "sides"):
            codes.add(code)
        elif list_key == "contracts":
            codes |= _leaving(current, code) | _leaving(proposed, code)
    return codes


def _leaving(blueprint: Blueprint, key: str) -> set[str]:
    return {
        stage
        for contract in blueprint.contracts
        if contract.key == key
        for stage in contract.from_stages
    }


def _touched_items(current: Blueprint, proposed: Blueprint, today: date) -> Iterator[TouchedItem]:
    fields = proposed.fields
    for label, item, stages in _new_demands(current, proposed):
        ahead = _under_way().filter(is_open=True, stage__in=stages)
        lacks = compile_condition(condition=lacking(item, fields), fields=fields, today=today)
        total, short = _two_counts(ahead, lacks)
        yield TouchedItem(label, item.label, short, total, stages)


def _two_counts(journeys: QuerySet[Journey], lacks: Q) -> tuple[int, int]:
    counts = journeys.aggregate(total=Count("pk"), short=Count("pk", filter=lacks))
    return counts["total"], counts["short"]


def _new_demands(
    current: Blueprint, proposed: Blueprint
) -> Iterator[tuple[Label, GateItem, tuple[str, ...]]]:
    """Each item that is newly required: where, and the stages in which it still lies ahead."""
    asked = {stage.code: {item.key for item in stage.required_items} for stage in current.stages}
    for stage in proposed.stages:
        for item in stage.required_items:
            if item.key not in asked.get(stage.code, set()):
                yield stage.label, item, _before(proposed, stage)
    agreed = {one.key: {item.key for item in one.required_items} for one in current.contracts}
    for contract in proposed.contracts:
        for item in contract.required_items:
            if item.key not in agreed.get(contract.key, set()):
                yield contract.label, item, contract.from_stages


def _before(blueprint: Blueprint, stage: Stage) -> tuple[str, ...]:
    line = blueprint.line(stage.line)
    return tuple(other.code for other in line if other.position < stage.position)


def lacking(item: GateItem, fields: Fields) -> Condition:
    """This will return the condition that holds where nothing is known for an item."""
    parts = tuple(_says_something(path, fields) for path in item.fields)
    return Not(parts[0] if len(parts) == 1 else Or(parts))


def _says_something(path: str, fields: Fields) -> Condition:
    if fields[path].kind is FieldKind.FLAG:
        return Compare(path, Operator.EQ, value=True)
    return IsKnown(path)


def _touched_packets(current: Blueprint, proposed: Blueprint) -> Iterator[TouchedPacket]:
    labels = {contract.key: contract.label for contract in current.contracts}
    gone = {
        contract.key: items
        for contract in current.contracts
        if (items := _items_gone(contract, proposed))
    }
    offered = Handoff.objects.filter(state=PacketState.OFFERED, contract__in=gone)
    rows = offered.select_related("journey__account").order_by("contract", "pk")
    for packet in rows:
        name = packet.journey.account.name
        key = packet.contract
        yield TouchedPacket(packet.journey_id, name, labels[key], gone[key])


def _items_gone(contract: Contract, proposed: Blueprint) -> tuple[Label, ...]:
    kept: set[str] = set()
    if proposed.has_contract(contract.key):
        kept = {item.key for item in proposed.contract(contract.key).items}
    return tuple(item.label for item in contract.items if item.key not in kept)


def _owners(resting: QuerySet[Journey]) -> tuple[Carrier, ...]:
    rows = dict(resting.values_list("owner_id").annotate(count=Count("pk")))
    people = User.objects.select_related("team").in_bulk(_known(rows))
    found = [_owner(people.get(key) if key else None, count) for key, count in rows.items()]
    return tuple(sorted(found, key=_most_first))


def _owner(person: User | None, count: int) -> Carrier:
    if person is None:
        return Carrier(None, "", count)
    return Carrier(person.full_name, person.team.department if person.team else "", count)


def _teams(resting: QuerySet[Journey]) -> tuple[Carrier, ...]:
    rows = dict(resting.values_list("team_id").annotate(count=Count("pk")))
    teams = Team.objects.in_bulk(_known(rows))
    found = [Carrier(teams[key].name, teams[key].department, rows[key]) for key in teams]
    return tuple(sorted(found, key=_most_first))


def _known(keys: Iterable[int | None]) -> list[int]:
    return [key for key in keys if key is not None]


def _most_first(carrier: Carrier) -> tuple[int, str]:
    return (-carrier.journeys, carrier.name or "")


def _under_way() -> QuerySet[Journey]:
    """Every journey that rests somewhere, on a side track or not; those completed rest nowhere."""
    return Journey.objects.filter(closed_at__isnull=True)
