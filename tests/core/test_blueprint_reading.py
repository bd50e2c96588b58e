"""A blueprint is read with every problem at once, and written back equal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tasuki.core.blueprint import BlueprintInvalid, BlueprintRule, read_blueprint, write_blueprint
from tasuki.core.blueprint.nodes import MAX_ENTRIES
from tasuki.core.blueprint.reader import MAX_LENGTH
from tests.core.processes import EXAMPLES, THE_MODEL
from tests.core.small_process import Entry, small_process

R = BlueprintRule


def problems_of(text: str) -> list[tuple[str, BlueprintRule]]:
    with pytest.raises(BlueprintInvalid) as caught:
        read_blueprint(text=text)
    assert all(problem.message.ja and problem.message.en for problem in caught.value.problems)
    return [(problem.path, problem.rule) for problem in caught.value.problems]


@pytest.mark.parametrize("path", [THE_MODEL, *EXAMPLES], ids=lambda path: path.stem)
def test_every_blueprint_of_ours_is_sound_and_round_trips(path: Path) -> None:
    blueprint = read_blueprint(text=path.read_text(encoding="utf-8"))

    assert read_blueprint(text=write_blueprint(blueprint=blueprint)) == blueprint


def test_the_small_process_is_sound() -> None:
    blueprint = read_blueprint(text=yaml.safe_dump(small_process()))

    assert [stage.code for stage in blueprint.stages] == ["A", "B", "WON", "RENEW"]


Change: TypeAlias = Callable[[Entry], None]


class Setter(Protocol):
    """Makes the change that puts a value somewhere."""

    def __call__(self, value: object) -> Change: ...


def _set(*path: str | int) -> Setter:
    """Say where a value is to be put."""

    def to(value: object) -> Change:
        def change(process: Entry) -> None:
            place: Any = process
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value

        return change

    return to


LABEL = {"ja": "あ", "en": "a"}
ITEM: Entry = {"key": "k", "field": "answers.k", "kind": "text", "label": LABEL}
CHOICE: Entry = {"code": "x", "label": LABEL}

BROKEN: list[tuple[Change, str, BlueprintRule]] = [
    (_set("keys")(1), "keys", R.UNKNOWN_KEY),
    (_set("key")(None), "key", R.MISSING),
    (_set("key")(3), "key", R.WRONG_TYPE),
    (_set("key")("新規"), "key", R.WRONG_CODE),
    (_set("key")("a" * 33), "key", R.WRONG_CODE),
    (_set("label")("x"), "label", R.WRONG_TYPE),
    (_set("label")({"ja": "あ"}), "label.en", R.LABEL_LANGUAGE),
    (_set("label")({"ja": " ", "en": "a"}), "label.ja", R.LABEL_LANGUAGE),
    (_set("label", "fr")("a"), "label.fr", R.UNKNOWN_KEY),
    (_set("stages")({}), "stages", R.WRONG_TYPE),
    (_set("stages", 0)("A"), "stages[0]", R.WRONG_TYPE),
    (_set("stages", 0, "department")(None), "stages[0].department", R.NO_OWNER),
    (_set("stages", 0, "department")("sales"), "stages[0].department", R.NO_OWNER),
    (_set("stages", 0, "line")("old"), "stages[0].line", R.WRONG_CHOICE),
    (_set("stages", 0, "wins")("yes"), "stages[0].wins", R.WRONG_TYPE),
    (_set("stages", 0, "wins")(value=True), "stages[2].wins", R.DUPLICATE),
    (_set("stages", 2, "wins")(value=False), "stages", R.NO_WINNING_STAGE),
    (_set("stages", 2, "line")("expansion"), "stages[2].line", R.WRONG_CHOICE),
    (_set("stages", 1, "code")("A"), "stages[1].code", R.DUPLICATE),
    (_set("sides", 0, "code")("A"), "sides[0].code", R.DUPLICATE),
    (_set("stages", 0, "stall_days")(0), "stages[0].stall_days", R.OUT_OF_RANGE),
    (_set("stages", 0, "stall_days")(1.5), "stages[0].stall_days", R.WRONG_TYPE),
    (_set("stages", 0, "stall_days")(value=True), "stages[0].stall_days", R.WRONG_TYPE),
    (_set("stages", 0, "probability_ratio")(1.1), "stages[0].probability_ratio", R.OUT_OF_RANGE),
    (_set("stages", 0, "entry")("account.employees >"), "stages[0].entry", R.CONDITION),
    (_set("stages", 0, "entry")("account.x = 1"), "stages[0].entry", R.CONDITION),
    (_set("stages", 0, "entry")('account.employees = "x"'), "stages[0].entry", R.CONDITION),
    (_set("stages", 0, "entry")(3), "stages[0].entry", R.WRONG_TYPE),
    (_set("stages", 0, "entry")('journey.stage = "Z"'), "stages[0].entry", R.CONDITION),
    (_set("stages", 2, "direct_from")(["Z"]), "stages[2].direct_from[0]", R.UNKNOWN_STAGE),
    (_set("stages", 2, "direct_from")(["RENEW"]), "stages[2].direct_from[0]", R.WRONG_ORDER),
    (_set("stages", 2, "direct_from")(["A", "A"]), "stages[2].direct_from[1]", R.DUPLICATE),
    (_set("stages", 2, "direct_from")([3]), "stages[2].direct_from[0]", R.WRONG_TYPE),
    (
        _set("stages", 0, "gate")([ITEM | {"key": f"k{i}"} for i in range(8)]),
        "stages[0].gate",
        R.TOO_MANY,
    ),
    (_set("stages", 0, "gate")([ITEM, ITEM]), "stages[0].gate[1].key", R.DUPLICATE),
    (
        _set("stages", 0, "gate")([ITEM | {"field": "account.employes"}]),
        "stages[0].gate[0].field",
        R.UNKNOWN_FIELD,
    ),
    (
        _set("stages", 0, "gate")([ITEM | {"field": "answers.Need"}]),
        "stages[0].gate[0].field",
        R.UNKNOWN_FIELD,
    ),
    (
        _set("stages", 0, "gate")([ITEM | {"alternatives": ["answers.z"]}]),
        "stages[0].gate[0].alternatives[0]",
        R.UNKNOWN_FIELD,
    ),
    (
        _set("stages", 0, "gate")([ITEM | {"kind": None}]),
        "stages[0].gate[0].kind",
        R.WRONG_CHOICE,
    ),
    (
        _set("stages", 0, "gate")([ITEM | {"field": "account.name", "kind": "date"}]),
        "stages[0].gate[0].kind",
        R.FIELD_KIND,
    ),
    (
        _set("stages", 0, "gate")([ITEM | {"kind": "datetime"}]),
        "stages[0].gate[0].kind",
        R.FIELD_KIND,
    ),
    (
        _set("stages", 0, "gate")([ITEM, ITEM | {"key": "l", "kind": "date"}]),
        "stages[0].gate[1].kind",
        R.FIELD_KIND,
    ),
    (
        _set("stages", 0, "gate")([ITEM | {"kind": "choice"}]),
        "stages[0].gate[0].choices",
        R.MISSING,
    ),
    (
        _set("stages", 0, "gate")([ITEM | {"choices": [CHOICE]}]),
        "stages[0].gate[0].choices",
        R.FIELD_KIND,
    ),
    (
        _set("stages", 0, "gate")([ITEM | {"kind": "choice", "choices": [CHOICE, CHOICE]}]),
        "stages[0].gate[0].choices[1].code",
        R.DUPLICATE,
    ),
    (
        _set("stages", 0, "gate")(
            [
                ITEM | {"kind": "choice", "choices": [CHOICE]},
                ITEM | {"key": "l", "kind": "choice", "choices": [CHOICE | {"code": "y"}]},
            ]
        ),
        "stages[0].gate[1].choices",
        R.FIELD_KIND,
    ),
    (_set("sides", 0, "move")("leave"), "sides[0].move", R.WRONG_CHOICE),
    (_set("sides", 1, "move")("recycle"), "sides[1].move", R.DUPLICATE),
    (_set("sides", 0, "reasons")([]), "sides[0].reasons", R.NO_REASONS),
    (_set("sides", 0, "reasons")([CHOICE, CHOICE]), "sides[0].reasons[1].code", R.DUPLICATE),
    (_set("sides", 0, "from_stages")([]), "sides[0].from_stages", R.MISSING),
    (_set("sides", 0, "from_stages")(["Z"]), "sides[0].from_stages[0]", R.UNKNOWN_STAGE),
    (_set("sides", 0, "reactivates_to")(["LOST"]), "sides[0].reactivates_to[0]", R.UNKNOWN_STAGE),
    (_set("sides", 1, "from_stages")(["A", "RENEW"]), "stages[2]", R.NO_EXIT),
    (_set("returns", 0, "reasons")([]), "returns[0].reasons", R.NO_REASONS),
    (_set("returns", 0, "giver")("Z"), "returns[0].giver", R.UNKNOWN_STAGE),
    (
        _set("returns", 0)({"giver": "A", "taker": "B", "reasons": [CHOICE]}),
        "returns[0].taker",
        R.WRONG_ORDER,
    ),
    (_set("motions")([]), "motions", R.MISSING),
    (_set("default_motion")("solo"), "default_motion", R.UNKNOWN_MOTION),
    (_set("motions", 0, "ownership")("nobody"), "motions[0].ownership", R.WRONG_CHOICE),
    (
        _set("motion_rules")([{"motion": "x", "when": "account.is_named = true"}]),
        "motion_rules[0].motion",
        R.UNKNOWN_MOTION,
    ),
    (_set("motion_rules")([{"motion": "division"}]), "motion_rules[0].when", R.MISSING),
    (
        _set("motion_rules")([{"motion": "division", "when": "account.name"}]),
        "motion_rules[0].when",
        R.CONDITION,
    ),
    (
        _set("motion_rules")([{"motion": "division", "when": "account.x is known"}]),
        "motion_rules[0].when",
        R.CONDITION,
    ),
    (_set("sides", 0, "reasons")([CHOICE] * (MAX_ENTRIES + 1)), "sides[0].reasons", R.TOO_MANY),
]


@pytest.mark.parametrize(("change", "path", "rule"), BROKEN)
def test_a_problem_is_told_with_its_path(change: Change, path: str, rule: BlueprintRule) -> None:
    process = small_process()
    change(process)

    assert (path, rule) in problems_of(yaml.safe_dump(process, allow_unicode=True))


def test_all_problems_are_told_at_once() -> None:
    process = small_process()
    for change in (
        _set("stages", 0, "department")("sales"),
        _set("stages", 0, "gate")([ITEM | {"field": "account.x"}]),
        _set("sides", 1, "reasons")([]),
        _set("default_motion")("solo"),
    ):
        change(process)

    assert problems_of(yaml.safe_dump(process)) == [
        ("stages[0].department", R.NO_OWNER),
        ("stages[0].gate[0].field", R.UNKNOWN_FIELD),
        ("sides[1].reasons", R.NO_REASONS),
        ("default_motion", R.UNKNOWN_MOTION),
    ]


def test_an_unknown_key_is_answered_with_the_nearest_one() -> None:
    process = small_process()
    _set("stages", 0, "stal_days")(3)(process)

    with pytest.raises(BlueprintInvalid) as caught:
        read_blueprint(text=yaml.safe_dump(process))

    (problem,) = caught.value.problems
    assert problem.message.en == 'There is no key "stal_days". Did you mean "stall_days"?'
    assert str(caught.value) == f"stages[0].stal_days: {problem.message.en}"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("key: [", "line 1, column 7"),
        ("key: a\nlabel:\n  ja: x\n  ja: y", "line 4, column 3"),
        ("key: 2026-99-99", ""),
        ("key: \x00", ""),
        ("[" * 3000, ""),
    ],
)
def test_what_is_no_yaml_is_told(text: str, path: str) -> None:
    ((found, rule),) = problems_of(text)

    assert rule is R.SYNTAX
    assert found.startswith(path)


def test_a_text_that_is_no_mapping_is_told() -> None:
    assert ("", R.WRONG_TYPE) in problems_of("- a")


def test_an_endless_text_is_refused_unread() -> None:
    assert problems_of("x" * (MAX_LENGTH + 1)) == [("", R.TOO_MANY)]


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1).filter(str.strip)
LABELS = st.builds(lambda ja, en: {"ja": ja, "en": en}, TEXTS, TEXTS)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_back_equal(data: st.DataObject) -> None:
    process = small_process()
    for path in (("label",), ("stages", 0, "label"), ("stages", 0, "enter_when")):
        _set(*path)(data.draw(LABELS))(process)
    choices = [CHOICE | {"label": data.draw(LABELS)}]
    item: Entry = ITEM | {"kind": "choice", "choices": choices, "guidance": data.draw(LABELS)}
    item |= {"required": data.draw(st.booleans()), "alternatives": ["person.email"]}
    _set("stages", 1, "gate")([item])(process)
    _set("stages", 1, "entry")(data.draw(st.sampled_from([None, "account.employees >= 3"])))(
        process
    )
    _set("stages", 1, "stall_days")(data.draw(st.none() | st.integers(1, 400)))(process)
    _set("stages", 1, "probability_ratio")(data.draw(st.none() | st.floats(0, 1)))(process)
    rule = {"when": 'answers.k = "x"', "motion": "division"}
    _set("motion_rules")(data.draw(st.sampled_from([[], [rule]])))(process)
    blueprint = read_blueprint(text=yaml.safe_dump(process, allow_unicode=True))

    assert read_blueprint(text=write_blueprint(blueprint=blueprint)) == blueprint
