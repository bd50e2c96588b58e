"""Conditions as people write them: reading, writing, and saying what is wrong where."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from tasuki.core.conditions import (
    STANDARD_FIELDS,
    Condition,
    ConditionSyntaxError,
    check_condition,
    parse_condition,
    print_condition,
)
from tasuki.core.conditions.parser import MAX_DEPTH
from tasuki.core.conditions.tokens import MAX_LENGTH
from tasuki.core.conditions.tree import (
    And,
    Between,
    Compare,
    Contains,
    In,
    IsEmpty,
    IsKnown,
    Not,
    NotIn,
    Operator,
    Or,
    Today,
    leaves,
)
from tests.core.condition_strategies import conditions

BIG = Compare("account.employees", Operator.GE, Decimal(300))
MAIL = IsKnown("person.email")
CHANNEL = In("journey.channel", ("webinar", "seminar"))

READ = [
    ("account.employees >= 300", BIG),
    ("account.employees>=300", BIG),
    ("account.employees　＞＝　３００", BIG),
    ("account.employees < -2.5", Compare("account.employees", Operator.LT, Decimal("-2.5"))),
    ('journey.channel in ["webinar", "seminar"]', CHANNEL),
    ('journey.channel not in ["seo"]', NotIn("journey.channel", ("seo",))),
    ("person.email is known", MAIL),
    ("person.email is not empty", MAIL),
    ("person.email is empty", IsEmpty("person.email")),
    ("person.email is not known", IsEmpty("person.email")),
    ("not person.email is known", Not(MAIL)),
    ("account.is_named = true", Compare("account.is_named", Operator.EQ, value=True)),
    ("account.is_named != false", Compare("account.is_named", Operator.NE, value=False)),
    ('account.name contains "製作所"', Contains("account.name", "製作所")),
    (
        'account.name = "a \\"b\\" \\\\ and or"',
        Compare("account.name", Operator.EQ, 'a "b" \\ and or'),
    ),
    (
        "account.employees between 10 and 50 and person.email is known",
        And((Between("account.employees", Decimal(10), Decimal(50)), MAIL)),
    ),
    (
        "journey.entered_at before today - 30 days",
        Compare("journey.entered_at", Operator.LT, Today(-30)),
    ),
    (
        "journey.entered_at after 2026-04-01",
        Compare("journey.entered_at", Operator.GT, date(2026, 4, 1)),
    ),
    (
        "journey.expected_close_date <= today + 2 weeks",
        Compare("journey.expected_close_date", Operator.LE, Today(14)),
    ),
    ("journey.opened_at = today", Compare("journey.opened_at", Operator.EQ, Today())),
    (
        "account.employees >= 300 and person.email is known or person.email is empty",
        Or((And((BIG, MAIL)), IsEmpty("person.email"))),
    ),
    ("account.employees >= 300 and (person.email is known)", And((BIG, MAIL))),
    (
        "account.employees >= 300 and (person.email is known or not person.email is known)",
        And((BIG, Or((MAIL, Not(MAIL))))),
    ),
]


@pytest.mark.parametrize(("text", "tree"), READ)
def test_a_condition_is_read(text: str, tree: Condition) -> None:
    assert parse_condition(text=text) == tree


WRITTEN = [
    (And((BIG, Or((CHANNEL, Not(MAIL))))), None),
    (Or((And((BIG, MAIL)), MAIL)), None),
    (
        And((And((BIG, MAIL)), MAIL)),
        "(account.employees >= 300 and person.email is known) and person.email is known",
    ),
    (
        Or((MAIL, Or((BIG, MAIL)))),
        "person.email is known or (account.employees >= 300 or person.email is known)",
    ),
    (
        Not(And((BIG, MAIL))),
        "not (account.employees >= 300 and person.email is known)",
    ),
    (Not(Not(MAIL)), "not not person.email is known"),
    (
        Compare("journey.entered_at", Operator.LT, Today(-1)),
        "journey.entered_at before today - 1 day",
    ),
    (
        Compare("journey.entered_at", Operator.GT, date(2026, 4, 1)),
        "journey.entered_at after 2026-04-01",
    ),
    (
        Compare("journey.entered_at", Operator.GE, Today(2)),
        "journey.entered_at >= today + 2 days",
    ),
    (Compare("journey.entered_at", Operator.EQ, Today()), "journey.entered_at = today"),
    (Compare("account.employees", Operator.EQ, Decimal("1E+3")), "account.employees = 1000"),
    (Compare("account.is_named", Operator.EQ, value=False), "account.is_named = false"),
]


@pytest.mark.parametrize(("tree", "text"), WRITTEN)
def test_a_condition_is_written_with_the_fewest_brackets(tree: Condition, text: str | None) -> None:
    expected = text or print_condition(condition=tree)

    assert print_condition(condition=tree) == expected
    assert parse_condition(text=expected) == tree


def test_the_written_form_is_what_people_write() -> None:
    text = (
        'account.employees >= 300 and (journey.channel in ["webinar", "seminar"] '
        "or not person.email is known)"
    )

    assert print_condition(condition=parse_condition(text=text)) == text


@given(condition=conditions(STANDARD_FIELDS))
def test_what_is_written_is_read_back_equal(condition: Condition) -> None:
    assert parse_condition(text=print_condition(condition=condition)) == condition


WRONG = [
    ("", 0, "Expected a field such as account.employees, but it ends here."),
    ("300", 0, 'Expected a field such as account.employees, but found "300".'),
    ('"a" = 3', 0, 'Expected a field such as account.employees, but found "a".'),
    (
        "employees = 3",
        0,
        '"employees" is no field. Fields are written like account.employees. '
        'Did you mean "account.employees"?',
    ),
    ("xyz = 3", 0, '"xyz" is no field. Fields are written like account.employees.'),
    ("account.name =", 14, "Expected a value, but it ends here."),
    ("account.name = hot", 15, 'Write texts in quotes: "hot".'),
    ("account.name = )", 15, 'Expected a value, but found ")".'),
    (
        "account.name",
        12,
        "Expected a comparison (= != < <= > >= before after in between contains is), "
        "but it ends here.",
    ),
    (
        'account.name "="',
        13,
        "Expected a comparison (= != < <= > >= before after in between contains is), "
        'but found "=".',
    ),
    ("account.name not known", 17, None),
    ("account.name is there", 16, 'Expected "known" or "empty", but found "there".'),
    ("account.name contains 3", 22, 'Expected a text in quotation marks, but found "3".'),
    ("account.name in 3", 16, 'Expected "[", but found "3".'),
    ('account.name in ["a" "b"]', 21, 'Expected "]", but found "b".'),
    ("account.name in []", 17, 'Expected a value, but found "]".'),
    ("(account.name is known", 22, 'Expected ")", but it ends here.'),
    ("account.name is known x", 22, 'Expected "and", "or" or the end, but found "x".'),
    ("account.employees between 1, 2", 27, 'Expected "and", but found ",".'),
    ("account.employees = -x", 21, 'Expected a number, but found "x".'),
    ("journey.opened_at = 2026-02-30", 20, "There is no such date as 2026-02-30."),
    (
        "journey.opened_at = today - 3 months",
        30,
        'Expected a whole number of "days" or "weeks", but found "months".',
    ),
    (
        "journey.opened_at = today - 1.5 days",
        32,
        'Expected a whole number of "days" or "weeks", but found "days".',
    ),
    ('account.name = "a', 15, 'The quotation mark " is never closed.'),
    (
        'account.name = "a\\nb"',
        17,
        'Inside quotation marks write \\ as \\\\ and " as \\".',
    ),
    ("account.name ; 3", 13, '";" has no meaning here. Put texts in quotation marks.'),
    ("account.name = \x00", 15, "This character cannot be used."),
    ('account.name = "\ud800"', 16, "This character cannot be used."),
    ("(" * (MAX_DEPTH + 2), MAX_DEPTH + 1, "This is nested too deeply."),
    ("not " * 5000, 4 * (MAX_DEPTH + 1), None),
]


@pytest.mark.parametrize(("text", "position", "message"), WRONG)
def test_a_mistake_is_told_with_its_place(text: str, position: int, message: str | None) -> None:
    if len(text) > MAX_LENGTH:
        position, message = MAX_LENGTH, "The condition is too long (at most 10000 characters)."
    with pytest.raises(ConditionSyntaxError) as refused:
        parse_condition(text=text)

    assert refused.value.position == position
    assert message is None or refused.value.message.en == message
    assert refused.value.message.ja


CHECKED = [
    ('account.industry = "製造業" and account.employees between 1 and 5', []),
    ("person.email is known", []),
    ('account.industry not in ["a"]', []),
    ('account.name contains "株"', []),
    ("journey.opened_at after today - 1 day", []),
    (
        "account.employes > 3",
        [
            (
                "unknown_field",
                'There is no field "account.employes". Did you mean "account.employees"?',
            )
        ],
    ),
    ("answers.need is known", [("unknown_field", 'There is no field "answers.need".')]),
    (
        'account.employees = "x"',
        [("wrong_type", '"Employees" is compared with a number, not with "x".')],
    ),
    (
        "account.is_named = 1",
        [("wrong_type", '"Target account" is compared with true or false, not with 1.')],
    ),
    (
        "journey.opened_at between 1 and today",
        [
            (
                "wrong_type",
                '"Opened" is compared with a date (2026-04-01, today - 30 days), not with 1.',
            )
        ],
    ),
    (
        'account.name < "a"',
        [("wrong_comparison", '"Account name" cannot be compared in this way.')],
    ),
    (
        'account.name between "a" and "b"',
        [("wrong_comparison", '"Account name" cannot be compared in this way.')],
    ),
    (
        'account.employees contains "3"',
        [("wrong_comparison", '"Employees" cannot be compared in this way.')],
    ),
    (
        'journey.temperature in ["hot", "wam", 3]',
        [
            ("unknown_choice", '"Temperature" has no choice "wam". Did you mean "warm"?'),
            (
                "wrong_type",
                '"Temperature" is compared with one of its choices in quotes ("…"), not with 3.',
            ),
        ],
    ),
]


@pytest.mark.parametrize(("text", "problems"), CHECKED)
def test_fields_and_types_are_judged(text: str, problems: list[tuple[str, str]]) -> None:
    found = check_condition(condition=parse_condition(text=text), fields=STANDARD_FIELDS)

    assert [(problem.rule, problem.message.en) for problem in found] == problems
    assert all(problem.message.ja for problem in found)


def test_every_leaf_is_visited_from_left_to_right() -> None:
    tree = And((BIG, Not(Or((MAIL, CHANNEL)))))

    assert list(leaves(tree)) == [BIG, MAIL, CHANNEL]


def test_a_group_needs_parts() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        And((BIG,))
    with pytest.raises(ValueError, match="at least 1"):
        In("account.name", ())
