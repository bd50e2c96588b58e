"""Who works in a department, how much they take, and whether they are there."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import Grant, Role
from tasuki.core.assignment import Presence
from tasuki.core.departments import Department
from tasuki.core.worktime import Span, WeeklyHours
from tasuki.people.capacity import department_members, save_profiles
from tasuki.people.models import Absence, User, WorkingCalendar, WorkingProfile
from tasuki.people.operations import save_calendar
from tasuki.people.presence import presence_of
from tests.people.factories import NOW, make_team, make_user

pytestmark = pytest.mark.django_db

INSIDE_SALES, FIELD_SALES = Department.INSIDE_SALES, Department.FIELD_SALES
TOKYO = ZoneInfo("Asia/Tokyo")


def shares(department: Department) -> dict[int, tuple[Decimal, int | None]]:
    found = department_members(department=department)
    return {item.user.pk: (item.weight, item.capacity) for item in found}


# ---- who works there


def test_members_take_a_share_and_managers_none_until_told() -> None:
    member = make_user(Grant(Role.MEMBER, INSIDE_SALES))
    manager = make_user(Grant(Role.MANAGER, INSIDE_SALES))
    both = make_user(Grant(Role.MANAGER, INSIDE_SALES), Grant(Role.MEMBER, INSIDE_SALES))
    make_user(Grant(Role.VIEWER, INSIDE_SALES))
    make_user(Grant(Role.MEMBER, FIELD_SALES))
    make_user(
        Grant(Role.MEMBER, INSIDE_SALES),
        is_active=False,
        deactivated_at=NOW,
        email="gone@x.jp",
    )
    assert shares(INSIDE_SALES) == {
        member.pk: (Decimal(1), None),
        manager.pk: (Decimal(0), None),
        both.pk: (Decimal(1), None),
    }


def test_one_person_in_two_departments_has_two_shares() -> None:
    person = make_user(Grant(Role.MEMBER, INSIDE_SALES), Grant(Role.MEMBER, FIELD_SALES))
    row = WorkingProfile(user=person, department=FIELD_SALES, weight=Decimal("0.5"), capacity=20)
    save_profiles(profiles=[row])
    assert shares(INSIDE_SALES) == {person.pk: (Decimal(1), None)}
    assert shares(FIELD_SALES) == {person.pk: (Decimal("0.5"), 20)}
    again = WorkingProfile(user=person, department=FIELD_SALES, weight=Decimal(2), capacity=None)
    save_profiles(profiles=[again])
    assert shares(FIELD_SALES) == {person.pk: (Decimal(2), None)}
    assert WorkingProfile.objects.count() == 1


def test_a_grant_without_a_place_is_for_where_the_team_works() -> None:
    team = make_team(department=INSIDE_SALES)
    crossing = make_team()
    in_team = make_user(Role.MEMBER, team=team)
    of_team = make_user(Grant(Role.MEMBER, team_id=team.pk))
    everywhere = make_user(Role.MEMBER)
    across = make_user(Role.MEMBER, team=crossing)
    assert set(shares(INSIDE_SALES)) == {in_team.pk, of_team.pk, everywhere.pk, across.pk}
    assert set(shares(FIELD_SALES)) == {everywhere.pk, across.pk}


def test_members_are_read_in_a_fixed_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        make_user(Grant(Role.MEMBER, INSIDE_SALES), team=make_team())
    with django_assert_num_queries(3):
        assert len(department_members(department=INSIDE_SALES)) == 5


# ---- who is there


def away(user: User, *, since: datetime, until: datetime, cancelled: bool = False) -> None:
    Absence.objects.create(
        user=user,
        starts_at=since,
        ends_at=until,
        cancelled_at=NOW if cancelled else None,
    )


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, number, hour, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (day(24), day(25), Presence.BACK_SOON),  # back on Wednesday morning
        (day(24), day(24, 15), Presence.HERE),  # back this afternoon
        (day(23), day(28), Presence.AWAY),  # back on Monday, six days on
        (day(24), day(27), Presence.BACK_SOON),  # back on Friday, three days on
        (day(25), day(28), Presence.HERE),  # leaves tomorrow
        (day(23), day(24), Presence.HERE),  # has just come back
        (day(1), datetime(2029, 1, 1, tzinfo=UTC), Presence.AWAY),
    ],
)
def test_presence_is_judged_by_the_next_working_time(
    since: datetime, until: datetime, expected: Presence
) -> None:
    person = make_user()
    away(person, since=since, until=until)
    assert presence_of(users=[person], now=NOW) == {person.pk: expected}


def test_at_night_and_on_sunday_nobody_is_absent() -> None:
    person = make_user()
    away(person, since=day(21), until=day(24))  # Saturday to Monday, a holiday
    assert presence_of(users=[person], now=day(22, 3)) == {person.pk: Presence.HERE}


def test_an_absence_that_was_taken_back_does_not_count() -> None:
    person = make_user()
    away(person, since=day(24), until=day(30), cancelled=True)
    assert presence_of(users=[person], now=NOW) == {person.pk: Presence.HERE}


def test_the_calendar_of_the_team_counts() -> None:
    weekend = WorkingCalendar(name="週末", observes_public_holidays=False)
    hours = WeeklyHours({6: (Span(600, 1200),)})
    calendar = save_calendar(calendar=weekend, hours=hours)
    usual = WorkingCalendar(name="ふだん", is_default=True)
    save_calendar(calendar=usual, hours=WeeklyHours({n: (Span(540, 1080),) for n in range(5)}))
    on_sundays = make_user(team=make_team(calendar=calendar))
    on_weekdays = make_user(team=make_team())
    for person in (on_sundays, on_weekdays):
        away(person, since=day(24), until=day(28))
    assert presence_of(users=[on_sundays, on_weekdays], now=NOW) == {
        on_sundays.pk: Presence.HERE,
        on_weekdays.pk: Presence.AWAY,
    }


def test_a_calendar_without_hours_has_nobody_there() -> None:
    empty = WorkingCalendar.objects.create(name="空", is_default=True)
    person = make_user()
    away(person, since=day(24), until=day(25))
    assert empty.is_default
    assert presence_of(users=[person], now=NOW) == {person.pk: Presence.AWAY}


def test_presence_is_read_in_a_fixed_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [make_user() for _ in range(6)]
    for person in people[:4]:
        away(person, since=day(24), until=day(24) + timedelta(days=9))
    with django_assert_num_queries(3):
        found = presence_of(users=people, now=NOW)
    assert list(found.values()).count(Presence.AWAY) == 4
