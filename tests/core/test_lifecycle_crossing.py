"""A boundary is crossed with the sash handed on, or with one's own checklist done."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tasuki.core.blueprint import GateItem
from tasuki.core.conditions import FieldKind
from tasuki.core.labels import Label
from tasuki.core.lifecycle import (
    Advance,
    Decision,
    HandoffNeeded,
    JourneyState,
    RuleCode,
    TransitionRefused,
    decide,
    decide_ungated,
)
from tasuki.core.lifecycle.gates import Unmet
from tests.core.processes import NOW, full_facts, resting, the_model

PACKET = {
    "answers.need": "残業が月40時間",
    "answers.trigger": "来期の組織変更",
    "answers.agenda": "費用の見通し",
    "answers.temperature_reason": "先方から日程の打診",
    "answers.meeting_date": "2026-04-10",
    "journey.temperature": "hot",
    "person.role": "decider",
}


def advanced(
    state: JourneyState,
    to: str | None = None,
    *,
    motion: str | None = None,
    told: Mapping[str, object] | None = None,
) -> Decision:
    return decide(
        blueprint=the_model(),
        state=state,
        move=Advance(to=to),
        facts={**full_facts(), "journey.motion": motion, **(told or {})},
        at=NOW,
        now=NOW,
    )


def alone(stage: str, *handed: str) -> JourneyState:
    return replace(resting(stage), handed=frozenset(handed))


NEEDED = [
    ("MQL", None, "marketing_to_inside_sales", "SAL"),
    ("SQL", None, "inside_sales_to_field_sales", "SAO"),
    ("LEAD", "SAL", "marketing_to_inside_sales", "SAL"),
    ("WON", None, "field_sales_to_success", "ONB"),
]


@pytest.mark.parametrize(("stage", "to", "contract", "target"), NEEDED)
def test_nothing_crosses_without_an_accepted_packet(
    stage: str, to: str | None, contract: str, target: str
) -> None:
    with pytest.raises(HandoffNeeded) as refused:
        advanced(alone(stage), to)

    assert refused.value.rule is RuleCode.HANDOFF_NEEDED
    assert (refused.value.stage, refused.value.to) == (stage, target)
    assert refused.value.contract.key == contract
    assert refused.value.contract.label.ja in refused.value.message.ja


def test_every_boundary_on_the_way_needs_its_packet() -> None:
    with pytest.raises(HandoffNeeded) as refused:
        advanced(alone("MQL", "marketing_to_inside_sales"), "SAO")

    assert refused.value.contract.key == "inside_sales_to_field_sales"


def test_an_accepted_packet_lets_the_journey_cross() -> None:
    assert advanced(alone("SQL", "inside_sales_to_field_sales")).after.stage == "SAO"


@pytest.mark.parametrize("stage", ["SAO", "O1", "O2", "O3", "O4"])
def test_winning_is_never_blocked(stage: str) -> None:
    assert advanced(alone(stage), "WON").after.stage == "WON"


@pytest.mark.parametrize("motion", ["full_cycle", "abm"])
def test_one_owner_goes_through_the_items_as_a_checklist(motion: str) -> None:
    with pytest.raises(TransitionRefused) as refused:
        advanced(alone("SQL"), motion=motion, told={**PACKET, "answers.agenda": "-"})

    assert refused.value.rule is RuleCode.GATE_NOT_MET
    assert [item.key for item in refused.value.missing] == ["agenda"]
    assert advanced(alone("SQL"), motion=motion, told=PACKET).after.stage == "SAO"


def test_a_journey_without_a_motion_follows_the_default_one() -> None:
    with pytest.raises(HandoffNeeded):
        advanced(alone("SQL"))
    with pytest.raises(HandoffNeeded):
        advanced(alone("SQL"), motion="")


def test_what_is_told_after_the_fact_crosses_freely() -> None:
    decision = decide_ungated(
        blueprint=the_model(),
        state=alone("SQL"),
        move=Advance(),
        facts=full_facts(),
        at=NOW,
        now=NOW,
    )

    assert decision.after.stage == "SAO"
    assert decision.unmet == ()


def _item(key: str, field: str) -> GateItem:
    return GateItem(key=key, field=field, label=Label("名前", "Name"), kind=FieldKind.TEXT)


def test_a_field_is_asked_for_once() -> None:
    need, same, other = (
        _item("need", "answers.need"),
        _item("own_name", "answers.need"),
        _item("agenda", "answers.agenda"),
    )

    assert Unmet((need,)).with_items((same, other)).items == (need, other)
    assert not Unmet().with_items(())
