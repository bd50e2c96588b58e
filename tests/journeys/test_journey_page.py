"""What the record pages read: only what may be seen, shadows followed to their winners."""

import pytest

from tasuki.core.access import Access, Grant, Role, Scope
from tasuki.journeys.models import Journey
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.operations.merging import merge
from tasuki.journeys.queries import journey_page as pages
from tests.journeys import factories as make
from tests.journeys.factories import act

pytestmark = pytest.mark.django_db
ALL = Access(user_id=1, grants=(Grant(Role.VIEWER),))


@pytest.fixture(autouse=True)
def _process() -> None:
    make.process()


def own(user_id: int) -> Access:
    """Somebody who sees only what they carry."""
    return Access(user_id=user_id, grants=(Grant(Role.MEMBER, sees=Scope.OWN),))


def test_a_journey_is_found_by_who_may_see_it() -> None:
    user = make.user()
    journey = make.journey(holder=Holder(owner_id=user.pk, team_id=None))
    assert pages.find_journey(journey_id=journey.pk, access=ALL) == journey
    assert pages.find_journey(journey_id=journey.pk, access=own(user.pk)) == journey
    assert pages.find_journey(journey_id=journey.pk, access=own(user.pk + 1)) is None


def test_a_company_and_its_people_are_seen_with_one_of_its_journeys() -> None:
    user = make.user()
    journey = make.journey(holder=Holder(owner_id=user.pk, team_id=None))
    mine = make.account("担当企業", owner_id=user.pk)
    hidden = make.account("見えない企業")
    access = own(user.pk)
    seen = pages.visible_accounts(access=access).values_list("pk", flat=True)
    assert set(seen) == {journey.account_id, mine.pk}
    assert pages.find_company(account_id=hidden.pk, access=access) is None
    assert pages.find_company(account_id=999_999, access=ALL) is None
    assert journey.person_id is not None
    assert pages.find_person(person_id=journey.person_id, access=access) is not None
    assert pages.find_person(person_id=journey.person_id, access=own(user.pk + 1)) is None
    assert pages.find_person(person_id=999_999, access=ALL) is None
    assert pages.visible_persons(access=ALL).count() == 1


def test_shadows_lead_to_their_winner_and_are_counted_with_it() -> None:
    first, second, third = (make.account(name) for name in ("甲", "乙", "丙"))
    merge(entity="account", winner_id=second.pk, loser_id=third.pk, act=act())
    merge(entity="account", winner_id=first.pk, loser_id=second.pk, act=act())
    company = pages.find_company(account_id=third.pk, access=ALL)
    assert company is not None
    assert pages.winner_of(company.account) == first.pk
    assert pages.shadows_of_account(first.pk) == (first.pk, second.pk, third.pk)
    merges = pages.merges_of(entity="account", record_ids=[first.pk])
    assert [one.loser_id for one in merges] == [second.pk]


def test_personal_data_follows_the_journeys_that_the_right_reaches() -> None:
    user = make.user()
    journey = make.journey(holder=Holder(owner_id=user.pk, team_id=None))
    assert journey.person_id is not None
    assert not pages.sees_people(access=ALL, person_ids=[journey.person_id])
    assert pages.sees_people(access=own(user.pk), person_ids=[journey.person_id])
    assert not pages.sees_people(access=own(user.pk + 1), account_ids=[journey.account_id])
    whole = Access(user_id=9, grants=(Grant(Role.MANAGER),))
    assert pages.sees_people(access=whole, account_ids=[journey.account_id])
    assert pages.sees_person_of(journey=journey, owner_ids={user.pk}, access=own(user.pk))


def test_personal_data_of_a_journey_that_nobody_answers_for_needs_the_whole_right() -> None:
    journey = Journey(department="")
    assert not pages.sees_person_of(journey=journey, owner_ids=(), access=own(1))


def test_a_request_that_was_carried_out_is_known() -> None:
    journey = make.journey()
    assert not pages.was_carried_out(request_key="")
    assert not pages.was_carried_out(request_key="k")
    latest = pages.latest_event(journey_id=journey.pk)
    assert latest is not None
    assert latest.kind == "journey_opened"
