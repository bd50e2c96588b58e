"""What conditions mean: on facts, when facts are unknown, and in words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.conditions import (
    STANDARD_FIELDS,
    Condition,
    evaluate,
    parse_condition,
    unmet_parts,
)
from tasuki.core.conditions.tree import Compare, Contains, Not, Operator, Today
from tasuki.core.conditions.wording import describe_condition
from tests.core.condition_strategies import conditions

TODAY = date(2026, 4, 1)
FACTS: dict[str, object] = {
    "account.name": "株式会社青葉製作所",
    "account.industry": "",
    "account.employees": 300,
    "account.is_named": False,
    "answers.share": 0.1,
    "answers.price": Decimal("2.50"),
    "answers.day": "2026-03-31",
    "answers.list": ["a"],
    "answers.flag": True,
    "journey.channel": "webinar",
    "journey.expected_close_date": date(2026, 4, 30),
    # 0:30 on April 1 in Tokyo.
    "journey.entered_at": datetime(2026, 3, 31, 15, 30, tzinfo=UTC),
}

HOLDS = [
    "account.employees >= 300",
    "account.employees between 300 and 300",
    "account.employees != 299",
    "not account.employees > 300",
    "answers.share = 0.1",
    "answers.price = 2.5",
    'account.name contains "青葉"',
    'journey.channel in ["seo", "webinar"]',
    'journey.channel not in ["seo", "ads"]',
    "account.is_named = false",
    "answers.flag = true",
    "account.industry is empty",
    "person.email is empty",
    "account.name is known",
    "journey.entered_at = 2026-04-01",
    "journey.entered_at = today",
    "journey.entered_at after today - 1 day",
    "journey.expected_close_date between today and today + 29 days",
    "answers.day before today",
    "answers.day >= 2026-03-31",
    'not account.industry = "x"',
    'not account.industry != "x"',
    'account.industry = "x" or account.employees = 300',
]
FAILS = [
    "account.employees < 300",
    "account.employees between 301 and 400",
    "account.employees between 200 and 299",
    'account.industry = ""',
    'account.industry != "x"',
    'account.industry not in ["x"]',
    'account.industry contains ""',
    'person.email != "x"',
    'journey.channel = "Webinar"',
    "account.is_named = true",
    "journey.entered_at before 2026-04-01",
    "answers.flag = 1",
    "answers.list = 1",
    'answers.list = "a"',
    "answers.list = 2026-04-01",
    "answers.list = true",
    "account.name = 2026-04-01",
    'account.name < "z"',
    "account.is_named < true",
    'account.name is known and account.industry = "x"',
]


@pytest.mark.parametrize("text", HOLDS)
def test_holds(text: str) -> None:
    assert evaluate(condition=parse_condition(text=text), facts=FACTS, today=TODAY) is True


@pytest.mark.parametrize("text", FAILS)
def test_does_not_hold(text: str) -> None:
    assert evaluate(condition=parse_condition(text=text), facts=FACTS, today=TODAY) is False


def test_contains_speaks_of_texts_only() -> None:
    found = evaluate(condition=Contains("account.employees", "3"), facts=FACTS, today=TODAY)

    assert found is False


@pytest.mark.parametrize(
    ("days", "day"), [(10**7, date.max), (-(10**7), date.min), (1, date(2026, 4, 2))]
)
def test_relative_days_stop_at_the_end_of_the_calendar(days: int, day: date) -> None:
    assert Today(days).on(TODAY) == day


UNMET = [
    ("account.employees >= 300", []),
    ("account.employees > 300", ["account.employees > 300"]),
    (
        "account.employees > 300 and person.email is known and account.name is known",
        ["account.employees > 300", "person.email is known"],
    ),
    ("account.employees > 300 or account.name is known", []),
    (
        "account.employees > 300 or person.email is known",
        ["account.employees > 300", "person.email is known"],
    ),
    ("not account.name is known", ["not account.name is known"]),
    ("not person.email is known", []),
]


@pytest.mark.parametrize(("text", "unmet"), UNMET)
def test_what_is_missing_is_named(text: str, unmet: list[str]) -> None:
    found = unmet_parts(condition=parse_condition(text=text), facts=FACTS, today=TODAY)

    assert list(found) == [parse_condition(text=part) for part in unmet]


FACT_VALUES = st.none() | st.sampled_from(["", "a", 3, 0.5, True, TODAY, "2026-04-01"])


@given(
    condition=conditions(STANDARD_FIELDS),
    facts=st.dictionaries(st.sampled_from(sorted(STANDARD_FIELDS)), FACT_VALUES),
)
def test_nothing_is_missing_exactly_when_it_holds(
    condition: Condition, facts: dict[str, object]
) -> None:
    holds = evaluate(condition=condition, facts=facts, today=TODAY)

    assert (unmet_parts(condition=condition, facts=facts, today=TODAY) == ()) is holds
    assert evaluate(condition=Not(condition), facts=facts, today=TODAY) is not holds


@given(condition=conditions(STANDARD_FIELDS))
def test_every_condition_can_be_said(condition: Condition) -> None:
    words = describe_condition(condition=condition, fields=STANDARD_FIELDS)

    assert words.ja
    assert words.en


SAID = [
    ("account.employees >= 300", "従業員数が300以上である", "Employees is at least 300"),
    ('journey.temperature = "hot"', "温度感が「高い」である", "Temperature is Hot"),
    ('account.name != "x"', "取引先企業名が「x」でない", 'Account name is not "x"'),
    ('journey.fit in ["A", "B"]', "適合度が「A」・「B」のどれか", "Fit is one of A, B"),
    ('journey.fit not in ["A"]', "適合度が「A」のどれでもない", "Fit is none of A"),
    (
        "account.employees between 1 and 5",
        "従業員数が1から5の間",
        "Employees is between 1 and 5",
    ),
    (
        'account.name contains "x"',
        "取引先企業名が「x」を含む",
        'Account name contains "x"',
    ),
    ("person.email is known", "メールアドレスが分かっている", "E-mail address is known"),
    ("person.email is empty", "メールアドレスが空である", "E-mail address is empty"),
    ("account.is_named = true", "重点企業が「はい」である", "Target account is yes"),
    ("account.is_named = false", "重点企業が「いいえ」である", "Target account is no"),
    ("journey.opened_at before today", "開始日時が今日より前である", "Opened is before today"),
    (
        "journey.opened_at after today - 1 day",
        "開始日時が1日前より後である",
        "Opened is after 1 day ago",
    ),
    (
        "journey.opened_at <= today + 2 days",
        "開始日時が2日後以前である",
        "Opened is on or before 2 days from now",
    ),
    (
        "journey.opened_at >= 2026-04-01",
        "開始日時が2026-04-01以降である",
        "Opened is on or after 2026-04-01",
    ),
    ("answers.x is known", "answers.xが分かっている", "answers.x is known"),
    (
        "account.employees > 3 and (person.email is known or not person.phone is known)",
        "従業員数が3より大きい、かつ（メールアドレスが分かっている、または「電話番号が分かっている」に当てはまらない）",
        "Employees is above 3 and (E-mail address is known or not (Phone number is known))",
    ),
]


@pytest.mark.parametrize(("text", "ja", "en"), SAID)
def test_conditions_are_said_in_words(text: str, ja: str, en: str) -> None:
    words = describe_condition(condition=parse_condition(text=text), fields=STANDARD_FIELDS)

    assert (words.ja, words.en) == (ja, en)


def test_an_unfitting_comparison_is_false() -> None:
    condition = Compare("account.name", Operator.LT, "z")

    assert not evaluate(condition=condition, facts=FACTS, today=TODAY)
