"""People: constraints, access from grants, holidays, working time, the last administrator."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import NO_ACCESS, Access, Capability, Grant, Role, Scope
from tasuki.core.departments import Department
from tasuki.core.worktime import OFFICE_HOURS
from tasuki.people import operations
from tasuki.people.access import access_of, forget_access
from tasuki.people.holidays import public_holidays
from tasuki.people.labels import department_name, grant_text, rights_table
from tasuki.people.models import Absence, CalendarException, RoleGrant, User, WorkingCalendar
from tasuki.people.queries import demo_people, upcoming_absences, work_time_of
from tests.people.factories import NOW, make_team, make_user

pytestmark = pytest.mark.django_db
IS = Department.INSIDE_SALES


def test_names_stand_family_name_first() -> None:
    user = User(family_name="山田", given_name="太郎", family_kana="ヤマダ", given_kana="タロウ")
    assert (str(user), user.kana, user.initials) == ("山田 太郎", "ヤマダ タロウ", "山")
    assert (user.get_full_name(), user.get_short_name()) == ("山田 太郎", "山田")
    assert User(family_name="Schmidt", given_name="Anna").initials == "AS"


def test_lists_are_sorted_by_furigana() -> None:
    for kana in ("ワタナベ", "アオキ", "サトウ"):
        make_user(family_kana=kana)
    assert list(User.objects.values_list("family_kana", flat=True)) == [
        "アオキ",
        "サトウ",
        "ワタナベ",
    ]


def test_the_database_keeps_addresses_in_one_spelling() -> None:
    user = make_user(email="  Mixed@Example.JP ")
    assert user.email == "mixed@example.jp"
    assert User.objects.get_by_natural_key("MIXED@example.jp") == user
    with pytest.raises(IntegrityError, match="people_email_lower"):
        User.objects.filter(pk=user.pk).update(email="Mixed@example.jp")


def test_the_database_refuses_the_same_role_for_the_same_place_twice() -> None:
    user = make_user(Grant(Role.MEMBER, IS))
    with pytest.raises(IntegrityError, match="people_grant_once"):
        RoleGrant.objects.create(user=user, role="member", department="inside_sales", sees="own")


def test_nobody_stands_in_for_themselves() -> None:
    user = make_user()
    with pytest.raises(IntegrityError, match="people_absence_deputy"):
        Absence.objects.create(
            user=user, deputy=user, starts_at=NOW, ends_at=NOW + timedelta(hours=1)
        )


def test_access_is_one_query_and_kept(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    team, abm = make_team(department="inside_sales"), make_team()
    made = make_user(
        Grant(Role.MANAGER, None, team.pk), Grant(Role.MEMBER, None, abm.pk, Scope.TEAM), team=team
    )
    user = User.objects.get(pk=made.pk)
    with django_assert_num_queries(1):
        found = access_of(user)
        assert access_of(user) is found
    assert found == Access(
        user_id=user.pk,
        grants=(
            Grant(Role.MANAGER, IS, team.pk),
            Grant(Role.MEMBER, None, abm.pk, Scope.TEAM),
        ),
        team_ids=frozenset({team.pk, abm.pk}),
    )
    forget_access(user)
    with django_assert_num_queries(1):
        access_of(user)


def test_nobody_and_the_deactivated_have_no_access() -> None:
    closed = make_user(Role.ADMIN, is_active=False, deactivated_at=NOW)
    assert access_of(closed) == NO_ACCESS
    assert access_of(AnonymousUser()) == NO_ACCESS


def test_an_operator_may_do_everything() -> None:
    operator = User.objects.create_superuser("root@example.jp", family_name="運用")
    assert operator.is_staff
    assert all(access_of(operator).scope(item) is Scope.ALL for item in Capability)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 9, 22), "国民の休日"),
        (date(2026, 5, 6), "振替休日"),
        (date(2026, 11, 23), "勤労感謝の日"),
        (date(2027, 3, 22), "振替休日"),
    ],
)
def test_public_holidays_with_their_substitutes(day: date, name: str) -> None:
    assert public_holidays(day.year)[day] == name


def test_without_a_calendar_office_hours_hold() -> None:
    time = work_time_of(user=make_user(), since=NOW)
    assert time.hours == OFFICE_HOURS
    assert time.is_working(NOW)
    assert not time.is_working(datetime(2026, 11, 23, 1, tzinfo=UTC))  # a public holiday


def test_the_team_s_calendar_beats_the_default_and_its_days_beat_those_for_all() -> None:
    default = WorkingCalendar.objects.create(name="本社", is_default=True)
    own = WorkingCalendar.objects.create(name="窓口", observes_public_holidays=False)
    default.spans.create(weekday=0, starts_minute=540, ends_minute=600)
    own.spans.create(weekday=0, starts_minute=600, ends_minute=720)
    CalendarException.objects.create(calendar=own, date=date(2026, 11, 30), is_working=True)
    CalendarException.objects.create(date=date(2026, 11, 30))
    with_team = make_user(team=make_team(calendar=own))
    time = work_time_of(user=with_team, since=NOW)
    assert time.is_working(datetime(2026, 11, 23, 1, 30, tzinfo=UTC))
    assert time.is_working(datetime(2026, 11, 30, 1, 30, tzinfo=UTC))
    other = work_time_of(user=make_user(), since=NOW)
    assert not other.is_working(datetime(2026, 11, 30, 0, 30, tzinfo=UTC))
    assert other.is_working(datetime(2026, 12, 7, 0, 30, tzinfo=UTC))


def test_absences_that_are_over_or_taken_back_do_not_show() -> None:
    user, hour = make_user(), timedelta(hours=1)
    Absence.objects.create(user=user, starts_at=NOW - 2 * hour, ends_at=NOW)
    running = Absence.objects.create(user=user, starts_at=NOW - hour, ends_at=NOW + hour)
    back = Absence.objects.create(user=user, starts_at=NOW, ends_at=NOW + hour)
    operations.cancel_absence(absence=back, now=NOW)
    assert list(upcoming_absences(since=NOW)) == [running]


def test_the_demo_shows_the_first_of_each_role_and_department() -> None:
    first = make_user(Grant(Role.MEMBER, IS), display_order=1)
    make_user(Grant(Role.MEMBER, IS), display_order=2)
    viewer = make_user(Role.VIEWER, display_order=3)
    make_user()
    assert demo_people() == [first, viewer]


def test_words_follow_the_language() -> None:
    team = make_team("東日本", name_en="East", department="field_sales")
    make_user(Grant(Role.MANAGER, IS), Grant(Role.MEMBER, None, team.pk), Role.VIEWER)
    rows = list(RoleGrant.objects.select_related("team"))
    with translation.override("en"):
        assert [grant_text(row) for row in rows] == [
            "Manager · Inside sales",
            "Member · East",
            "Viewer",
        ]
    with translation.override("ja"):
        assert team.name == "東日本"
        assert department_name("success") == "カスタマーサクセス"
    assert [row.capability for row in rights_table()] == list(Capability)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_closing_each_other_leave_one() -> None:
    pair = [make_user(Role.ADMIN), make_user(Role.ADMIN)]
    start, results = threading.Barrier(2), list[str]()

    def close(user: User, by: User) -> None:
        start.wait(timeout=120)
        try:
            operations.deactivate_user(user=user, by=by, now=NOW)
            results.append("closed")
        except operations.LastAdminError:
            results.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=close, args=(pair[0], pair[1])),
        threading.Thread(target=close, args=(pair[1], pair[0])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(results) == ["closed", "refused"]
    assert User.objects.filter(is_active=True).count() == 1
