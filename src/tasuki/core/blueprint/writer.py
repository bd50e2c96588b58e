"""Writing a blueprint as YAML that people read and `read_blueprint` reads back."""

import yaml

from tasuki.core.blueprint.assignment import write_assignment_rule
from tasuki.core.blueprint.contracts import (
    MINUTES_PER_BUSINESS_DAY,
    Contract,
    ContractKind,
    Deadlines,
)
from tasuki.core.blueprint.items import GateItem, Reason
from tasuki.core.blueprint.types import (
    Blueprint,
    JourneyKind,
    ReturnRule,
    SideTrack,
    Stage,
)
from tasuki.core.conditions.fields import STANDARD_FIELDS
from tasuki.core.conditions.printer import print_condition
from tasuki.core.labels import Label

_Entry = dict[str, object]


def write_blueprint(*, blueprint: Blueprint) -> str:
    """Write a process as YAML, leaving out what has its usual value.

    Shape: text; reading it back gives an equal blueprint.
    """
    entry: _Entry = {
        "key": blueprint.key,
        "label": _label(blueprint.label),
        "stages": [_stage(stage) for stage in blueprint.stages],
        "sides": [_side(side) for side in blueprint.sides],
        "returns": [_return(rule) for rule in blueprint.returns],
        "motions": [
            {
                "code": motion.code,
                "label": _label(motion.label),
                "ownership": motion.ownership.value,
            }
            for motion in blueprint.motions
        ],
        "default_motion": blueprint.default_motion,
        "motion_rules": [
            {"when": print_condition(condition=rule.when), "motion": rule.motion}
            for rule in blueprint.motion_rules
        ],
        "contracts": [_contract(contract) for contract in blueprint.contracts],
        "assignment": [
            {"key": rule.key, "label": _label(rule.label), **write_assignment_rule(rule)}
            for rule in blueprint.assignment
        ],
    }
    return yaml.dump(entry, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)


class _Dumper(yaml.SafeDumper):
    """Repeats what occurs twice: an anchor says nothing to a person."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


class _OneLine(dict[str, object]):
    """A small mapping that stands on the line of its key."""


def _write_one_line(dumper: _Dumper, entry: _OneLine) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", entry, flow_style=True)


_Dumper.add_representer(_OneLine, _write_one_line)


def _label(label: Label) -> _Entry:
    return _OneLine(ja=label.ja, en=label.en)


def _told(**values: object) -> _Entry:
    """Keep what says something: not None, not false, not an empty list."""
    return {
        key: value
        for key, value in values.items()
        if value is not None and value is not False and value != []
    }


def _stage(stage: Stage) -> _Entry:
    return _told(
        code=stage.code,
        label=_label(stage.label),
        department=stage.department.value,
        line=None if stage.line is JourneyKind.NEW else stage.line.value,
        wins=stage.wins,
        direct_from=list(stage.direct_from),
        enter_when=_label(stage.enter_when),
        entry=None if stage.entry is None else print_condition(condition=stage.entry),
        stall_days=stage.stall_days,
        probability_ratio=stage.probability_ratio,
        gate=[_gate_item(item) for item in stage.gate],
    )


def _gate_item(item: GateItem) -> _Entry:
    entry = _told(
        key=item.key,
        field=item.field,
        alternatives=list(item.alternatives),
        kind=None if item.field in STANDARD_FIELDS else item.kind.value,
        label=_label(item.label),
        guidance=None if item.guidance is None else _label(item.guidance),
        choices=[{"code": c.code, "label": _label(c.label)} for c in item.choices],
    )
    return entry if item.required else {**entry, "required": False}


def _side(side: SideTrack) -> _Entry:
    return _told(
        code=side.code,
        label=_label(side.label),
        department=side.department.value,
        move=side.move.value,
        enter_when=_label(side.enter_when),
        from_stages=list(side.from_stages),
        needs_revisit_date=side.needs_revisit_date,
        reactivates_to=list(side.reactivates_to),
        reasons=[_reason(reason) for reason in side.reasons],
    )


def _return(rule: ReturnRule) -> _Entry:
    return {
        "giver": rule.giver,
        "taker": rule.taker,
        "reasons": [_reason(reason) for reason in rule.reasons],
    }


def _contract(contract: Contract) -> _Entry:
    return _told(
        key=contract.key,
        label=_label(contract.label),
        kind=None if contract.kind is ContractKind.FORWARD else contract.kind.value,
        giver=contract.giver.value,
        taker=contract.taker.value,
        from_stages=list(contract.from_stages),
        enters=contract.enters,
        motions=list(contract.motions),
        deadlines=_deadlines(contract.deadlines),
        items=[_gate_item(item) for item in contract.items],
        reasons=[_reason(reason) for reason in contract.reasons],
    )


def _deadlines(deadlines: Deadlines) -> _Entry | None:
    told = _told(
        accept=_duration(deadlines.accept),
        first_contact=_duration(deadlines.first_contact),
        meeting=_duration(deadlines.meeting),
    )
    return _OneLine(told) if told else None


def _duration(minutes: int | None) -> str | None:
    if minutes is None:
        return None
    for unit, size in (("d", MINUTES_PER_BUSINESS_DAY), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _reason(reason: Reason) -> _Entry:
    return _told(
        code=reason.code,
        label=_label(reason.label),
        needs_note=reason.needs_note,
        names_item=reason.names_item,
    )
