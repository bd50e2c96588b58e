"""Whom a proposed process touches, and what is refused because journeys would lose their place."""

from dataclasses import replace
from datetime import date

import pytest

from tasuki.core.blueprint import (
    Blueprint,
    BlueprintInvalid,
    GateItem,
    JourneyKind,
    Stage,
    read_blueprint,
    write_blueprint,
)
from tasuki.core.conditions.fields import FieldKind
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.journeys.models import BlueprintVersion, Handoff, Journey
from tasuki.journeys.operations.setup import BlueprintMovedOn, StillInUse, publish_blueprint
from tasuki.journeys.queries.blueprint_impact import (
    Carrier,
    Fate,
    Impact,
    TouchedPacket,
    TouchedPlace,
    blueprint_impact,
    unplaced,
)
from tasuki.journeys.queries.blueprints import current_blueprint, kept_blueprint
from tasuki.people.models import Team
from tests.journeys.factories import NOW, act, journey, process, user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def current() -> Blueprint:
    """The default process, published."""
    process()
    return current_blueprint().blueprint


def resting(stage: str, **fields: object) -> Journey:
    """A journey that rests in a stage."""
    made = journey()
    Journey.objects.filter(pk=made.pk).update(stage=stage, **fields)
    made.refresh_from_db()
    return made


def with_stage(blueprint: Blueprint, code: str, **fields: object) -> Blueprint:
    """The process with one stage changed."""
    stages = (
        replace(one, **fields) if one.code == code else one  # type: ignore[arg-type]
        for one in blueprint.stages
    )
    return replace(blueprint, stages=tuple(stages))


def without(blueprint: Blueprint, code: str) -> Blueprint:
    """The process without one stage; nothing else is put right."""
    stages = tuple(one for one in blueprint.stages if one.code != code)
    return replace(blueprint, stages=stages)


def impact(current: Blueprint, proposed: Blueprint) -> Impact:
    """Whom the step touches."""
    return blueprint_impact(current=current, proposed=proposed, today=TODAY)


def item(key: str, field: str, kind: FieldKind, **more: object) -> GateItem:
    """Something that is asked for."""
    name = Label(key, key)
    return GateItem(key=key, field=field, label=name, kind=kind, **more)  # type: ignore[arg-type]


def test_new_words_touch_nobody(current: Blueprint) -> None:
    resting("LEAD")
    found = impact(current, with_stage(current, "LEAD", label=Label("見込み", "Prospect")))
    assert (found.places, found.journeys, found.owners, found.held) == ((), 0, (), ())


def test_a_changed_stage_touches_those_who_carry_journeys_there(current: Blueprint) -> None:
    team = Team.objects.create(name_ja="西日本", department="marketing")
    carrier = user(team=team)
    alone = user("suzuki@example.co.jp")
    resting("LEAD", owner=carrier, team=team)
    resting("LEAD", owner=carrier)
    resting("LEAD", owner=alone)
    resting("LEAD")
    resting("MQL")
    resting("LEAD", closed_at=NOW, is_open=False)

    found = impact(current, with_stage(current, "LEAD", stall_days=10))

    label = current.stage("LEAD").label
    assert found.places == (TouchedPlace("LEAD", label, Fate.CHANGED, 4),)
    assert found.journeys == 4
    assert found.owners == (
        Carrier("佐藤 花子", "marketing", 2),
        Carrier(None, "", 1),
        Carrier("佐藤 花子", "", 1),
    )
    assert found.owner_count == 2
    assert found.teams == (Carrier("西日本", "marketing", 1),)


def test_a_changed_contract_touches_the_stages_it_leaves(current: Blueprint) -> None:
    contract = current.contracts[0]
    due = replace(contract.deadlines, accept=30)
    changed = (replace(contract, deadlines=due), *current.contracts[1:])

    found = impact(current, replace(current, contracts=changed))

    assert [place.code for place in found.places] == ["MQL"]


def test_a_change_of_motions_alone_touches_no_stage(current: Blueprint) -> None:
    assert impact(current, replace(current, motion_rules=())).places == ()


def test_what_is_newly_required_is_counted_where_it_is_missing(current: Blueprint) -> None:
    resting("LEAD", answers={"size": "large"})
    resting("LEAD", answers={"size": ""})
    resting("MQL", answers={})
    resting("RECYCLE", answers={}, is_open=False)
    resting("SAL", answers={})
    gate = (*current.stage("SAL").gate, item("size", "answers.size", FieldKind.TEXT))

    found = impact(current, with_stage(current, "SAL", gate=gate))

    (one,) = found.items
    assert (one.place.ja, one.item.ja) == ("IS受諾", "size")
    assert (one.lacking, one.journeys, one.stages) == (2, 3, ("LEAD", "MQL"))


def test_a_tick_counts_only_when_it_is_set(current: Blueprint) -> None:
    resting("LEAD", answers={"agreed": False})
    resting("LEAD", answers={"agreed": True})
    flag = item("agreed", "answers.agreed", FieldKind.FLAG)

    found = impact(current, with_stage(current, "MQL", gate=(flag,)))

    assert [(one.lacking, one.journeys) for one in found.items] == [(1, 2)]


def test_an_alternative_answers_a_new_demand_of_a_contract(current: Blueprint) -> None:
    resting("MQL", answers={"phone_time": "朝"})
    resting("MQL", answers={})
    contract = current.contracts[0]
    ask = item("when", "answers.mail_time", FieldKind.TEXT, alternatives=("answers.phone_time",))
    declared = item("phone", "answers.phone_time", FieldKind.TEXT, required=False)
    asking = replace(contract, items=(*contract.items, ask, declared))

    found = impact(current, replace(current, contracts=(asking, *current.contracts[1:])))

    assert [(one.place, one.lacking, one.journeys) for one in found.items] == [
        (contract.label, 1, 2)
    ]


def test_packets_that_ask_for_what_goes_are_named(current: Blueprint) -> None:
    kept, gone = current.contracts[0], current.contracts[2]
    first = offered(resting("MQL"), kept.key)
    second = offered(resting("WON"), gone.key)
    accepted = offered(resting("MQL"), kept.key)
    Handoff.objects.filter(pk=accepted.pk).update(state="accepted", decided_at=NOW)
    offered(resting("SQL"), current.contracts[1].key)
    less = replace(kept, items=kept.items[1:])
    proposed = replace(current, contracts=(less, current.contracts[1], *current.contracts[3:]))

    packets = {one.journey_id: one for one in impact(current, proposed).packets}

    assert packets[first.journey_id] == TouchedPacket(
        first.journey_id, "株式会社青葉製作所", kept.label, (kept.items[0].label,)
    )
    assert packets[second.journey_id].items == tuple(one.label for one in gone.items)
    assert len(packets) == 2


def offered(at: Journey, contract: str) -> Handoff:
    """A packet on offer."""
    return Handoff.objects.create(
        journey=at,
        cycle=1,
        contract=contract,
        kind="forward",
        blueprint_id=current_blueprint().version_id,
        giver_department="marketing",
        taker_department="inside_sales",
        state="offered",
        offered_at=NOW,
    )


def test_journeys_keep_what_they_rest_on(current: Blueprint) -> None:
    resting("O1")
    resting("O1", motion="abm")
    resting("RECYCLE", is_open=False)
    resting("O1", closed_at=NOW, is_open=False)
    proposed = replace(without(current, "O1"), sides=current.sides[1:], motions=current.motions[:2])

    held = unplaced(current=current, proposed=proposed)

    assert [(one.what, one.code, one.label.ja, one.journeys, one.parameters) for one in held] == [
        ("stage", "O1", "課題合意", 2, (("stage", "O1"), ("kind", "new"))),
        ("stage", "RECYCLE", "育成戻し", 1, (("stage", "RECYCLE"), ("kind", "new"))),
        ("motion", "abm", "ABM", 1, (("motion", "abm"),)),
    ]
    places = {place.code: place for place in impact(current, without(current, "O1")).places}
    assert (places["O1"].fate, places["O1"].journeys) == (Fate.REMOVED, 2)


def test_a_stage_of_another_line_is_no_place_for_them(current: Blueprint) -> None:
    resting("O1", kind="new")
    moved = with_stage(current, "O1", line=JourneyKind.RENEWAL)

    assert [one.code for one in unplaced(current=current, proposed=moved)] == ["O1"]


def test_what_no_version_names_goes_by_its_code(current: Blueprint) -> None:
    resting("OLD", motion="older")

    held = unplaced(current=current, proposed=current)

    assert [(one.code, one.label.en) for one in held] == [("OLD", "OLD"), ("older", "older")]


def test_publishing_refuses_to_leave_journeys_without_a_place(current: Blueprint) -> None:
    resting("EXPAND", kind="expansion")
    lost = current.side("LOST")
    ways_in = tuple(code for code in lost.from_stages if code != "EXPAND")
    back_to = tuple(code for code in lost.reactivates_to if code != "EXPAND")
    side = replace(lost, from_stages=ways_in, reactivates_to=back_to)
    sides = (*current.sides[:2], side, current.sides[3])
    sound = write_blueprint(blueprint=replace(without(current, "EXPAND"), sides=sides))
    with pytest.raises(StillInUse) as refused:
        publish_blueprint(text=sound, note="", act=act())
    assert [one.code for one in refused.value.held] == ["EXPAND"]
    assert str(refused.value) == "1 in stage EXPAND"
    assert BlueprintVersion.objects.count() == 1


def test_publishing_refuses_a_boundary_without_a_contract(current: Blueprint) -> None:
    text = write_blueprint(blueprint=replace(current, contracts=()))
    with pytest.raises(BlueprintInvalid) as refused:
        publish_blueprint(text=text, note="", act=act())
    assert {problem.path for problem in refused.value.problems} == {"contracts"}
    assert current_blueprint().version == 1


def test_publishing_refuses_what_was_derived_from_another_version(current: Blueprint) -> None:
    first = current_blueprint().version_id
    text = write_blueprint(blueprint=with_stage(current, "LEAD", stall_days=59))
    second = publish_blueprint(text=text, note="一", act=act(), based_on=first)
    with pytest.raises(BlueprintMovedOn) as refused:
        publish_blueprint(text=text, note="二", act=act(), based_on=first)
    assert refused.value.current == second
    assert str(refused.value) == "the_model v2 is in force now"
    assert current_blueprint().version_id == second.pk


def test_a_version_that_today_would_be_refused_can_be_looked_at() -> None:
    row = BlueprintVersion.objects.create(
        key="old", version=1, text="key: old\nstages: []\n", published_at=NOW
    )
    assert kept_blueprint(version_id=row.pk).blueprint.key == "old"


def test_a_new_stage_asks_those_before_it(current: Blueprint) -> None:
    resting("LEAD", fit="")
    resting("LEAD", fit="A")
    name = Label("見極め", "Judged")
    fit = item("fit", "journey.fit", FieldKind.CHOICE)
    new = Stage(
        code="JUDGED",
        label=name,
        department=Department.MARKETING,
        position=1,
        enter_when=name,
        gate=(fit,),
    )
    later = [replace(one, position=one.position + 1) for one in current.stages[1:]]
    proposed = replace(current, stages=(current.stages[0], new, *later))
    assert read_blueprint(text=write_blueprint(blueprint=proposed)) == proposed

    found = impact(current, proposed)

    assert [(one.place.ja, one.lacking, one.journeys) for one in found.items] == [("見極め", 1, 2)]
    assert found.places == ()
