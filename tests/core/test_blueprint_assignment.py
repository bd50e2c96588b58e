"""The assignment rules of a blueprint: read, judged and written."""

import pytest
import yaml

from tasuki.core.blueprint import (
    AssignmentRule,
    BlueprintInvalid,
    BlueprintRule,
    read_blueprint,
    write_blueprint,
)
from tasuki.core.conditions import parse_condition
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tests.core.processes import the_model
from tests.core.small_process import Entry, small_process

LABEL = {"ja": "順に", "en": "In turn"}
RULE: Entry = {"key": "in_turn", "label": LABEL, "department": "field_sales"}


def text_with(*rules: Entry) -> str:
    return yaml.safe_dump({**small_process(), "assignment": list(rules)})


def problems_of(*rules: Entry) -> list[tuple[str, BlueprintRule]]:
    with pytest.raises(BlueprintInvalid) as caught:
        read_blueprint(text=text_with(*rules))
    assert all(problem.message.ja and problem.message.en for problem in caught.value.problems)
    return [(problem.path, problem.rule) for problem in caught.value.problems]


def test_a_whole_rule_and_a_bare_one() -> None:
    whole: Entry = {
        **RULE,
        "key": "large",
        "when": "account.employees >= 300",
        "team": "東日本チーム",
        "people": [" Sato@Tasuki.example", "mori@tasuki.example"],
        "keep_account": True,
    }
    blueprint = read_blueprint(text=text_with(whole, RULE))
    assert blueprint.assignment == (
        AssignmentRule(
            key="large",
            label=Label("順に", "In turn"),
            department=Department.FIELD_SALES,
            when=parse_condition(text="account.employees >= 300"),
            team="東日本チーム",
            people=("sato@tasuki.example", "mori@tasuki.example"),
            keep_account=True,
        ),
        AssignmentRule(
            key="in_turn", label=Label("順に", "In turn"), department=Department.FIELD_SALES
        ),
    )
    assert read_blueprint(text=write_blueprint(blueprint=blueprint)) == blueprint


def test_what_is_usual_is_not_written() -> None:
    written = write_blueprint(blueprint=read_blueprint(text=text_with(RULE)))
    assert yaml.safe_load(written)["assignment"] == [RULE]


def test_the_model_has_a_rule_for_every_department() -> None:
    rules = the_model().assignment
    assert [rule.department for rule in rules] == list(Department)
    assert all(rule.keep_account and rule.when is None for rule in rules)


@pytest.mark.parametrize(
    ("rules", "path", "broken"),
    [
        ([{**RULE, "who": "x"}], "assignment[0].who", BlueprintRule.UNKNOWN_KEY),
        ([{**RULE, "key": "a b"}], "assignment[0].key", BlueprintRule.WRONG_CODE),
        ([{**RULE, "label": {"ja": "順"}}], "assignment[0].label.en", BlueprintRule.LABEL_LANGUAGE),
        ([{**RULE, "department": "sales"}], "assignment[0].department", BlueprintRule.NO_OWNER),
        ([{**RULE, "team": " "}], "assignment[0].team", BlueprintRule.WRONG_TYPE),
        ([{**RULE, "people": ["sato"]}], "assignment[0].people[0]", BlueprintRule.WRONG_CODE),
        (
            [{**RULE, "people": ["a@b.example", "A@b.example"]}],
            "assignment[0].people[1]",
            BlueprintRule.DUPLICATE,
        ),
        (
            [{**RULE, "when": "account.size > 3"}],
            "assignment[0].when",
            BlueprintRule.CONDITION,
        ),
        (
            [{**RULE, "when": 'account.employees = "many"'}],
            "assignment[0].when",
            BlueprintRule.CONDITION,
        ),
        ([{**RULE, "when": "and"}, RULE], "assignment[0].when", BlueprintRule.CONDITION),
        ([{**RULE, "keep_account": 1}], "assignment[0].keep_account", BlueprintRule.WRONG_TYPE),
        (
            [{**RULE, "when": "account.is_named = true"}, RULE],
            "assignment[1].key",
            BlueprintRule.DUPLICATE,
        ),
        ([RULE, {**RULE, "key": "later"}], "assignment[1]", BlueprintRule.WRONG_ORDER),
    ],
)
def test_what_is_wrong_is_said_where_it_is(
    rules: list[Entry], path: str, broken: BlueprintRule
) -> None:
    assert problems_of(*rules) == [(path, broken)]
