"""Every rule of the lifecycle: what it accepts, what it refuses, and what it says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tasuki.core.blueprint import Blueprint, JourneyKind, SideMove
from tasuki.core.conditions import parse_condition
from tasuki.core.departments import Department
from tasuki.core.lifecycle import (
    Advance,
    Churn,
    Closing,
    Complete,
    Decision,
    Disqualify,
    Exit,
    Happening,
    JourneyState,
    Lose,
    Move,
    MoveBack,
    Open,
    Opening,
    Reactivate,
    Recycle,
    RuleCode,
    TransitionRefused,
    WinBack,
    decide,
    decide_ungated,
)
from tests.core.processes import BEFORE, LATER, NOW, full_facts, resting, the_model

RENEWAL, EXPANSION = JourneyKind.RENEWAL, JourneyKind.EXPANSION
TODAY = date(2026, 4, 1)


def decided(
    state: JourneyState | None,
    move: Move,
    *,
    at: datetime = NOW,
    facts: Mapping[str, object] | None = None,
    blueprint: Blueprint | None = None,
) -> Decision:
    return decide(
        blueprint=blueprint or the_model(),
        state=state,
        move=move,
        facts=full_facts() if facts is None else facts,
        at=at,
        now=NOW,
    )


def refused(
    state: JourneyState | None,
    move: Move,
    *,
    at: datetime = NOW,
    facts: Mapping[str, object] | None = None,
    blueprint: Blueprint | None = None,
) -> TransitionRefused:
    with pytest.raises(TransitionRefused) as caught:
        decided(state, move, at=at, facts=facts, blueprint=blueprint)
    assert caught.value.message.ja
    assert str(caught.value) == caught.value.message.en
    return caught.value


def without(*fields: str) -> dict[str, object]:
    return {field: value for field, value in full_facts().items() if field not in fields}


ACCEPTED = [
    (resting("LEAD"), Advance(), "MQL", Exit.ADVANCED),
    (resting("MQL"), Advance("SQL"), "SQL", Exit.ADVANCED),
    (resting("SAO"), Advance("WON"), "WON", Exit.ADVANCED),
    (resting("O4"), Advance(), "WON", Exit.ADVANCED),
    (resting("WON"), Advance(), "ONB", Exit.ADVANCED),
    (resting("SQL"), MoveBack("MQL", "bad_data"), "MQL", Exit.RETURNED),
    (resting("O2"), MoveBack("O1", "buyer_stepped_back"), "O1", Exit.RETURNED),
    (resting("ONB"), MoveBack("WON", "unknown_promise"), "WON", Exit.RETURNED),
    (resting("SAL"), Recycle("timing", LATER), "RECYCLE", Exit.RECYCLED),
    (resting("LEAD"), Disqualify("bad_data"), "DISQ", Exit.DISQUALIFIED),
    (resting("O3"), Lose("competitor"), "LOST", Exit.LOST),
    (resting("RENEW", kind=RENEWAL), Lose("price"), "LOST", Exit.LOST),
    (resting("WON"), Churn("merger"), "CHURN", Exit.CHURNED),
    (resting("ADOPT"), Churn("no_result", "", LATER), "CHURN", Exit.CHURNED),
    (resting("RECYCLE"), Reactivate(), "MQL", Exit.REACTIVATED),
    (resting("RECYCLE"), Reactivate("SAL"), "SAL", Exit.REACTIVATED),
    (resting("DISQ"), Reactivate(), "LEAD", Exit.REACTIVATED),
    (resting("LOST"), WinBack(), "SQL", Exit.WON_BACK),
    (resting("LOST", kind=RENEWAL), WinBack(), "RENEW", Exit.WON_BACK),
    (resting("CHURN"), WinBack("SAO"), "SAO", Exit.WON_BACK),
]


@pytest.mark.parametrize(("state", "move", "to", "leaving"), ACCEPTED)
def test_a_move_closes_one_stay_and_opens_the_next(
    state: JourneyState, move: Move, to: str, leaving: Exit
) -> None:
    decision = decided(state, move)

    assert decision.closes == Closing(state.stage, leaving, NOW, to)
    assert decision.opens is not None
    assert decision.opens.stage == to
    assert decision.opens.department is the_model().department_of(to)
    assert decision.opens.entered_at == NOW
    assert decision.after.stage == to
    assert decision.after.entered_at == NOW
    assert decision.after.opened_at == BEFORE
    assert decision.unmet == ()
    (event,) = decision.events
    assert (event.at, event.from_stage, event.to_stage) == (NOW, state.stage, to)


REFUSED = [
    (None, Advance(), RuleCode.NOT_OPENED),
    (resting("LEAD"), Open(), RuleCode.ALREADY_OPEN),
    (replace(resting("RENEW", kind=RENEWAL), completed_at=NOW), Lose("price"), RuleCode.COMPLETED),
    (None, Open(JourneyKind.NEW, "NOWHERE"), RuleCode.UNKNOWN_STAGE),
    (None, Open(JourneyKind.NEW, "RENEW"), RuleCode.WRONG_LINE),
    (None, Open(JourneyKind.NEW, "LOST"), RuleCode.NOT_FROM_HERE),
    (resting("GONE"), Advance(), RuleCode.UNKNOWN_STAGE),
    (resting("LEAD"), Advance("NOWHERE"), RuleCode.UNKNOWN_STAGE),
    (resting("LEAD"), Advance("RECYCLE"), RuleCode.NOT_FROM_HERE),
    (resting("ADOPT"), Advance("RENEW"), RuleCode.WRONG_LINE),
    (resting("SQL"), Advance("SQL"), RuleCode.NOT_FORWARD),
    (resting("SQL"), Advance("LEAD"), RuleCode.NOT_FORWARD),
    (resting("ADOPT"), Advance(), RuleCode.NO_NEXT_STAGE),
    (resting("RENEW", kind=RENEWAL), Advance(), RuleCode.NO_NEXT_STAGE),
    (resting("RECYCLE"), Advance(), RuleCode.ON_SIDE_TRACK),
    (resting("LOST"), MoveBack("SQL", "other", "x"), RuleCode.ON_SIDE_TRACK),
    (resting("LOST"), Complete(), RuleCode.ON_SIDE_TRACK),
    (resting("SQL"), MoveBack("SAO", "other", "x"), RuleCode.NOT_BACKWARD),
    (resting("SQL"), MoveBack("SQL", "other", "x"), RuleCode.NOT_BACKWARD),
    (resting("EXPAND", kind=EXPANSION), MoveBack("LEAD", "other", "x"), RuleCode.WRONG_LINE),
    (resting("SAO"), MoveBack("MQL", "other", "x"), RuleCode.NOT_FROM_HERE),
    (resting("SQL"), MoveBack("MQL", ""), RuleCode.REASON_MISSING),
    (resting("SQL"), MoveBack("MQL", "price"), RuleCode.REASON_UNKNOWN),
    (resting("SQL"), MoveBack("MQL", "other", " - "), RuleCode.NOTE_MISSING),
    (resting("WON"), Lose("price"), RuleCode.NOT_FROM_HERE),
    (resting("LEAD"), Lose("price"), RuleCode.NOT_FROM_HERE),
    (resting("O4"), Churn("price"), RuleCode.NOT_FROM_HERE),
    (resting("WON"), Recycle("timing", LATER), RuleCode.NOT_FROM_HERE),
    (resting("O1"), Disqualify("no_need"), RuleCode.NOT_FROM_HERE),
    (resting("RECYCLE"), Disqualify("no_need"), RuleCode.NOT_FROM_HERE),
    (resting("O1"), Lose(""), RuleCode.REASON_MISSING),
    (resting("O1"), Lose("no_result"), RuleCode.REASON_UNKNOWN),
    (resting("O1"), Lose("other"), RuleCode.NOTE_MISSING),
    (resting("SAL"), Recycle("timing"), RuleCode.REVISIT_DATE_MISSING),
    (resting("SAL"), Recycle("timing", TODAY), RuleCode.REVISIT_DATE_PAST),
    (resting("O1"), Lose("timing", "", TODAY), RuleCode.REVISIT_DATE_PAST),
    (resting("SQL"), Reactivate(), RuleCode.NOT_ON_SIDE_TRACK),
    (resting("SQL"), WinBack("MQL"), RuleCode.NOT_ON_SIDE_TRACK),
    (resting("LOST"), Reactivate(), RuleCode.NOT_FROM_HERE),
    (resting("RECYCLE"), WinBack(), RuleCode.NOT_FROM_HERE),
    (resting("RECYCLE"), Reactivate("O1"), RuleCode.NOT_FROM_HERE),
    (resting("RECYCLE"), Reactivate("NOWHERE"), RuleCode.UNKNOWN_STAGE),
    (resting("LOST"), WinBack("RENEW"), RuleCode.NOT_FROM_HERE),
    (resting("ADOPT"), Complete(), RuleCode.NOT_FROM_HERE),
]


@pytest.mark.parametrize(("state", "move", "rule"), REFUSED)
def test_a_move_against_a_rule_is_refused(
    state: JourneyState | None, move: Move, rule: RuleCode
) -> None:
    refusal = refused(state, move)

    assert refusal.rule is rule
    assert refusal.stage == (state.stage if state else None)


def test_a_date_in_the_future_is_refused() -> None:
    tomorrow = NOW + timedelta(days=1)

    assert refused(resting("LEAD"), Advance(), at=tomorrow).rule is RuleCode.IN_FUTURE
    assert refused(None, Open(), at=tomorrow).rule is RuleCode.IN_FUTURE


def test_a_date_before_the_current_stay_is_refused() -> None:
    refusal = refused(resting("LEAD"), Advance(), at=BEFORE - timedelta(seconds=1))

    assert refusal.rule is RuleCode.BEFORE_ENTRY
    assert refusal.message.en == (
        "This cannot be before the current stage was entered (2026-03-22 12:00)."
    )


def test_a_stay_may_have_no_length() -> None:
    assert decided(resting("LEAD"), Advance(), at=BEFORE).after.entered_at == BEFORE


def test_a_journey_opens_at_the_first_stage_of_its_line() -> None:
    decision = decided(None, Open(), facts={})

    assert decision.closes is None
    assert decision.opens == Opening("LEAD", Department.MARKETING, 1, 1, NOW)
    assert decision.after == JourneyState(
        kind=JourneyKind.NEW, stage="LEAD", entered_at=NOW, opened_at=NOW, visits={"LEAD": 1}
    )
    assert [event.happening for event in decision.events] == [Happening.JOURNEY_OPENED]


def test_a_renewal_opens_at_its_own_stage() -> None:
    assert decided(None, Open(RENEWAL)).after.stage == "RENEW"
    assert decided(None, Open(EXPANSION)).after.stage == "EXPAND"


def test_a_journey_may_open_later_when_the_gates_before_are_met() -> None:
    decision = decided(None, Open(JourneyKind.NEW, "SAL"))

    assert decision.passed_over == ("LEAD", "MQL")
    refusal = refused(None, Open(JourneyKind.NEW, "SAL"), facts=without("journey.channel"))
    assert [item.key for item in refusal.missing] == ["channel"]


def test_a_kind_without_a_line_cannot_be_opened() -> None:
    model = the_model()
    stages = tuple(stage for stage in model.stages if stage.code != "EXPAND")

    refusal = refused(None, Open(EXPANSION), blueprint=replace(model, stages=stages))

    assert refusal.rule is RuleCode.WRONG_LINE


def test_a_gate_names_everything_that_is_missing() -> None:
    refusal = refused(resting("SAL"), Advance(), facts={"answers.need": " - "})

    assert refusal.rule is RuleCode.GATE_NOT_MET
    assert [item.key for item in refusal.missing] == ["need", "meeting_date"]
    assert refusal.message.ja == "「商談化」に進むには次が必要です: 課題、商談予定日"
    assert refusal.message.en == 'To enter "SQL" this is needed: Need, Meeting date'
    assert (refusal.stage, refusal.to) == ("SAL", "SQL")


def test_an_alternative_answers_an_item() -> None:
    facts = {"journey.channel": "webinar", "person.email": "", "person.phone": "03-1234-5678"}

    assert decided(resting("LEAD"), Advance(), facts=facts).after.stage == "MQL"


def test_a_choice_must_be_one_of_the_choices() -> None:
    facts = full_facts() | {"answers.approval_status": "soon"}

    refusal = refused(resting("O3"), Advance(), facts=facts)

    assert [item.key for item in refusal.missing] == ["approval_status"]


def test_stages_passed_over_must_have_their_gates_met() -> None:
    decision = decided(resting("LEAD"), Advance("SQL"))
    refusal = refused(
        resting("LEAD"), Advance("SQL"), facts=without("journey.channel", "answers.need")
    )

    assert decision.passed_over == ("MQL", "SAL")
    assert [item.key for item in refusal.missing] == ["channel", "need"]


@pytest.mark.parametrize("stage", ["SAO", "O1", "O2", "O3"])
def test_a_contract_may_come_early_with_its_own_gate_only(stage: str) -> None:
    facts = {"journey.amount_minor": 1, "answers.contract_start_date": "2026-04-01"}

    decision = decided(resting(stage), Advance("WON"), facts=facts)
    refusal = refused(resting(stage), Advance("WON"), facts={"journey.amount_minor": 1})

    assert decision.after.stage == "WON"
    assert decision.passed_over[-1] == "O4"
    assert [item.key for item in refusal.missing] == ["contract_start_date"]


def test_a_field_wanted_by_two_gates_is_missed_once() -> None:
    refusal = refused(
        resting("O1"),
        Advance(
            "WON",
        ),
        facts={},
    )
    skipping = refused(resting("SQL"), Advance("WON"), facts={})

    assert [item.key for item in refusal.missing] == ["contract_amount", "contract_start_date"]
    assert [item.field for item in skipping.missing].count("journey.amount_minor") == 1


def with_entry(text: str) -> Blueprint:
    """The default process, where SAL asks for more."""
    model = the_model()
    stages = [
        replace(stage, entry=parse_condition(text=text)) if stage.code == "SAL" else stage
        for stage in model.stages
    ]
    return replace(model, stages=tuple(stages))


def test_an_entry_condition_is_told_in_words() -> None:
    blueprint = with_entry('account.employees >= 300 and not journey.fit = "D"')
    facts = full_facts() | {"account.employees": 10, "journey.fit": "D"}

    refusal = refused(resting("MQL"), Advance(), facts=facts, blueprint=blueprint)

    assert refusal.missing == ()
    assert [phrase.en for phrase in refusal.conditions] == [
        "Employees is at least 300",
        "not (Fit is D)",
    ]
    facts |= {"account.employees": 300, "journey.fit": "A"}
    decision = decided(resting("MQL"), Advance(), facts=facts, blueprint=blueprint)
    assert decision.after.stage == "SAL"


def test_entry_conditions_follow_the_day_in_tokyo() -> None:
    blueprint = with_entry("journey.opened_at = today")
    one_in_the_morning = datetime.fromisoformat("2026-04-01T01:00+09:00")
    facts = full_facts() | {"journey.opened_at": one_in_the_morning}

    assert decided(resting("MQL"), Advance(), facts=facts, blueprint=blueprint).unmet == ()


def test_without_enforcement_the_unmet_gate_is_told() -> None:
    decision = decide_ungated(
        blueprint=with_entry("account.employees >= 300"),
        state=resting("MQL"),
        move=Advance("SQL"),
        facts={},
        at=NOW,
        now=NOW,
    )

    assert decision.after.stage == "SQL"
    assert [item.key for item in decision.unmet] == ["owner", "need", "meeting_date"]
    assert decision.unmet_stages == ("SAL",)
    told = decision.events[-1]
    assert told.happening is Happening.GATE_NOT_SHOWN
    assert told.items == ("owner", "need", "meeting_date", "entry:SAL")


def test_without_enforcement_the_other_rules_stand() -> None:
    with pytest.raises(TransitionRefused) as caught:
        decide_ungated(blueprint=the_model(), state=None, move=Advance(), facts={}, at=NOW, now=NOW)

    assert caught.value.rule is RuleCode.NOT_OPENED


def test_moving_back_stays_in_the_cycle_and_counts_the_visit() -> None:
    state = resting("SQL", cycle=2, SAL=1, MQL=1)

    decision = decided(state, MoveBack("SAL", "other", "名刺の誤り"))

    assert decision.opens == Opening("SAL", Department.INSIDE_SALES, 2, 2, NOW)
    assert decision.after.visits == {"SQL": 1, "SAL": 2, "MQL": 1}
    assert (decision.reason, decision.note) == ("other", "名刺の誤り")


@pytest.mark.parametrize(("stage", "move"), [("RECYCLE", Reactivate()), ("CHURN", WinBack())])
def test_coming_back_opens_the_next_cycle(stage: str, move: Move) -> None:
    decision = decided(resting(stage, cycle=2, MQL=3, SQL=1), move)

    assert decision.opens is not None
    assert (decision.opens.cycle, decision.opens.visit) == (3, 1)
    assert decision.after.visits == {decision.after.stage: 1}


def test_coming_back_asks_for_the_gate_of_the_stage_only() -> None:
    refusal = refused(resting("LOST"), WinBack(), facts={})

    assert [item.key for item in refusal.missing] == ["need", "meeting_date"]


def test_a_side_step_keeps_reason_note_and_revisit_date() -> None:
    decision = decided(resting("SQL"), Recycle("other", LATER, "組織変更"))

    assert decision.opens == Opening("RECYCLE", Department.MARKETING, 1, 1, NOW)
    assert (decision.reason, decision.note, decision.revisit_date) == ("other", "組織変更", LATER)


def test_a_process_without_a_side_track_refuses_the_move() -> None:
    model = the_model()
    sides = tuple(side for side in model.sides if side.move is not SideMove.DISQUALIFY)

    refusal = refused(
        resting("LEAD"), Disqualify("bad_data"), blueprint=replace(model, sides=sides)
    )

    assert refusal.rule is RuleCode.NOT_FROM_HERE


@pytest.mark.parametrize(("kind", "stage"), [(RENEWAL, "RENEW"), (EXPANSION, "EXPAND")])
def test_an_agreed_renewal_completes_and_rests_nowhere(kind: JourneyKind, stage: str) -> None:
    decision = decided(resting(stage, kind=kind), Complete())

    assert decision.closes == Closing(stage, Exit.COMPLETED, NOW, None)
    assert decision.opens is None
    assert decision.after.completed_at == NOW
    assert [event.happening for event in decision.events] == [Happening.COMPLETED]
