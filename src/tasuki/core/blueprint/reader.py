"""Reading a blueprint from YAML: every problem at once, each with its place."""

import re
from collections.abc import Hashable

import yaml

from tasuki.core.blueprint.assignment import read_assignment_rule
from tasuki.core.blueprint.check import check_blueprint
from tasuki.core.blueprint.contracts import (
    MINUTES_PER_BUSINESS_DAY,
    Contract,
    ContractKind,
    Deadlines,
)
from tasuki.core.blueprint.items import GateItem, Reason
from tasuki.core.blueprint.nodes import Node
from tasuki.core.blueprint.problems import BlueprintInvalid, BlueprintRule, Problem
from tasuki.core.blueprint.types import (
    Blueprint,
    JourneyKind,
    Motion,
    MotionRule,
    Ownership,
    ReturnRule,
    SideMove,
    SideTrack,
    Stage,
)
from tasuki.core.conditions.fields import STANDARD_FIELDS, Choice, FieldKind
from tasuki.core.departments import Department
from tasuki.core.labels import Label

MAX_LENGTH = 200_000
_DURATION = re.compile(r"([1-9][0-9]{0,4})(m|h|d)")
_UNITS = {"m": 1, "h": 60, "d": MINUTES_PER_BUSINESS_DAY}


def read_blueprint(*, text: str) -> Blueprint:
    """Read and check a process.

    Shape: one value whose codes, fields, conditions and ways out have been judged; what
    `write_blueprint` writes is read back equal.

    Raises: BlueprintInvalid with every problem, each with its path in the text.
    """
    blueprint, problems = examine_blueprint(text=text)
    if problems:
        raise BlueprintInvalid(problems)
    return blueprint


def examine_blueprint(*, text: str) -> tuple[Blueprint, tuple[Problem, ...]]:
    """Read a process as far as it can be read, for work on one that is not sound yet.

    Shape: the process, harmless stand-ins in place of what is wrong, and every problem found. It
    may be looked at and compared, never worked with, unless there are no problems.

    Raises: BlueprintInvalid when the text is no YAML at all.
    """
    problems: list[Problem] = []
    root = Node(_load(text), "", problems)
    blueprint = _blueprint(root)
    seen = {problem.path for problem in problems}
    problems += [found for found in check_blueprint(blueprint) if found.path not in seen]
    return blueprint, tuple(problems)


class _Loader(yaml.SafeLoader):
    """YAML's safe types, and a key given twice is an error instead of a silent loss."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - PyYAML's own
    ) -> dict[Hashable, object]:
        keys = [key.value for key, _value in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                raise yaml.MarkedYAMLError(
                    problem=f'the key "{key}" is given twice',
                    problem_mark=node.value[position][0].start_mark,
                )
        return super().construct_mapping(node, deep=deep)


def _load(text: str) -> object:
    if len(text) > MAX_LENGTH:
        message = Label(
            f"長すぎます（{MAX_LENGTH}文字まで）。", f"Too long (at most {MAX_LENGTH} characters)."
        )
        raise BlueprintInvalid([Problem("", BlueprintRule.TOO_MANY, message)])
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BlueprintInvalid([_syntax_problem(error)]) from error


def _syntax_problem(error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    path = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    message = Label(f"YAML として読めません: {what}", f"This is not readable as YAML: {what}")
    return Problem(path, BlueprintRule.SYNTAX, message)


def _blueprint(root: Node) -> Blueprint:
    root.only(
        "key",
        "label",
        "stages",
        "sides",
        "returns",
        "motions",
        "default_motion",
        "motion_rules",
        "contracts",
        "assignment",
    )
    return Blueprint(
        key=root.code("key"),
        label=root.label("label"),
        stages=tuple(_stage(node, index) for index, node in enumerate(root.nodes("stages"))),
        sides=tuple(_side(node) for node in root.nodes("sides")),
        returns=tuple(_return(node) for node in root.nodes("returns")),
        motions=tuple(_motion(node) for node in root.nodes("motions")),
        default_motion=root.code("default_motion"),
        motion_rules=tuple(
            rule for node in root.nodes("motion_rules") if (rule := _motion_rule(node))
        ),
        contracts=tuple(_contract(node) for node in root.nodes("contracts")),
        assignment=tuple(
            taker for node in root.nodes("assignment") if (taker := read_assignment_rule(node))
        ),
    )


def _stage(node: Node, position: int) -> Stage:
    node.only(
        "code",
        "label",
        "department",
        "line",
        "wins",
        "direct_from",
        "enter_when",
        "entry",
        "stall_days",
        "probability_ratio",
        "gate",
    )
    return Stage(
        code=node.code("code"),
        label=node.label("label"),
        department=node.choice("department", Department),
        position=position,
        line=node.choice("line", JourneyKind, default=JourneyKind.NEW),
        wins=node.flag("wins", default=False),
        direct_from=node.codes("direct_from"),
        enter_when=node.label("enter_when"),
        entry=node.condition("entry"),
        stall_days=_whole(node, "stall_days"),
        probability_ratio=node.number("probability_ratio"),
        gate=tuple(_gate_item(item) for item in node.nodes("gate")),
    )


def _whole(node: Node, key: str) -> int | None:
    value = node.number(key)
    if value is None or isinstance(value, int):
        return value
    node.report(
        key, BlueprintRule.WRONG_TYPE, Label("整数を書いてください。", "Write a whole number here.")
    )
    return None


def _gate_item(node: Node) -> GateItem:
    node.only("key", "field", "alternatives", "kind", "label", "guidance", "required", "choices")
    field = node.text("field")
    column = STANDARD_FIELDS.get(field)
    return GateItem(
        key=node.code("key"),
        field=field,
        alternatives=node.codes("alternatives"),
        kind=node.choice("kind", FieldKind, default=column.kind if column else None),
        label=node.label("label"),
        guidance=node.optional_label("guidance"),
        required=node.flag("required", default=True),
        choices=tuple(_choice(choice) for choice in node.nodes("choices")),
    )


def _choice(node: Node) -> Choice:
    node.only("code", "label")
    return Choice(node.code("code"), node.label("label"))


def _side(node: Node) -> SideTrack:
    node.only(
        "code",
        "label",
        "department",
        "move",
        "enter_when",
        "from_stages",
        "needs_revisit_date",
        "reactivates_to",
        "reasons",
    )
    return SideTrack(
        code=node.code("code"),
        label=node.label("label"),
        department=node.choice("department", Department),
        move=node.choice("move", SideMove),
        enter_when=node.label("enter_when"),
        from_stages=node.codes("from_stages"),
        needs_revisit_date=node.flag("needs_revisit_date", default=False),
        reactivates_to=node.codes("reactivates_to"),
        reasons=tuple(_reason(reason) for reason in node.nodes("reasons")),
    )


def _reason(node: Node) -> Reason:
    node.only("code", "label", "needs_note", "names_item")
    return Reason(
        node.code("code"),
        node.label("label"),
        needs_note=node.flag("needs_note", default=False),
        names_item=node.flag("names_item", default=False),
    )


def _return(node: Node) -> ReturnRule:
    node.only("giver", "taker", "reasons")
    return ReturnRule(
        giver=node.text("giver"),
        taker=node.text("taker"),
        reasons=tuple(_reason(reason) for reason in node.nodes("reasons")),
    )


def _contract(node: Node) -> Contract:
    node.only(
        "key",
        "label",
        "kind",
        "giver",
        "taker",
        "from_stages",
        "enters",
        "motions",
        "items",
        "deadlines",
        "reasons",
    )
    return Contract(
        key=node.code("key"),
        label=node.label("label"),
        kind=node.choice("kind", ContractKind, default=ContractKind.FORWARD),
        giver=node.choice("giver", Department),
        taker=node.choice("taker", Department),
        from_stages=node.codes("from_stages"),
        enters=node.code("enters") if node.has("enters") else None,
        motions=node.codes("motions"),
        items=tuple(_gate_item(item) for item in node.nodes("items")),
        deadlines=_deadlines(node),
        reasons=tuple(_reason(reason) for reason in node.nodes("reasons")),
    )


def _deadlines(node: Node) -> Deadlines:
    if not node.has("deadlines"):
        return Deadlines()
    within = node.mapping("deadlines")
    within.only("accept", "first_contact", "meeting")
    return Deadlines(
        accept=_duration(within, "accept"),
        first_contact=_duration(within, "first_contact"),
        meeting=_duration(within, "meeting"),
    )


def _duration(node: Node, key: str) -> int | None:
    if not node.has(key):
        return None
    text = node.text(key)
    found = _DURATION.fullmatch(text)
    if found is None:
        message = Label(
            "30m（分）・4h（時間）・2d（営業日、8時間）のように書いてください。",
            "Write it like 30m (minutes), 4h (hours) or 2d (business days of 8 hours).",
        )
        node.report(key, BlueprintRule.WRONG_TYPE, message)
        return None
    return int(found[1]) * _UNITS[found[2]]


def _motion(node: Node) -> Motion:
    node.only("code", "label", "ownership")
    return Motion(node.code("code"), node.label("label"), node.choice("ownership", Ownership))


def _motion_rule(node: Node) -> MotionRule | None:
    node.only("when", "motion")
    if not node.has("when"):
        node.text("when")
    when, motion = node.condition("when"), node.code("motion")
    return None if when is None else MotionRule(when, motion)
