"""A contract is read, judged with its place, and found from the stage where it holds."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import yaml

from tasuki.core.blueprint import (
    Blueprint,
    BlueprintInvalid,
    BlueprintRule,
    ContractKind,
    read_blueprint,
    write_blueprint,
)
from tests.core.processes import the_model
from tests.core.small_process import Entry, small_process

R = BlueprintRule
Change: TypeAlias = Callable[[Entry], object]


def _label(name: str = "名前") -> Entry:
    return {"ja": name, "en": "Name"}


def _item(key: str = "need", **more: object) -> Entry:
    return {"key": key, "field": f"answers.{key}", "kind": "text", "label": _label(), **more}


def contract(**more: object) -> Entry:
    """A sound contract of the small process, from A in marketing to B in field sales."""
    return {
        "key": "hand_over",
        "label": _label(),
        "giver": "marketing",
        "taker": "field_sales",
        "from_stages": ["A"],
        "enters": "B",
        "deadlines": {"accept": "4h"},
        "items": [_item()],
        "reasons": [{"code": "other", "label": _label()}],
        **more,
    }


def agreed(*contracts: Entry) -> Blueprint:
    return read_blueprint(text=yaml.safe_dump({**small_process(), "contracts": list(contracts)}))


def problems_of(*contracts: Entry) -> list[tuple[str, BlueprintRule]]:
    with pytest.raises(BlueprintInvalid) as caught:
        agreed(*contracts)
    assert all(problem.message.ja and problem.message.en for problem in caught.value.problems)
    return [(problem.path, problem.rule) for problem in caught.value.problems]


BACK = {"kind": "back", "giver": "field_sales", "taker": "marketing", "from_stages": ["B"]}
VOICE: Entry = {"kind": "voice", "giver": "success", "taker": "marketing", "from_stages": ["RENEW"]}


def voice(**more: object) -> Entry:
    stated = contract(**VOICE, **more)
    return {key: value for key, value in stated.items() if key != "enters" or "enters" in more}


@pytest.mark.parametrize(
    "sound",
    [contract(), contract(**BACK, enters="A"), voice(), contract(motions=["division"])],
    ids=["forward", "back", "voice", "one motion"],
)
def test_a_sound_contract_is_read_and_round_trips(sound: Entry) -> None:
    blueprint = agreed(sound)

    assert read_blueprint(text=write_blueprint(blueprint=blueprint)) == blueprint
    assert blueprint.contracts[0].kind == sound.get("kind", "forward")


ENTERS_ORDER = ("enters", R.WRONG_ORDER)
WRONG: list[tuple[Entry, list[tuple[str, BlueprintRule]]]] = [
    (
        contract(taker="marketing", enters="A"),
        [("taker", R.WRONG_CHOICE), ENTERS_ORDER],
    ),
    (contract(from_stages=[]), [("from_stages", R.MISSING)]),
    (contract(from_stages=["Q"]), [("from_stages[0]", R.UNKNOWN_STAGE)]),
    (contract(from_stages=["A", "A"]), [("from_stages[1]", R.DUPLICATE)]),
    (contract(from_stages=["RENEW"]), [("from_stages[0]", R.WRONG_CHOICE), ENTERS_ORDER]),
    (voice(enters="A"), [("enters", R.WRONG_CHOICE)]),
    (contract(enters=None), [("enters", R.MISSING)]),
    (contract(enters="Q"), [("enters", R.UNKNOWN_STAGE)]),
    (contract(enters="RENEW"), [("enters", R.WRONG_CHOICE), ("enters", R.WRONG_ORDER)]),
    (contract(kind="back"), [("enters", R.WRONG_ORDER)]),
    (contract(**BACK, enters="B"), [("enters", R.WRONG_CHOICE), ("enters", R.MISSING)]),
    (contract(items=[_item(required=False)]), [("items", R.MISSING)]),
    (contract(items=[_item(f"k{n}") for n in range(8)]), [("items", R.TOO_MANY)]),
    (contract(items=[_item(), _item()]), [("items[1].key", R.DUPLICATE)]),
    (contract(deadlines={"first_contact": "1d"}), [("deadlines", R.MISSING)]),
    (
        contract(deadlines={"accept": "soon"}),
        [("deadlines.accept", R.WRONG_TYPE), ("deadlines", R.MISSING)],
    ),
    (
        {key: value for key, value in contract().items() if key != "deadlines"},
        [("deadlines", R.MISSING)],
    ),
    (contract(reasons=[]), [("reasons", R.NO_REASONS)]),
    (contract(motions=["divison"]), [("motions[0]", R.UNKNOWN_MOTION)]),
]


@pytest.mark.parametrize(("stated", "expected"), WRONG)
def test_what_is_wrong_is_said_with_its_place(
    stated: Entry, expected: list[tuple[str, BlueprintRule]]
) -> None:
    assert sorted(problems_of(stated)) == sorted(
        (f"contracts[0].{path}", rule) for path, rule in expected
    )


def test_moving_back_needs_a_rule_for_it() -> None:
    process = {**small_process(), "returns": [], "contracts": [contract(**BACK, enters="A")]}

    with pytest.raises(BlueprintInvalid) as caught:
        read_blueprint(text=yaml.safe_dump(process))

    assert [problem.path for problem in caught.value.problems] == ["contracts[0].enters"]


def test_a_key_is_given_once() -> None:
    other = contract(enters="WON")

    assert problems_of(contract(), other) == [("contracts[1].key", R.DUPLICATE)]


TWINS = [
    ([], []),
    (["division"], []),
    (["division"], ["division"]),
]


@pytest.mark.parametrize(("first", "second"), TWINS)
def test_a_boundary_has_one_contract_in_each_motion(first: list[str], second: list[str]) -> None:
    twins = [contract(motions=first), contract(key="again", motions=second)]

    assert problems_of(*twins) == [("contracts[1]", R.DUPLICATE)]


def test_two_motions_may_agree_differently_on_a_boundary() -> None:
    process: dict[str, Any] = small_process()
    process["motions"].append({"code": "whole", "label": _label("通し"), "ownership": "single"})
    process["contracts"] = [
        contract(motions=["division"]),
        contract(key="again", motions=["whole"]),
    ]

    blueprint = read_blueprint(text=yaml.safe_dump(process))

    assert [one.motions for one in blueprint.contracts] == [("division",), ("whole",)]


def test_a_contract_knows_its_items_and_reasons() -> None:
    forward = the_model().contract("inside_sales_to_field_sales")

    need = forward.item("need")

    assert need is not None
    assert need.field == "answers.need"
    assert forward.item("nothing") is None
    assert len(forward.required_items) == 7
    assert forward.reason("missing_information").names_item
    with pytest.raises(KeyError):
        forward.reason("nothing")


FROM = [
    ("MQL", "division", ["marketing_to_inside_sales"]),
    ("SAL", "division", []),
    ("SQL", "division", ["inside_sales_to_field_sales"]),
    ("O1", "division", ["field_sales_back_to_inside_sales"]),
    ("ONB", "division", ["success_voice_to_marketing", "success_voice_to_field_sales"]),
]


@pytest.mark.parametrize(("stage", "motion", "keys"), FROM)
def test_what_may_be_handed_over_from_a_stage(stage: str, motion: str, keys: list[str]) -> None:
    assert [one.key for one in the_model().contracts_from(stage, motion)] == keys


CROSSED = [
    ("MQL", "SAL", ["marketing_to_inside_sales"]),
    ("SAL", "SQL", []),
    ("LEAD", "SAO", ["marketing_to_inside_sales", "inside_sales_to_field_sales"]),
    ("SAO", "WON", []),
    ("O4", "ONB", ["field_sales_to_success"]),
]


@pytest.mark.parametrize(("here", "target", "keys"), CROSSED)
def test_a_boundary_is_crossed_by_entering_its_stage(
    here: str, target: str, keys: list[str]
) -> None:
    found = the_model().crossed(here=here, target=target, motion="division")

    assert [one.key for one in found] == keys


def test_a_contract_of_another_motion_stands_in_nobodys_way() -> None:
    process = small_process()
    process["motions"] = [
        {"code": "division", "label": _label(), "ownership": "by_department"},
        {"code": "whole", "label": _label(), "ownership": "single"},
    ]
    process["contracts"] = [contract(motions=["whole"])]
    blueprint = read_blueprint(text=yaml.safe_dump(process))

    assert blueprint.crossed(here="A", target="B", motion="division") == ()
    assert len(blueprint.crossed(here="A", target="B", motion="whole")) == 1
    assert blueprint.contracts_from("A", "division") == ()


def test_deadlines_are_working_minutes() -> None:
    stated = contract(deadlines={"accept": "30m", "first_contact": "4h", "meeting": "2d"})

    deadlines = agreed(stated).contract("hand_over").deadlines

    assert (deadlines.accept, deadlines.first_contact, deadlines.meeting) == (30, 240, 960)
    written = write_blueprint(blueprint=agreed(stated))
    assert "deadlines: {accept: 30m, first_contact: 4h, meeting: 2d}" in written


def test_kinds_of_the_default_process() -> None:
    kinds = [one.kind for one in the_model().contracts]

    assert kinds == [ContractKind.FORWARD] * 3 + [ContractKind.BACK] + [ContractKind.VOICE] * 2
