"""The journey page tells why its owner was chosen, where a rule chose."""

import pytest
from django.test import Client

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.journeys.models import Journey
from tasuki.journeys.operations.assigning import assign_by_rule
from tasuki.journeys.operations.assignment import Holder, assign_owner
from tasuki.people.models import User
from tests.journeys import factories as make
from tests.people.factories import client_of, make_user
from tests.records.visits import english, page_of

pytestmark = pytest.mark.django_db

MARKETING = Department.MARKETING


@pytest.fixture(autouse=True)
def _process() -> None:
    make.process()


@pytest.fixture
def browser() -> Client:
    return english(client_of(make_user(Role.VIEWER)))


def member(given_name: str = "一郎") -> User:
    return make_user(Grant(Role.MEMBER, MARKETING), given_name=given_name)


def assigned() -> Journey:
    fresh = make.journey()
    return assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=make.act())


def test_it_names_the_rule_the_reason_and_who_was_passed_over(browser: Client) -> None:
    busy = member("多忙")
    make.journey(holder=Holder(owner_id=busy.pk, team_id=None))
    member("手空き")
    body = page_of(browser, assigned())
    for text in (
        "Why this person",
        "Has the smallest load",
        "Rule: Marketing in turn",
        "山田 多忙: Has a larger load",
    ):
        assert text in body
    assert "more</span>" not in body


def test_of_many_who_were_passed_over_the_first_are_named(browser: Client) -> None:
    for _ in range(11):
        member()
    assert "and 2 more" in page_of(browser, assigned())


def test_after_a_change_by_hand_there_is_nothing_to_tell(browser: Client) -> None:
    member()
    chosen = assigned()
    other = member()
    assign_owner(
        journey_id=chosen.pk, holder=Holder(owner_id=other.pk, team_id=None), act=make.act()
    )
    assert "Why this person" not in page_of(browser, chosen)


def test_where_nobody_was_chosen_there_is_nothing_to_tell(browser: Client) -> None:
    assert "Why this person" not in page_of(browser, assigned())
