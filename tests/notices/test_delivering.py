"""Sending: together, once, in the reader's language; a break-off is never silent."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from pytest_django import Settings

from tasuki.notices.kinds import Channel, Group, Pace
from tasuki.notices.models import Delivery, Notice, Webhook
from tasuki.notices.operations import delivering
from tasuki.notices.operations.choosing import keep_choices, keep_own_webhook
from tasuki.notices.operations.collecting import collect
from tasuki.notices.operations.delivering import AT_ONCE, TOGETHER, deliver
from tasuki.notices.sending import webhooks
from tasuki.people.models import Absence, RoleGrant, User
from tests.journeys import factories
from tests.notices.receivers import Receiver
from tests.notices.scenes import Company, company, give
from tests.people.factories import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def at(db: None, settings: Settings) -> Company:
    settings.TASUKI_WEBHOOK_PRIVATE = True
    settings.TASUKI_URL = "https://tasuki.example.co.jp/"
    return company()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


def choose(user: User, channel: Channel, pace: Pace, *, is_quiet: bool = False) -> None:
    """Choose the pace of journeys given to somebody; the other way is off."""
    other = Channel.MAIL if channel is Channel.WEBHOOK else Channel.WEBHOOK
    paces = {(Group.ASSIGNMENTS, channel): pace, (Group.ASSIGNMENTS, other): Pace.OFF}
    keep_choices(user=user, paces=paces, is_quiet=is_quiet)


def assign(at: Company, *, times: int = 1, now: datetime = NOW) -> None:
    """Give the receiver journeys, and let the notices be written."""
    for number in range(times):
        given = factories.journey(
            account_id=factories.account(f"株式会社{number}号").pk,
            person_id=at.journey.person_id,
        )
        collect(now=now)
        give(given, at.receiver, by=at.manager, now=now)
    collect(now=now)


def states() -> list[str]:
    """Where each sending stands."""
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


# --- Mail


def test_a_mail_says_it_in_the_language_of_the_reader_with_whole_addresses(at: Company) -> None:
    User.objects.filter(pk=at.receiver.pk).update(language="en")
    choose(at.receiver, Channel.MAIL, Pace.NOW)
    assign(at)

    assert deliver(paces=AT_ONCE, now=NOW) == 1
    (letter,) = mail.outbox
    notice = Notice.objects.get()
    assert letter.subject == "[Tasuki] 長井 まとめ gave you 株式会社0号"
    assert letter.to == [at.receiver.email]
    assert f"https://tasuki.example.co.jp/notices/{notice.pk}/open/" in str(letter.body)
    html, kind = letter.alternatives[0]  # type: ignore[attr-defined]
    assert (kind, "株式会社0号" in html) == ("text/html", True)
    assert states() == ["sent"]


def test_what_is_due_for_one_person_goes_in_one_mail_and_once(at: Company) -> None:
    choose(at.receiver, Channel.MAIL, Pace.NOW)
    assign(at, times=3)

    assert deliver(paces=AT_ONCE, now=NOW) == 1
    assert deliver(paces=AT_ONCE, now=NOW) == 0
    assert [letter.subject for letter in mail.outbox] == ["[Tasuki] 3件の通知"]


def test_names_cannot_break_the_head_of_a_mail(at: Company) -> None:
    choose(at.receiver, Channel.MAIL, Pace.NOW)
    assign(at)
    Notice.objects.update(facts={"company": "甲\r\nBcc: all@example.com", "by": "乙"})
    deliver(paces=AT_ONCE, now=NOW)

    assert "\n" not in mail.outbox[0].subject


def test_a_digest_waits_for_its_hour(at: Company) -> None:
    choose(at.receiver, Channel.MAIL, Pace.HOURLY)
    assign(at)

    assert deliver(paces=AT_ONCE, now=NOW + 2 * HOUR) == 0
    assert deliver(paces=TOGETHER, now=NOW + HOUR - timedelta(seconds=1)) == 0
    assert deliver(paces=TOGETHER, now=NOW + HOUR) == 1


def test_what_was_read_in_the_app_meanwhile_is_left_out(at: Company) -> None:
    choose(at.receiver, Channel.MAIL, Pace.HOURLY)
    assign(at, times=2)
    Notice.objects.filter(pk=Notice.objects.earliest("pk").pk).update(read_at=NOW)
    deliver(paces=TOGETHER, now=NOW + HOUR)

    assert states() == ["skipped", "sent"]
    assert mail.outbox[0].subject.endswith("「株式会社1号」の担当を任されました")


def test_what_the_reader_may_not_see_any_more_is_left_out(at: Company) -> None:
    choose(at.receiver, Channel.MAIL, Pace.HOURLY)
    assign(at)
    RoleGrant.objects.filter(user=at.receiver).delete()
    deliver(paces=TOGETHER, now=NOW + HOUR)

    assert (states(), mail.outbox) == (["skipped"], [])


def test_outside_working_hours_mail_waits_for_the_morning(at: Company) -> None:
    choose(at.receiver, Channel.MAIL, Pace.NOW, is_quiet=True)
    evening = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 20 o'clock in Tokyo
    assign(at, now=evening)

    assert Delivery.objects.get().next_try_at == datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


def test_who_is_away_gets_everything_together_when_back(at: Company) -> None:
    choose(at.receiver, Channel.MAIL, Pace.NOW)
    Absence.objects.create(
        user=at.receiver, starts_at=NOW - HOUR, ends_at=datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    )
    assign(at, times=2)
    back = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)  # 9 o'clock on Thursday

    assert deliver(paces=TOGETHER, now=back - timedelta(seconds=1)) == 0
    assert deliver(paces=TOGETHER, now=back) == 1
    assert len(mail.outbox) == 1


class _Unclear(EmailBackend):
    def send_messages(self, messages: object) -> int:
        raise SMTPServerDisconnected("gone")


class _Refusing(EmailBackend):
    def send_messages(self, messages: object) -> int:
        raise SMTPRecipientsRefused({"x@example.jp": (550, b"no such user")})


class _Closed(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError


@pytest.mark.parametrize(
    ("backend", "state"), [("_Unclear", "unknown"), ("_Refusing", "failed"), ("_Closed", "queued")]
)
def test_a_mail_that_went_wrong_says_how(
    backend: str, state: str, at: Company, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{backend}"
    choose(at.receiver, Channel.MAIL, Pace.NOW)
    assign(at)
    deliver(paces=AT_ONCE, now=NOW)

    sending = Delivery.objects.get()
    assert (sending.state, bool(sending.last_error)) == (state, True)


def test_a_message_that_cannot_be_said_holds_up_no_other(
    at: Company, caplog: pytest.LogCaptureFixture
) -> None:
    choose(at.receiver, Channel.MAIL, Pace.NOW)
    assign(at)
    Notice.objects.update(kind="returned", facts=["not", "a", "record"])
    deliver(paces=AT_ONCE, now=NOW)

    assert (states(), Delivery.objects.get().last_error) == (["failed"], "broken")
    assert "could not be put together" in caplog.text


# --- Breaking off


class Killed(BaseException):
    """The process ends here."""


def break_off(monkeypatch: pytest.MonkeyPatch, *, paces: tuple[Pace, ...] = AT_ONCE) -> None:
    """Send, and die before the result is written."""

    def die(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(delivering, "_record", die)
        with pytest.raises(Killed):
            deliver(paces=paces, now=NOW)


def test_a_mail_under_way_at_a_crash_is_shown_and_never_written_twice(
    at: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(at.receiver, Channel.MAIL, Pace.NOW)
    assign(at)
    break_off(monkeypatch)
    assert (states(), len(mail.outbox)) == (["sending"], 1)

    deliver(paces=AT_ONCE, now=NOW + timedelta(minutes=4))
    assert states() == ["sending"]
    deliver(paces=AT_ONCE, now=NOW + timedelta(minutes=6))
    assert (states(), len(mail.outbox)) == (["unknown"], 1)


def test_a_post_under_way_at_a_crash_is_tried_again_under_the_same_number(
    at: Company, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_own_webhook(user=at.receiver, url=receiver.url, now=NOW)
    choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
    assign(at)
    break_off(monkeypatch)
    deliver(paces=AT_ONCE, now=NOW + timedelta(minutes=6))

    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert states() == ["sent"]


# --- Webhooks


def test_a_post_is_what_slack_reads_and_is_signed(at: Company, receiver: Receiver) -> None:
    hook = keep_own_webhook(user=at.receiver, url=receiver.url, now=NOW)
    choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
    assign(at, times=2)
    deliver(paces=AT_ONCE, now=NOW)

    (post,) = receiver.received
    assert post.text.splitlines()[0].startswith(
        "長井 まとめから「株式会社0号」の担当を任されました"
    )
    assert "https://tasuki.example.co.jp/journeys/" in post.text
    assert post.headers["content-type"] == "application/json; charset=utf-8"
    assert post.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert post.is_signed_with(hook.secret)
    assert not post.is_signed_with("whsec_" + "A" * 32)


def test_names_in_a_post_call_nobody(at: Company, receiver: Receiver) -> None:
    keep_own_webhook(user=at.receiver, url=receiver.url, now=NOW)
    choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
    assign(at)
    Notice.objects.update(facts={"company": "<!channel> & 乙", "by": "甲"})
    deliver(paces=AT_ONCE, now=NOW)

    assert "&lt;!channel&gt; &amp; 乙" in receiver.received[0].text


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, "sent"),
        (302, "failed"),
        (404, "failed"),
        (410, "failed"),
        (429, "queued"),
        (500, "queued"),
    ],
)
def test_an_answer_decides_what_comes_next(
    status: int, state: str, at: Company, receiver: Receiver
) -> None:
    receiver.answers = [status]
    hook = keep_own_webhook(user=at.receiver, url=receiver.url, now=NOW)
    choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
    assign(at)
    deliver(paces=AT_ONCE, now=NOW)
    hook.refresh_from_db()

    sending = Delivery.objects.get()
    assert (sending.state, sending.last_error) == (state, f"HTTP {status}")
    assert hook.is_active == (status != 410)
    assert len(receiver.received) == 1


def test_another_attempt_waits_longer_each_time_and_ends(at: Company, receiver: Receiver) -> None:
    receiver.answers = [503]
    keep_own_webhook(user=at.receiver, url=receiver.url, now=NOW)
    choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
    assign(at)
    now, waits = NOW, []
    for _ in range(20):
        deliver(paces=AT_ONCE, now=now)
        sending = Delivery.objects.get()
        if sending.state != "queued":
            break
        waits.append(sending.next_try_at - now)
        now = sending.next_try_at

    assert (sending.state, len(receiver.received)) == ("failed", 8)
    assert waits == sorted(waits)
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1


def test_a_receiver_that_is_not_there_is_tried_again(at: Company) -> None:
    keep_own_webhook(user=at.receiver, url="http://127.0.0.1:9/", now=NOW)
    choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
    assign(at)
    deliver(paces=AT_ONCE, now=NOW)

    assert (states(), Delivery.objects.get().last_error) == (["queued"], "unreachable")


def test_a_receiver_that_never_answers_is_left(
    at: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_SECONDS_IN_ALL", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        keep_own_webhook(user=at.receiver, url=url, now=NOW)
        choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
        assign(at)
        deliver(paces=AT_ONCE, now=NOW)

    assert (states(), Delivery.objects.get().last_error) == (["queued"], "unreachable")


def test_a_receiver_that_cannot_prove_who_it_is_gets_nothing(
    at: Company, receiver: Receiver
) -> None:
    url = receiver.url.replace("http:", "https:")
    keep_own_webhook(user=at.receiver, url=url, now=NOW)
    choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
    assign(at)
    deliver(paces=AT_ONCE, now=NOW)

    assert (states(), receiver.received) == (["queued"], [])
    assert Delivery.objects.get().last_error == "certificate"


def test_an_address_inside_is_refused_unless_the_operator_allows_it(
    at: Company, receiver: Receiver, settings: Settings
) -> None:
    keep_own_webhook(user=at.receiver, url="https://127.0.0.1:9/", now=NOW)
    choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
    assign(at)
    settings.TASUKI_WEBHOOK_PRIVATE = False
    deliver(paces=AT_ONCE, now=NOW)

    assert (states(), Delivery.objects.get().last_error) == (["failed"], "private")


def test_a_switched_off_webhook_gets_nothing(at: Company, receiver: Receiver) -> None:
    keep_own_webhook(user=at.receiver, url=receiver.url, now=NOW)
    choose(at.receiver, Channel.WEBHOOK, Pace.NOW)
    assign(at)
    Webhook.objects.update(is_active=False)
    deliver(paces=AT_ONCE, now=NOW)

    assert (states(), receiver.received) == (["failed"], [])
