"""The bell, the list, the choices and the webhooks, as people use them and as others may not."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tasuki.core.access import Role
from tasuki.notices.kinds import Channel, Group, Pace
from tasuki.notices.models import Delivery, Notice, Preference, QuietTime, Webhook
from tasuki.notices.operations.delivering import AT_ONCE, deliver
from tasuki.notices.queries.choices import choices_of
from tasuki.people.models import User
from tests.journeys import factories
from tests.people.factories import NOW, client_of, make_user

HOOK = "https://hooks.example.com/services/T0/B0"


@pytest.fixture
def me(db: None) -> User:
    return make_user(Role.MEMBER)


@pytest.fixture
def browser(me: User) -> Client:
    return client_of(me)


def notice(user: User | None, number: int = 1, **stated: Any) -> Notice:
    """Store a notice."""
    values = {
        "key": f"test:{user.pk if user else 0}:{number}",
        "kind": "assigned",
        "facts": {"company": f"株式会社{number}号", "by": "佐藤 花子"},
        "url": "/journeys/",
        "created_at": NOW,
    }
    return Notice.objects.create(user=user, **(values | stated))


# --- The bell and the list


def test_the_bell_counts_what_i_have_not_read(me: User, browser: Client) -> None:
    notice(me, 1)
    notice(me, 2, read_at=NOW)
    notice(me, 3, is_listed=False)
    notice(make_user(Role.MEMBER), 4)

    shown = browser.get("/notices/bell/", headers={"HX-Request": "true"}).content.decode()
    assert "未読の通知が1件" in shown
    assert "<html" not in shown


def test_the_bell_answers_nobody_with_nothing(db: None) -> None:
    assert Client().get("/notices/bell/").status_code == 204


def test_every_page_carries_the_bell_and_asks_for_no_number_itself(
    me: User, browser: Client
) -> None:
    notice(me)
    page = browser.get("/me/").content.decode()

    assert 'data-bell="/notices/bell/"' in page
    assert "count-dot" not in page


def test_the_list_shows_the_unread_or_all(me: User, browser: Client) -> None:
    notice(me, 1)
    notice(me, 2, read_at=NOW)
    notice(make_user(Role.MEMBER), 3)

    unread = browser.get("/notices/").content.decode()
    both = browser.get("/notices/?show=all").content.decode()
    assert ("株式会社1号" in unread, "株式会社2号" in unread) == (True, False)
    assert ("株式会社1号" in both, "株式会社2号" in both) == (True, True)
    assert "株式会社3号" not in both


def test_an_empty_list_says_what_will_come(browser: Client) -> None:
    assert "すべて既読です" in browser.get("/notices/").content.decode()
    assert "通知はまだありません" in browser.get("/notices/?show=all").content.decode()


def test_a_long_list_asks_once_for_what_all_its_lines_need(
    me: User, browser: Client, django_assert_max_num_queries: Any
) -> None:
    factories.process()
    for number in range(30):
        notice(me, number)
    browser.get("/notices/")

    with django_assert_max_num_queries(10):
        assert browser.get("/notices/").status_code == 200


def test_a_company_name_is_text_and_nothing_else(me: User, browser: Client) -> None:
    notice(me, facts={"company": "<script>alert(1)</script>", "by": "佐藤"})

    assert "<script>alert" not in browser.get("/notices/").content.decode()


def test_opening_goes_to_the_record_and_counts_as_read(me: User, browser: Client) -> None:
    mine = notice(me, url="/journeys/7/")
    answer = browser.get(f"/notices/{mine.pk}/open/")
    mine.refresh_from_db()

    assert (answer.status_code, answer.headers["Location"]) == (302, "/journeys/7/")
    assert mine.read_at is not None


@pytest.mark.parametrize(("verb", "place"), [("get", "open"), ("post", "read")])
def test_a_notice_of_somebody_else_is_not_there(verb: str, place: str, browser: Client) -> None:
    other = notice(make_user(Role.MEMBER))
    answer = getattr(browser, verb)(f"/notices/{other.pk}/{place}/")
    other.refresh_from_db()

    assert (answer.status_code, other.read_at) == (404, None)


def test_one_is_marked_as_read(me: User, browser: Client) -> None:
    first, second = notice(me, 1), notice(me, 2)
    browser.post(f"/notices/{first.pk}/read/")

    unread = Notice.objects.filter(read_at__isnull=True)
    assert list(unread) == [second]


def test_all_that_was_shown_is_marked_and_what_came_since_is_not(me: User, browser: Client) -> None:
    shown = notice(me, 1)
    other = notice(make_user(Role.MEMBER), 2)
    since = notice(me, 3)
    browser.post("/notices/read/", {"until": shown.pk})

    assert set(Notice.objects.filter(read_at__isnull=True)) == {other, since}


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 30, "１"])
def test_an_odd_number_harms_nothing(until: str, me: User, browser: Client) -> None:
    assert browser.post("/notices/read/", {"until": until}).status_code == 302


# --- My choices


def test_what_nobody_chose_is_as_usual(me: User) -> None:
    usual = choices_of([me.pk])[me.pk]

    assert usual.pace(Group.HANDOFFS, Channel.MAIL) is Pace.NOW
    assert usual.pace(Group.QUEUE, Channel.MAIL) is Pace.DAILY
    assert usual.pace(Group.QUEUE, Channel.IN_APP) is Pace.NOW
    assert usual.is_quiet


def form_of(pace: Pace) -> dict[str, str]:
    """The grid with one pace everywhere for mail and webhook."""
    return {
        f"{group}-{channel}": (Pace.OFF if channel is Channel.IN_APP else pace).value
        for group in Group
        for channel in Channel
    }


def test_my_choices_are_kept(me: User, browser: Client) -> None:
    answer = browser.post("/me/notices/", form_of(Pace.HOURLY))
    again = browser.post("/me/notices/", form_of(Pace.DAILY) | {"is_quiet": "on"})
    kept = choices_of([me.pk])[me.pk]

    assert (answer.status_code, again.status_code) == (302, 302)
    assert (kept.pace(Group.TEAM, Channel.MAIL), kept.is_quiet) == (Pace.DAILY, True)
    assert kept.pace(Group.TEAM, Channel.IN_APP) is Pace.OFF
    assert Preference.objects.count() == len(Group) * len(Channel)
    assert QuietTime.objects.count() == 1


def test_a_pace_that_does_not_exist_is_refused_and_nothing_is_lost(
    me: User, browser: Client
) -> None:
    typed = form_of(Pace.DAILY) | {"team-mail": "yearly", "queue-in_app": "hourly"}
    answer = browser.post("/me/notices/", typed)

    assert (answer.status_code, Preference.objects.count()) == (422, 0)
    assert '<option value="daily" selected' in answer.content.decode()


def test_the_screen_says_that_mail_is_not_set_up(browser: Client, settings: Settings) -> None:
    settings.TASUKI_MAIL_IS_SET_UP = False
    assert "メールが設定されていません" in browser.get("/me/notices/").content.decode()
    settings.TASUKI_MAIL_IS_SET_UP = True
    assert "メールが設定されていません" not in browser.get("/me/notices/").content.decode()


def test_my_webhook_is_kept_changed_and_removed(me: User, browser: Client) -> None:
    browser.post("/me/notices/webhook/", {"url": HOOK})
    secret = Webhook.objects.get(user=me).secret
    browser.post("/me/notices/webhook/", {"url": f"{HOOK}/2"})

    hook = Webhook.objects.get(user=me)
    assert (hook.url, hook.secret) == (f"{HOOK}/2", secret)
    assert secret in browser.get("/me/notices/").content.decode()

    browser.post("/me/notices/webhook/remove/")
    assert Webhook.objects.count() == 0


@pytest.mark.parametrize(
    "url",
    [
        "",
        "slack",
        "http://hooks.example.com/",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "javascript:alert(1)",
        "https://169.254.169.254/latest/",
    ],
)
def test_an_address_that_cannot_be_reached_is_refused_and_comes_back(
    url: str, browser: Client
) -> None:
    answer = browser.post("/me/notices/webhook/", {"url": url})

    assert (answer.status_code, Webhook.objects.count()) == (422, 0)
    assert f'value="{url}"' in answer.content.decode()


def test_a_test_message_goes_out_and_says_how_it_went(
    me: User, browser: Client, mailoutbox: list[Any]
) -> None:
    browser.post("/me/notices/test/", {"channel": "mail"})
    assert Delivery.objects.get().state == "queued"
    deliver(paces=AT_ONCE, now=Delivery.objects.get().next_try_at)

    assert mailoutbox[0].subject == "[Tasuki] Tasukiからのテスト通知"
    assert "送信済み" in browser.get("/me/notices/").content.decode()
    assert "Tasukiからのテスト通知" not in browser.get("/notices/?show=all").content.decode()


def test_a_test_message_needs_an_address(browser: Client) -> None:
    browser.post("/me/notices/test/", {"channel": "webhook"})

    assert Delivery.objects.count() == 0


# --- The company's webhooks


def house(**typed: Any) -> dict[str, Any]:
    """A filled form."""
    values = {"name": "#営業", "url": HOOK, "groups": ["outcomes"], "pace": "now"}
    return values | {"is_active": "on"} | typed


def test_a_webhook_of_the_company_is_kept_tested_and_removed(db: None) -> None:
    browser = client_of(make_user(Role.PROCESS_OWNER))
    browser.post("/notices/webhooks/new/", house(department="field_sales"))
    hook = Webhook.objects.get()
    assert (hook.name, hook.department, hook.groups) == ("#営業", "field_sales", ["outcomes"])

    browser.post(f"/notices/webhooks/{hook.pk}/", house(name="#全社", groups=["queue"]))
    hook.refresh_from_db()
    assert (hook.name, hook.department, hook.groups) == ("#全社", "", ["queue"])
    assert "#全社" in browser.get("/notices/webhooks/").content.decode()

    browser.post(f"/notices/webhooks/{hook.pk}/test/")
    assert Delivery.objects.get().webhook == hook

    browser.post(f"/notices/webhooks/{hook.pk}/delete/")
    assert (Webhook.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"url": "https://127.0.0.1/"}, {"groups": []}, {"pace": "off"}]
)
def test_a_wrong_entry_is_refused_and_comes_back(typed: dict[str, Any], db: None) -> None:
    browser = client_of(make_user(Role.ADMIN))
    answer = browser.post("/notices/webhooks/new/", house(**typed))

    assert (answer.status_code, Webhook.objects.count()) == (422, 0)
    assert "#営業" in answer.content.decode() or typed == {"name": ""}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.MEMBER, Role.EXECUTIVE, Role.VIEWER])
def test_others_may_neither_see_nor_touch_them(role: Role, db: None) -> None:
    hook = Webhook.objects.create(name="#x", url=HOOK, secret="whsec_MTIz", created_at=NOW)
    browser = client_of(make_user(role))
    addresses = ["", "new/", f"{hook.pk}/"]

    assert {browser.get(f"/notices/webhooks/{one}").status_code for one in addresses} == {403}
    for place in ("new/", f"{hook.pk}/", f"{hook.pk}/test/", f"{hook.pk}/delete/"):
        assert browser.post(f"/notices/webhooks/{place}", house()).status_code == 403
    assert Webhook.objects.get().name == "#x"
    assert Delivery.objects.count() == 0


def test_a_persons_own_webhook_is_none_of_the_companys(me: User) -> None:
    own = Webhook.objects.create(name="me", user=me, url=HOOK, secret="whsec_MTIz", created_at=NOW)
    browser = client_of(make_user(Role.ADMIN))

    assert browser.get(f"/notices/webhooks/{own.pk}/").status_code == 404
    assert browser.post(f"/notices/webhooks/{own.pk}/delete/").status_code == 404
    assert HOOK not in browser.get("/notices/webhooks/").content.decode()
