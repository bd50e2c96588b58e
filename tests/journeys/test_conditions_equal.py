"""A condition gives the same answer in Python and in PostgreSQL, on real rows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from tasuki.core.conditions import (
    STANDARD_FIELDS,
    Choice,
    Condition,
    FieldKind,
    FieldSpec,
    evaluate,
    parse_condition,
    print_condition,
)
from tasuki.core.conditions.tree import Compare, Contains, IsKnown, Not, Operator, Value
from tasuki.core.labels import Label
from tasuki.journeys.conditions import COLUMNS, UnableToCompile, compile_condition
from tasuki.journeys.models import Account, BlueprintVersion, Campaign, Channel, Journey, Person
from tasuki.journeys.queries.facts import journey_facts
from tests.conftest import SharedRows
from tests.core.condition_strategies import conditions

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)
NOW = datetime(2026, 4, 1, tzinfo=UTC)
MIDNIGHT_IN_TOKYO = datetime(2026, 3, 31, 15, tzinfo=UTC)
TWO = (Choice("a", Label("甲", "A")), Choice("b", Label("乙", "B")))
LABEL = Label("項目", "Item")

FIELDS = {
    **STANDARD_FIELDS,
    "answers.text": FieldSpec("answers.text", FieldKind.TEXT, LABEL),
    "answers.choice": FieldSpec("answers.choice", FieldKind.CHOICE, LABEL, TWO),
    "answers.day": FieldSpec("answers.day", FieldKind.DATE, LABEL),
    "answers.count": FieldSpec("answers.count", FieldKind.NUMBER, LABEL),
    "answers.price": FieldSpec("answers.price", FieldKind.MONEY, LABEL),
    "answers.flag": FieldSpec("answers.flag", FieldKind.FLAG, LABEL),
}
EXAMPLES: dict[str, list[Value]] = {
    "account.name": ["株A", "100%_a\\"],
    "account.employees": [Decimal(0), Decimal(3), Decimal("2.5")],
    "person.email": ["a@b", "A@b"],
    "journey.channel": ["webinar", "seo"],
    "journey.campaign": ["春"],
    "journey.amount_minor": [Decimal(300), Decimal(-1)],
    "journey.cycle": [Decimal(1), Decimal(2)],
    "answers.text": ["a", "株"],
    "answers.count": [Decimal(3), Decimal("0.1")],
}
ANSWERS: list[object] = [
    None,
    "",
    "a",
    "a株カ",
    "b",
    "2026-04-01",
    "2026-02-30",
    "2026-04-01\n",
    3,
    0.1,
    -2,
    10**20,
    True,
    False,
    ["a"],
    {},
]


@pytest.fixture(scope="module")
def journeys(shared_rows: SharedRows) -> list[Journey]:
    """Rows where every column and answer is met full, empty and missing."""
    with shared_rows():
        return _journeys()


def _journeys() -> list[Journey]:
    blueprint = BlueprintVersion.objects.create(key="k", version=1, text="", published_at=NOW)
    channels = [Channel.objects.create(code=c, label_ja=c, label_en=c) for c in ("webinar", "seo")]
    campaign = Campaign.objects.create(channel=channels[0], name="春")
    accounts = [
        Account.objects.create(
            name=name,
            domain=domain,
            employees=employees,
            is_named=employees == 3,
            industry=name[:1],
            created_at=NOW,
            updated_at=NOW,
        )
        for (name, domain), employees in product([("株A", ""), ("100%_a\\", "b")], [None, 0, 3])
    ]
    people = [
        None,
        Person.objects.create(email="", title="ａ", created_at=NOW, updated_at=NOW),
        Person.objects.create(email="a@b", phone="1", created_at=NOW, updated_at=NOW),
    ]
    keys = ["text", "choice", "day", "count", "price", "flag"]
    rows = []
    for index in range(96):
        row = Journey(
            account=accounts[index % 6],
            person=people[index % 3],
            channel=[None, *channels][index % 5 % 3],
            campaign=campaign if index % 4 == 1 else None,
            kind=["new", "renewal"][index % 2],
            stage=["LEAD", "RECYCLE"][index % 2],
            department="marketing",
            motion="abm",
            blueprint=blueprint,
            is_open=False,
            cycle=1 + index % 2,
            entered_at=MIDNIGHT_IN_TOKYO + timedelta(seconds=index % 7 - 3),
            opened_at=MIDNIGHT_IN_TOKYO - timedelta(days=index % 9),
            expected_close_date=[None, TODAY, TODAY + timedelta(days=index % 3)][index % 3],
            amount_minor=[None, 0, 300, -1, 2**40][index % 5],
            currency="JPY",
            fit=["", "A", "B"][index % 3],
            temperature=["", "hot"][index % 2],
            source=["", "a", "A", "Ａ"][index % 4],
            answers={
                key: ANSWERS[(index + shift * 5) % len(ANSWERS)]
                for shift, key in enumerate(keys)
                if (index + shift) % 5
            },
            created_at=NOW,
            updated_at=NOW,
        )
        rows.append(row)
    return Journey.objects.bulk_create(rows)


def selected(condition: Condition) -> set[int]:
    chosen = compile_condition(condition=condition, fields=FIELDS, today=TODAY)
    return set(Journey.objects.filter(chosen).values_list("pk", flat=True))


def evaluated(condition: Condition, journeys: list[Journey]) -> set[int]:
    return {
        journey.pk
        for journey in journeys
        if evaluate(condition=condition, facts=journey_facts(journey), today=TODAY)
    }


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(condition=conditions(FIELDS, EXAMPLES))
def test_python_and_postgres_agree(journeys: list[Journey], condition: Condition) -> None:
    assert selected(condition) == evaluated(condition, journeys), print_condition(
        condition=condition
    )


@pytest.mark.parametrize("path", sorted(FIELDS))
def test_known_and_its_negation_split_the_rows(journeys: list[Journey], path: str) -> None:
    known, unknown = selected(IsKnown(path)), selected(Not(IsKnown(path)))

    assert known == evaluated(IsKnown(path), journeys)
    assert known | unknown == {journey.pk for journey in journeys}
    assert not known & unknown


@pytest.mark.parametrize("day", [date.min, TODAY - timedelta(days=1), TODAY, date.max])
@pytest.mark.parametrize("operator", list(Operator))
@pytest.mark.parametrize(
    "path", ["journey.entered_at", "journey.expected_close_date", "answers.day"]
)
def test_days_compare_alike(
    journeys: list[Journey], path: str, operator: Operator, day: date
) -> None:
    for condition in (Compare(path, operator, day), Not(Compare(path, operator, day))):
        assert selected(condition) == evaluated(condition, journeys)


@pytest.mark.parametrize("number", ["2.5", "3", "-0.5", "-1", "1e30", "-1e30"])
@pytest.mark.parametrize("operator", list(Operator))
@pytest.mark.parametrize("path", ["account.employees", "journey.amount_minor", "answers.count"])
def test_numbers_compare_alike(
    journeys: list[Journey], path: str, operator: Operator, number: str
) -> None:
    compared = Compare(path, operator, Decimal(number))
    for condition in (compared, Not(compared)):
        assert selected(condition) == evaluated(condition, journeys)


@pytest.mark.parametrize("path", ["account.name", "person.email", "answers.text"])
@pytest.mark.parametrize("text", ["", "a", "%", "_", "\\", "株"])
def test_contains_compares_alike(journeys: list[Journey], path: str, text: str) -> None:
    for condition in (Contains(path, text), Not(Contains(path, text))):
        assert selected(condition) == evaluated(condition, journeys)


def test_text_is_compared_exactly(journeys: list[Journey]) -> None:
    condition = parse_condition(text='journey.source = "a"')

    assert {row.source for row in journeys if row.pk in selected(condition)} == {"a"}


def test_every_standard_field_has_a_column() -> None:
    assert COLUMNS.keys() == STANDARD_FIELDS.keys()


def test_an_unsound_condition_is_refused_with_its_problems() -> None:
    condition = parse_condition(text='account.employes = 3 and account.employees = "x"')

    with pytest.raises(UnableToCompile) as refused:
        compile_condition(condition=condition, fields=FIELDS, today=TODAY)

    assert [problem.rule for problem in refused.value.problems] == ["unknown_field", "wrong_type"]
