"""One's own settings, calendars, days off and absences: who may enter what, and what is refused."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.core.worktime import Span
from tasuki.people.models import Absence, CalendarException, User, WorkingCalendar
from tasuki.people.operations import save_calendar
from tasuki.people.queries import work_time_of
from tasuki.workspace.forms.working_time import read_spans
from tests.people.factories import client_of, make_team, make_user

pytestmark = pytest.mark.django_db

TOKYO = ZoneInfo("Asia/Tokyo")
WEEK = {f"day_{day}": "9:00-12:00, 13:00-17:30" for day in range(5)}
CALENDAR = {"name": "本社", "time_zone": "Asia/Tokyo", "observes_public_holidays": "on", **WEEK}


def tomorrow(plus: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=1 + plus)).isoformat()


@pytest.fixture
def keeper() -> Client:
    return client_of(make_user(Role.PROCESS_OWNER))


def test_my_settings_are_mine_to_change() -> None:
    user = make_user(Role.VIEWER)
    browser = client_of(user)
    fields = {
        "family_name": "改名",
        "given_name": "後",
        "language": "en",
        "theme": "dark",
        "time_zone": "Asia/Tokyo",
        "email": "taken-over@example.jp",
        "is_superuser": "on",
    }
    assert browser.post("/me/", fields).headers["Location"] == "/me/"
    changed = User.objects.get(pk=user.pk)
    assert (changed.family_name, changed.language, changed.theme) == ("改名", "en", "dark")
    assert (changed.email, changed.is_superuser) == (user.email, False)
    assert browser.cookies["tasuki_language"].value == "en"
    assert "Your settings are saved." in browser.get("/me/").content.decode()


def test_refused_settings_come_back_filled_in() -> None:
    user = make_user(Role.VIEWER)
    answer = client_of(user).post("/me/", {"family_name": "", "given_name": "記入済み"})
    assert answer.status_code == 422
    assert 'value="記入済み"' in answer.content.decode()
    assert User.objects.get(pk=user.pk).given_name == user.given_name


def test_my_absence_counts_whole_days_where_i_am() -> None:
    user, deputy = make_user(Role.MEMBER), make_user(Role.MEMBER)
    browser = client_of(user)
    fields = {"starts_date": "2027-01-12", "ends_date": "2027-01-13", "reason": "leave"}
    assert browser.post("/me/absences/", fields | {"deputy": deputy.pk}).status_code == 302
    absence = Absence.objects.get(user=user)
    assert absence.starts_at == datetime(2027, 1, 12, tzinfo=TOKYO)
    assert absence.ends_at == datetime(2027, 1, 14, tzinfo=TOKYO)
    assert (absence.first_day, absence.last_day) == (date(2027, 1, 12), date(2027, 1, 13))
    away = work_time_of(user=user, since=datetime(2027, 1, 1, tzinfo=TOKYO))
    assert not away.is_working(datetime(2027, 1, 13, 10, tzinfo=TOKYO))
    assert browser.post(f"/me/absences/{absence.pk}/cancel/").status_code == 302
    back = work_time_of(user=user, since=datetime(2027, 1, 1, tzinfo=TOKYO))
    assert back.is_working(datetime(2027, 1, 13, 10, tzinfo=TOKYO))


@pytest.mark.parametrize(
    "changed",
    [
        {"ends_date": "2027-01-11"},
        {"starts_date": "someday"},
        {"reason": "boredom"},
        {"deputy": "me"},
    ],
)
def test_impossible_absences_are_refused(changed: dict[str, str]) -> None:
    user = make_user(Role.MEMBER)
    fields = {"starts_date": "2027-01-12", "ends_date": "2027-01-13", "reason": "leave"}
    values = {key: str(user.pk) if value == "me" else value for key, value in changed.items()}
    assert client_of(user).post("/me/absences/", fields | values).status_code == 422
    assert not Absence.objects.exists()


def test_nobody_takes_back_somebody_elses_absence() -> None:
    now = timezone.now()
    absence = Absence.objects.create(
        user=make_user(Role.MEMBER), starts_at=now, ends_at=now + timedelta(days=1)
    )
    browser = client_of(make_user(Role.MEMBER))
    assert browser.post(f"/me/absences/{absence.pk}/cancel/").status_code == 404
    absence.refresh_from_db()
    assert absence.cancelled_at is None


def test_other_sessions_end_at_once() -> None:
    user = make_user(Role.MEMBER, password="sasu-kuso-2026")
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.post("/sign-in/", {"login": user.email, "password": "sasu-kuso-2026"})
    assert "ほかの端末からサインアウト" in here.get("/me/").content.decode()
    here.post("/me/sessions/end/")
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302


def test_a_calendar_is_made_with_its_week_and_changed(keeper: Client) -> None:
    assert keeper.post("/people/working-time/calendars/new/", CALENDAR).status_code == 302
    calendar = WorkingCalendar.objects.get()
    assert calendar.spans.count() == 10
    path = f"/people/working-time/calendars/{calendar.pk}/"
    assert keeper.post(path, CALENDAR | {"day_4": "", "is_default": "on"}).status_code == 302
    member = make_user(Role.MEMBER)
    hours = work_time_of(user=member, since=timezone.now()).hours
    assert hours.of(0) == (Span(540, 720), Span(780, 1050))
    assert hours.of(4) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9時から", "時間帯として読み取れません"),
        ("9:00-12:70", "時間帯として読み取れません"),
        ("9:00-12:00, 11:00-13:00", "重なっているか"),
        ("18:00-9:00", "収まっていません"),
    ],
)
def test_an_unreadable_day_is_named_and_nothing_stored(
    keeper: Client, text: str, message: str
) -> None:
    answer = keeper.post("/people/working-time/calendars/new/", CALENDAR | {"day_1": text})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert f'value="{text}"' in answer.content.decode()
    assert not WorkingCalendar.objects.exists()


def test_a_week_without_work_is_refused(keeper: Client) -> None:
    empty = {"name": "無", "time_zone": "Asia/Tokyo"}
    answer = keeper.post("/people/working-time/calendars/new/", empty)
    assert "勤務時間のある曜日が1日以上必要です。" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("9:00-12:00", (Span(540, 720),)),
        ("13:00-18:00、9:00〜12:00", (Span(540, 720), Span(780, 1080))),
        ("０９：００－１２：００", (Span(540, 720),)),
        ("22:00-24:00", (Span(1320, 1440),)),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, expected: tuple[Span, ...]) -> None:
    assert read_spans(text) == expected


def test_one_default_calendar_takes_the_place_of_the_former() -> None:
    first = WorkingCalendar(name="一", is_default=True)
    second = WorkingCalendar(name="二", is_default=True)
    hours = work_time_of(user=make_user(), since=timezone.now()).hours
    save_calendar(calendar=first, hours=hours)
    save_calendar(calendar=second, hours=hours)
    assert list(WorkingCalendar.objects.filter(is_default=True)) == [second]


def test_company_days_hold_for_everybody(keeper: Client) -> None:
    day = {"date": "2026-12-29", "name": "年末年始休業", "is_working": "0", "calendar": ""}
    assert keeper.post("/people/working-time/days/", day).status_code == 302
    assert keeper.post("/people/working-time/days/", day).status_code == 422
    extra = {"date": "2026-12-26", "name": "", "is_working": "1", "calendar": ""}
    assert keeper.post("/people/working-time/days/", extra).status_code == 302
    time = work_time_of(user=make_user(), since=datetime(2026, 12, 1, tzinfo=TOKYO))
    assert not time.is_working(datetime(2026, 12, 29, 10, tzinfo=TOKYO))
    assert time.is_working(datetime(2026, 12, 26, 10, tzinfo=TOKYO))
    assert not time.is_working(datetime(2027, 1, 1, 10, tzinfo=TOKYO))
    stored = CalendarException.objects.get(name="年末年始休業")
    assert keeper.post(f"/people/working-time/days/{stored.pk}/remove/").status_code == 302
    assert not CalendarException.objects.filter(pk=stored.pk).exists()


def test_a_manager_enters_absences_of_the_own_department_only() -> None:
    ours, others = make_team(department="inside_sales"), make_team(department="marketing")
    mine, theirs = make_user(Role.MEMBER, team=ours), make_user(Role.MEMBER, team=others)
    manager = client_of(make_user(Grant(Role.MANAGER, Department.INSIDE_SALES), team=ours))
    fields = {"starts_date": tomorrow(), "ends_date": tomorrow(1), "reason": "sick"}
    path = "/people/working-time/absences/"
    assert manager.post(path, fields | {"person": theirs.pk}).status_code == 422
    assert manager.post(path, fields | {"person": mine.pk, "deputy": mine.pk}).status_code == 422
    assert manager.post(path, fields | {"person": mine.pk}).status_code == 302
    absence = Absence.objects.get()
    assert absence.user == mine
    now = timezone.now()
    foreign = Absence.objects.create(user=theirs, starts_at=now, ends_at=now + timedelta(days=1))
    assert manager.post(f"{path}{foreign.pk}/cancel/").status_code == 403
    assert manager.post(f"{path}{absence.pk}/cancel/").status_code == 302
    assert list(Absence.objects.filter(cancelled_at__isnull=True)) == [foreign]


def test_a_manager_reads_but_does_not_change_company_days() -> None:
    manager = client_of(make_user(Grant(Role.MANAGER, Department.INSIDE_SALES)))
    day = CalendarException.objects.create(date="2026-12-29")
    calendar = WorkingCalendar.objects.create(name="本社")
    base = "/people/working-time"
    assert manager.get(f"{base}/").status_code == 200
    assert manager.post(f"{base}/days/", {"date": "2026-12-30"}).status_code == 403
    assert manager.post(f"{base}/days/{day.pk}/remove/").status_code == 403
    assert manager.post(f"{base}/calendars/new/", CALENDAR).status_code == 403
    assert manager.post(f"{base}/calendars/{calendar.pk}/", CALENDAR).status_code == 403
    assert CalendarException.objects.count() == 1
    assert WorkingCalendar.objects.get().spans.count() == 0


def test_the_overview_costs_the_same_however_much_it_shows(
    keeper: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()

    def fill(count: int) -> None:
        for number in range(count):
            name = f"{WorkingCalendar.objects.count()}-{number}"
            calendar = WorkingCalendar.objects.create(name=name)
            calendar.spans.create(weekday=1, starts_minute=540, ends_minute=600)
            user = make_user(Role.MEMBER, team=make_team(calendar=calendar))
            Absence.objects.create(user=user, starts_at=now, ends_at=now + timedelta(days=2))

    keeper.get("/people/working-time/")
    fill(2)
    with django_assert_num_queries(10) as few:
        keeper.get("/people/working-time/")
    fill(8)
    with django_assert_num_queries(len(few.captured_queries)):
        keeper.get("/people/working-time/")
