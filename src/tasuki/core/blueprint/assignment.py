"""Who takes a journey that comes to a department: rules of the blueprint, read, judged, written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasuki.core.blueprint.nodes import Node
from tasuki.core.blueprint.problems import BlueprintRule, Problem
from tasuki.core.conditions.check import check_condition
from tasuki.core.conditions.fields import Fields
from tasuki.core.conditions.printer import print_condition
from tasuki.core.conditions.tree import Condition
from tasuki.core.departments import Department
from tasuki.core.labels import Label

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRule:
    """One rule: which journeys of a department it is for, and among whom it chooses.

    Without `when` it is for all of them. It chooses among the members of `team` (by its Japanese
    name) and `people` (by mail address); without either, among the whole department. With
    `keep_account`, whoever of the department has carried the company before carries on.
    """

    key: str
    label: Label
    department: Department
    when: Condition | None = None
    team: str | None = None
    people: tuple[str, ...] = ()
    keep_account: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether it chooses among fewer than the whole department."""
        return self.team is not None or bool(self.people)


def read_assignment_rule(node: Node) -> AssignmentRule | None:
    """Read one rule; what is wrong is reported on the node. None for an unreadable condition."""
    node.only("key", "label", "department", "when", "team", "people", "keep_account")
    rule = AssignmentRule(
        key=node.code("key"),
        label=node.label("label"),
        department=node.choice("department", Department),
        when=node.condition("when"),
        team=node.text("team") if node.has("team") else None,
        people=tuple(address.strip().lower() for address in node.codes("people")),
        keep_account=node.flag("keep_account", default=False),
    )
    return None if rule.when is None and node.has("when") else rule


def check_assignment(*, rules: Sequence[AssignmentRule], fields: Fields) -> Iterator[Problem]:
    """Find what is wrong with the rules, in their order.

    A rule after one that takes every journey of its department would never be asked.
    """
    closed: dict[Department, str] = {}
    keys: set[str] = set()
    for index, rule in enumerate(rules):
        path = f"assignment[{index}]"
        if rule.key and rule.key in keys:
            message = Label(
                f"「{rule.key}」が二度書かれています。", f'"{rule.key}" is given twice.'
            )
            yield Problem(f"{path}.key", BlueprintRule.DUPLICATE, message)
        keys.add(rule.key)
        yield from _people(path, rule)
        if rule.when is not None:
            for found in check_condition(condition=rule.when, fields=fields):
                yield Problem(f"{path}.when", BlueprintRule.CONDITION, found.message)
        if rule.department in closed:
            yield _never_asked(path, closed[rule.department])
        elif rule.when is None:
            closed[rule.department] = rule.key


def write_assignment_rule(rule: AssignmentRule) -> dict[str, object]:
    """Give one rule as a mapping for YAML, without its label, leaving out what is usual."""
    entry: dict[str, object] = {"department": rule.department.value}
    if rule.when is not None:
        entry["when"] = print_condition(condition=rule.when)
    if rule.team is not None:
        entry["team"] = rule.team
    if rule.people:
        entry["people"] = list(rule.people)
    if rule.keep_account:
        entry["keep_account"] = True
    return entry


def _people(path: str, rule: AssignmentRule) -> Iterator[Problem]:
    for index, address in enumerate(rule.people):
        place = f"{path}.people[{index}]"
        if not _ADDRESS.fullmatch(address):
            message = Label(
                f"「{address}」はメールアドレスではありません。",
                f'"{address}" is no mail address.',
            )
            yield Problem(place, BlueprintRule.WRONG_CODE, message)
        elif address in rule.people[:index]:
            yield _twice(place, address)


def _twice(path: str, what: str) -> Problem:
    message = Label(f"「{what}」が二度書かれています。", f'"{what}" is given twice.')
    return Problem(path, BlueprintRule.DUPLICATE, message)


def _never_asked(path: str, earlier: str) -> Problem:
    message = Label(
        f"先にある「{earlier}」がすべてに当てはまるため、この規則は使われません。"
        "条件のない規則は部門の最後に置いてください。",
        f'"{earlier}" comes first and is for every journey, so this rule is never asked. '
        "Put the rule without a condition last in its department.",
    )
    return Problem(path, BlueprintRule.WRONG_ORDER, message)
