"""What an address narrows a list by, and what of it is left out and told."""

from datetime import date

import pytest
from django.http import QueryDict

from tasuki.core.blueprint import Blueprint, read_blueprint
from tasuki.journeys.queries.blueprints import default_blueprint_text
from tasuki.journeys.queries.filters import FilterProblem, JourneyFilter, read_filter


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    """The default process."""
    return read_blueprint(text=default_blueprint_text())


def read(query: str, blueprint: Blueprint) -> JourneyFilter:
    """Read an address."""
    return read_filter(parameters=QueryDict(query), blueprint=blueprint)


def test_an_address_without_conditions_narrows_nothing(blueprint: Blueprint) -> None:
    chosen = read("sort=name&state=all", blueprint)

    assert chosen == JourneyFilter()
    assert chosen.is_empty
    assert not chosen.is_about_stays


def test_values_are_repeated_or_divided_by_commas(blueprint: Blueprint) -> None:
    chosen = read("stage=MQL,SAL&stage=SQL,MQL&owner=me,none,7", blueprint)

    assert chosen.stage == ("MQL", "SAL", "SQL")
    assert chosen.owner == ("me", "none", "7")
    assert chosen.problems == ()


def test_dates_amounts_and_text_are_read(blueprint: Blueprint) -> None:
    chosen = read(
        "entered_from=2026-10-01&left_to=2026-10-31&amount_from=1,000&q= 青葉%00 商会 ", blueprint
    )

    assert chosen.entered_from == date(2026, 10, 1)
    assert chosen.left_to == date(2026, 10, 31)
    assert chosen.amount_from == 1000
    assert chosen.q == "青葉 商会"
    assert chosen.is_about_stays


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("stage=NOPE", "stage", "NOPE"),
        ("department=hr", "department", "hr"),
        ("exit=gone", "exit", "gone"),
        ("owner=you", "owner", "you"),
        ("owner=0", "owner", "0"),
        ("owner=99999999999999999999", "owner", "99999999999999999999"),
        ("team=-1", "team", "-1"),
        ("entered_from=yesterday", "entered_from", "yesterday"),
        ("amount_to=1e3", "amount_to", "1e3"),
        ("amount_to=99999999999999999999", "amount_to", "99999999999999999999"),
        ("segment=a%00b", "segment", "a\x00b"),
        ("campaign=" + "9" * 200, "campaign", "9" * 100),
    ],
)
def test_what_cannot_be_used_is_left_out_and_told(
    query: str, name: str, value: str, blueprint: Blueprint
) -> None:
    chosen = read(query, blueprint)

    assert chosen.is_empty
    assert chosen.problems == (FilterProblem(name, value),)


def test_too_many_values_are_told(blueprint: Blueprint) -> None:
    chosen = read("owner=" + ",".join(map(str, range(1, 53))), blueprint)

    assert len(chosen.owner) == 50
    assert chosen.problems == (FilterProblem("owner", "51"), FilterProblem("owner", "52"))


def test_a_filter_is_written_as_it_is_read(blueprint: Blueprint) -> None:
    query = "stage=MQL&stage=SAL&open_on=2026-10-31&amount_to=5&q=青葉"
    chosen = read(query, blueprint)

    assert list(chosen.parameters()) == [
        ("stage", "MQL"),
        ("stage", "SAL"),
        ("open_on", "2026-10-31"),
        ("amount_to", "5"),
        ("q", "青葉"),
    ]


def test_one_condition_is_taken_away(blueprint: Blueprint) -> None:
    chosen = read("stage=MQL,SAL&open_on=2026-10-31&q=青葉", blueprint)

    assert chosen.without("stage", "MQL").stage == ("SAL",)
    assert chosen.without("stage").stage == ()
    assert chosen.without("open_on").open_on is None
    assert chosen.without("q", "青葉").q == ""
