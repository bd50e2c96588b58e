"""A process as everybody reads it: department by department, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from tasuki.core.blueprint import Blueprint, Contract, GateItem, SideTrack, Stage
from tasuki.core.blueprint.spoken import joined, spoken_minutes
from tasuki.core.conditions.tree import Condition
from tasuki.core.conditions.wording import describe_condition
from tasuki.core.departments import Department
from tasuki.core.labels import Label


@dataclass(frozen=True, slots=True)
class ItemPicture:
    """What is asked for, and where the answer comes from."""

    item: GateItem
    fields: Label


@dataclass(frozen=True, slots=True)
class StagePicture:
    """A stage with its rules in words."""

    stage: Stage
    entry: Label | None
    items: tuple[ItemPicture, ...]
    direct_from: Label | None


@dataclass(frozen=True, slots=True)
class ContractPicture:
    """A contract with its deadlines in words; None where nothing was agreed."""

    contract: Contract
    from_stages: Label
    enters: Label | None
    motions: Label | None
    items: tuple[ItemPicture, ...]
    deadlines: tuple[tuple[str, Label], ...]


@dataclass(frozen=True, slots=True)
class SidePicture:
    """A side track with the names of the stages around it."""

    side: SideTrack
    from_stages: Label
    back_to: Label | None


@dataclass(frozen=True, slots=True)
class DepartmentPicture:
    """What one department answers for."""

    department: Department
    stages: tuple[StagePicture, ...]
    contracts: tuple[ContractPicture, ...]
    sides: tuple[SidePicture, ...]


@dataclass(frozen=True, slots=True)
class ReturnPicture:
    """Who may give back to whom, and why."""

    giver: Label
    taker: Label
    reasons: Label


@dataclass(frozen=True, slots=True)
class RulePicture:
    """A condition in words, and what follows from it."""

    when: Label | None
    then: Label
    note: Label | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole process in words."""

    blueprint: Blueprint
    departments: tuple[DepartmentPicture, ...]
    returns: tuple[ReturnPicture, ...]
    motion_rules: tuple[RulePicture, ...]
    assignment: tuple[RulePicture, ...]


def picture(*, blueprint: Blueprint) -> Picture:
    """Say a process in words."""
    return _Words(blueprint).picture()


class _Words:
    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint
        self._fields = blueprint.fields
        self._names = {place.code: place.label for place in blueprint.places}
        self._motions = {motion.code: motion.label for motion in blueprint.motions}

    def picture(self) -> Picture:
        blueprint = self._blueprint
        return Picture(
            blueprint=blueprint,
            departments=tuple(self._department(each) for each in Department),
            returns=tuple(
                ReturnPicture(
                    self._name(rule.giver),
                    self._name(rule.taker),
                    joined([reason.label for reason in rule.reasons]) or Label("", ""),
                )
                for rule in blueprint.returns
            ),
            motion_rules=tuple(
                RulePicture(self._said(rule.when), self._motions.get(rule.motion, Label("", "")))
                for rule in blueprint.motion_rules
            ),
            assignment=tuple(
                RulePicture(
                    self._said(rule.when),
                    rule.label,
                    joined([Label(each, each) for each in (rule.team, *rule.people) if each]),
                )
                for rule in blueprint.assignment
            ),
        )

    def _department(self, department: Department) -> DepartmentPicture:
        blueprint = self._blueprint
        return DepartmentPicture(
            department,
            tuple(self._stage(one) for one in blueprint.stages if one.department is department),
            tuple(self._contract(one) for one in blueprint.contracts if one.giver is department),
            tuple(self._side(one) for one in blueprint.sides if one.department is department),
        )

    def _stage(self, stage: Stage) -> StagePicture:
        return StagePicture(
            stage,
            None if stage.entry is None else self._said(stage.entry),
            self._items(stage.gate),
            self._all(stage.direct_from),
        )

    def _contract(self, contract: Contract) -> ContractPicture:
        due = contract.deadlines
        times = (
            ("accept", due.accept),
            ("first_contact", due.first_contact),
            ("meeting", due.meeting),
        )
        return ContractPicture(
            contract,
            self._all(contract.from_stages) or Label("", ""),
            None if contract.enters is None else self._name(contract.enters),
            joined([self._motions.get(code, Label(code, code)) for code in contract.motions]),
            self._items(contract.items),
            tuple((key, said) for key, time in times if (said := spoken_minutes(time))),
        )

    def _side(self, side: SideTrack) -> SidePicture:
        from_stages = self._all(side.from_stages) or Label("", "")
        return SidePicture(side, from_stages, self._all(side.reactivates_to))

    def _items(self, items: Iterable[GateItem]) -> tuple[ItemPicture, ...]:
        return tuple(
            ItemPicture(
                item,
                joined([self._field(path) for path in item.fields]) or Label("", ""),
            )
            for item in items
        )

    def _field(self, path: str) -> Label:
        spec = self._fields.get(path)
        return spec.label if spec else Label(path, path)

    def _all(self, codes: Iterable[str]) -> Label | None:
        return joined([self._name(code) for code in codes])

    def _name(self, code: str) -> Label:
        if code in list(Department):
            return Department(code).label
        return self._names.get(code, Label(code, code))

    def _said(self, condition: Condition | None) -> Label | None:
        if condition is None:
            return None
        return describe_condition(condition=condition, fields=self._fields)
