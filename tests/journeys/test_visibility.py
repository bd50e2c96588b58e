"""The filter over journeys agrees with what `Access.may_see` says of each one."""

import itertools

import pytest

from tasuki.core.access import Access, Area, Capability, Grant, Reach, Role, Scope
from tasuki.core.departments import Department
from tasuki.core.lifecycle import Exit
from tasuki.journeys.models import Journey, Stay
from tasuki.journeys.queries.visibility import reachable, visible_journeys
from tasuki.people.models import Team, User
from tests.analytics.company import Company, Step, employ, found_company

pytestmark = pytest.mark.django_db


def _team(name: str, department: Department) -> Team:
    return Team.objects.create(name_ja=name, department=department.value)


def _journeys_of_all_sorts(
    company: Company, holders: list[tuple[User | None, Team | None]]
) -> None:
    for (first, first_team), (now, now_team) in itertools.product(holders, holders):
        company.journey(
            [
                Step(
                    "MQL", "2026-04-01", "2026-04-02", Exit.ADVANCED, "SAL", "", first, first_team
                ),
                Step("SAL", "2026-04-02", owner=now, team=now_team),
            ]
        )
        company.journey([Step("LEAD", "2026-04-01", owner=now, team=now_team)])


def _may_see(access: Access) -> set[int]:
    return {
        journey.pk
        for journey in Journey.objects.all()
        if access.may_see(
            owner_ids=_owners(journey),
            team_id=journey.team_id,
            department=Department(journey.department),
        )
    }


def _owners(journey: Journey) -> set[int]:
    stays = Stay.objects.filter(journey=journey).values_list("owner_id", flat=True)
    return {owner for owner in (*stays, journey.owner_id) if owner is not None}


def test_every_grant_filters_as_it_judges() -> None:
    company = found_company()
    teams = [_team("内勤一課", Department.INSIDE_SALES), _team("企画", Department.MARKETING)]
    users = [employ(f"{name}@example.jp", team=teams[0]) for name in ("aoki", "baba")]
    _journeys_of_all_sorts(
        company, [(None, None), (None, teams[1]), (users[0], teams[0]), (users[1], teams[1])]
    )
    places = [(None, None), (Department.MARKETING, None), (Department.INSIDE_SALES, teams[0].pk)]

    for role, (department, team_id), sees in itertools.product(Role, places, Scope):
        access = Access(
            users[0].pk, (Grant(role, department, team_id, sees),), frozenset({teams[0].pk})
        )
        found = set(visible_journeys(access=access).values_list("pk", flat=True))

        assert found == _may_see(access), (role, department, team_id, sees)


def test_a_reach_of_nothing_finds_nothing() -> None:
    found_company().journey([Step("LEAD", "2026-04-01")])

    assert not Journey.objects.filter(reachable(reach=Reach(), user_id=1)).exists()


def test_an_area_of_everything_finds_everything() -> None:
    journey = found_company().journey([Step("LEAD", "2026-04-01")])
    reach = Reach(areas=frozenset({Area()}))

    assert Journey.objects.filter(reachable(reach=reach, user_id=1)).get() == journey


def test_a_capability_that_is_not_held_reaches_nothing() -> None:
    found_company().journey([Step("LEAD", "2026-04-01")])
    viewer = Access(1, (Grant(Role.VIEWER),))

    assert visible_journeys(access=viewer).count() == 1
    assert not visible_journeys(access=viewer, capability=Capability.EXPORT).exists()
