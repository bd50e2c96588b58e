"""Finding one's way in a blueprint."""

import pytest
import yaml

from tasuki.core.blueprint import (
    Blueprint,
    JourneyKind,
    ReturnRule,
    SideMove,
    StageKind,
    read_blueprint,
)
from tasuki.core.blueprint.items import MAX_MANDATORY_ITEMS
from tasuki.core.conditions import FieldKind
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tests.core.processes import the_model
from tests.core.small_process import small_process

CODES = ["LEAD", "MQL", "SAL", "SQL", "SAO", "O1", "O2", "O3", "O4", "WON", "ONB", "ADOPT"]


def test_the_default_process_has_the_stages_of_the_model() -> None:
    model = the_model()

    assert [stage.code for stage in model.line(JourneyKind.NEW)] == CODES
    assert [stage.code for stage in model.line(JourneyKind.RENEWAL)] == ["RENEW"]
    assert [stage.code for stage in model.line(JourneyKind.EXPANSION)] == ["EXPAND"]
    assert [side.code for side in model.sides] == ["RECYCLE", "DISQ", "LOST", "CHURN"]
    assert [motion.code for motion in model.motions] == ["division", "full_cycle", "abm"]


def test_gates_stay_short() -> None:
    assert max(len(stage.required_items) for stage in the_model().stages) <= MAX_MANDATORY_ITEMS


def test_other_always_wants_a_note() -> None:
    model = the_model()
    groups = [side.reasons for side in model.sides] + [rule.reasons for rule in model.returns]

    for reasons in groups:
        assert [reason.needs_note for reason in reasons if reason.code == "other"] == [True]


def test_places_are_found() -> None:
    model = the_model()

    assert model.place("SQL") is model.stage("SQL")
    assert model.place("LOST") is model.side("LOST")
    assert (model.stage("SQL").kind, model.side("LOST").kind) == (StageKind.MAIN, StageKind.SIDE)
    assert model.has_place("CHURN")
    assert not model.has_place("NOWHERE")
    assert model.side_for(SideMove.CHURN) is model.side("CHURN")
    assert model.department_of("RECYCLE") is Department.MARKETING
    assert model.winning_stage() is model.stage("WON")
    assert model.motion("abm").label.en == "ABM"
    with pytest.raises(KeyError):
        model.stage("LOST")


def test_the_way_forward_is_found() -> None:
    model = the_model()

    assert model.next_stage("O4") is model.stage("WON")
    assert model.next_stage("ADOPT") is None
    assert model.next_stage("RENEW") is None
    assert [stage.code for stage in model.between("SAO", "WON")] == ["O1", "O2", "O3", "O4"]
    assert model.between("O4", "WON") == ()


def test_reasons_are_found() -> None:
    model = the_model()
    rule = model.return_rule("SQL", "MQL")

    assert model.side("LOST").reason("price").label == Label("価格が合わない", "Price")
    assert rule is not None
    assert rule.reason("bad_data").label.en == "Wrong data"
    assert model.return_rule("SAO", "MQL") is None


def _with_returns(*pairs: tuple[str, str]) -> Blueprint:
    process = small_process()
    reasons = [{"code": "other", "label": {"ja": "他", "en": "Other"}}]
    process["returns"] = [{"giver": g, "taker": t, "reasons": reasons} for g, t in pairs]
    return read_blueprint(text=yaml.safe_dump(process))


def test_the_most_specific_return_rule_counts() -> None:
    blueprint = _with_returns(("field_sales", "marketing"), ("B", "A"), ("B", "marketing"))

    from_b: ReturnRule | None = blueprint.return_rule("B", "A")
    from_won = blueprint.return_rule("WON", "A")
    assert from_b is not None
    assert (from_b.giver, from_b.taker) == ("B", "A")
    assert from_won is not None
    assert (from_won.giver, from_won.taker) == ("field_sales", "marketing")


def test_the_registry_knows_answers_stages_and_motions() -> None:
    fields = the_model().fields

    assert fields["answers.need"].kind is FieldKind.TEXT
    assert fields["answers.budget"].choices[0].code == "secured"
    assert fields["journey.stage"].choices[-1].code == "CHURN"
    assert len(fields["journey.motion"].choices) == 3


def test_a_label_speaks_both_languages() -> None:
    label = Department.MARKETING.label

    assert label.text("ja") == "マーケティング"
    assert label.text("en-gb") == "Marketing"
