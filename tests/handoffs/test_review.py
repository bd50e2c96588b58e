"""The weekly review over HTTP: read by all, held and decided by those who answer for others."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tasuki.core.access import Grant, Role, Scope
from tasuki.core.handoffs import Return
from tasuki.handoffs.models import Metric, ReviewDecision, ReviewMeeting
from tasuki.handoffs.operations.reviewing import open_meeting
from tasuki.handoffs.views import paper
from tasuki.journeys.operations.handoffs.deciding import return_handoff
from tasuki.people.models import User
from tests.journeys import factories
from tests.journeys.factories import NOW, act
from tests.journeys.handing_over import Staff, before_field_sales, offered, staff
from tests.people.factories import client_of, make_user

pytestmark = pytest.mark.django_db
WEEK = "2026-03-30"
"""The Monday of the week in which the tests act."""


@pytest.fixture
def people() -> Staff:
    factories.process()
    return staff()


@pytest.fixture
def manager(people: Staff) -> User:
    return make_user(Role.MANAGER)


@pytest.fixture
def returned(people: Staff) -> None:
    packet = offered(before_field_sales(people.giver), people.giver, people.taker)
    return_handoff(
        handoff_id=packet.pk,
        step=Return("missing_information", "agenda", "議題の背景"),
        act=act(user=people.taker, now=NOW + timedelta(days=1)),
    )


def text_of(user: User, week: str = WEEK) -> str:
    response = client_of(user).get(reverse("handoffs:review"), {"week": week})
    assert response.status_code == 200
    return response.content.decode()


def meeting(by: User) -> ReviewMeeting:
    week = (date(2026, 3, 30), date(2026, 4, 5))
    return open_meeting(week=week, held_date=date(2026, 4, 6), by=by)


def told(by: User, **stated: str) -> dict[str, str]:
    return {
        "text": "議題は三行で書く",
        "owner": str(by.pk),
        "due_date": "2026-04-13",
        "about": "inside_sales_to_field_sales/reason:missing_information",
        "metric": Metric.BOUNCES.value,
        **stated,
    }


def post(user: User, name: str, *args: int, **data: str) -> int:
    return client_of(user).post(reverse(f"handoffs:{name}", args=args), data).status_code


def test_the_page_tells_what_came_back_and_why(returned: None) -> None:
    text = text_of(make_user(Role.VIEWER))

    assert "引き継ぎ情報の不足" in text
    assert "合意した議題" in text
    assert "株式会社青葉製作所" in text
    assert "会議を始める" not in text


def test_nobodys_address_is_read_out(returned: None) -> None:
    assert "yamada@aoba.example.co.jp" not in text_of(make_user(Role.ADMIN))


def test_what_lies_outside_ones_sight_is_counted_and_not_named(returned: None) -> None:
    newcomer = make_user(Grant(Role.MEMBER, sees=Scope.OWN))

    text = text_of(newcomer)

    assert "株式会社青葉製作所" not in text
    assert "閲覧範囲外の記録" in text
    assert "引き継ぎ情報の不足" in text


@pytest.mark.parametrize("week", ["2019-01-07", "nonsense", "9999-01-01", ""])
def test_any_week_may_be_asked_for(manager: User, week: str) -> None:
    assert "この週の引き継ぎはありません。" in text_of(manager, week)


def test_a_meeting_is_begun_once(manager: User) -> None:
    for _ in range(2):
        assert post(manager, "review_begin", week=WEEK) == 302

    found = ReviewMeeting.objects.get()
    assert (found.from_date, found.to_date) == (date(2026, 3, 30), date(2026, 4, 5))
    assert found.held_by == manager


def test_a_decision_keeps_the_figure_it_is_to_change(manager: User, returned: None) -> None:
    held = meeting(manager)

    assert post(manager, "review_decide", held.pk, **told(manager)) == 302

    kept = ReviewDecision.objects.get()
    assert (kept.text, kept.owner, kept.due_date) == (
        "議題は三行で書く",
        manager,
        date(2026, 4, 13),
    )
    assert (kept.contract, kept.reason) == (
        "inside_sales_to_field_sales",
        "missing_information",
    )
    assert (kept.baseline_value, kept.baseline_n) == (1.0, 1)
    assert "議題は三行で書く" in text_of(manager)


def test_the_next_review_shows_whether_it_helped(manager: User, returned: None) -> None:
    post(manager, "review_decide", meeting(manager).pk, **told(manager))

    text = text_of(manager, "2026-04-06")

    assert "議題は三行で書く" in text
    assert "1.00 <span" in text
    assert "(n = 0)" in text


@pytest.mark.parametrize("metric", Metric.values)
def test_every_figure_may_be_watched(manager: User, returned: None, metric: str) -> None:
    held = meeting(manager)
    data = told(manager, metric=metric, about="inside_sales_to_field_sales/item:agenda")

    assert post(manager, "review_decide", held.pk, **data) == 302

    assert str(Metric(metric).label) in text_of(manager)


def test_a_decision_without_an_owner_is_shown_again(manager: User) -> None:
    held = meeting(manager)

    response = client_of(manager).post(
        reverse("handoffs:review_decide", args=[held.pk]), told(manager, owner="")
    )

    assert response.status_code == 422
    assert "議題は三行で書く" in response.content.decode()
    assert not ReviewDecision.objects.exists()


def test_the_owner_says_what_came_of_it(manager: User, people: Staff) -> None:
    post(manager, "review_decide", meeting(manager).pk, **told(people.giver))
    decision = ReviewDecision.objects.get()

    assert post(people.other, "review_settle", decision.pk, state="done") == 403
    assert post(people.giver, "review_settle", decision.pk, state="done", result="定着") == 302
    decision.refresh_from_db()
    assert (decision.state, decision.result) == ("done", "定着")
    assert post(people.giver, "review_settle", decision.pk, state="horse") == 302
    assert post(manager, "review_settle", decision.pk, state="open", week=WEEK) == 302
    decision.refresh_from_db()
    assert (decision.state, decision.settled_at) == ("open", None)


def test_closed_minutes_take_nothing_more(manager: User) -> None:
    held = meeting(manager)

    assert post(manager, "review_minutes", held.pk, notes=" 次回も見る ") == 302
    assert post(manager, "review_minutes", held.pk, notes="次回も見る", close="on") == 302
    held.refresh_from_db()
    assert held.notes == "次回も見る"
    assert held.closed_at is not None
    post(manager, "review_decide", held.pk, **told(manager))
    post(manager, "review_minutes", held.pk, notes="後から")

    held.refresh_from_db()
    assert held.notes == "次回も見る"
    assert not ReviewDecision.objects.exists()


def test_notes_that_are_too_long_are_shown_again(manager: User) -> None:
    assert post(manager, "review_minutes", meeting(manager).pk, notes="長" * 10_001) == 422


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER, Role.EXECUTIVE])
def test_others_record_nothing(manager: User, role: Role) -> None:
    held = meeting(manager)
    outsider = make_user(role)

    assert post(outsider, "review_begin", week="2026-04-06") == 403
    assert post(outsider, "review_decide", held.pk, **told(outsider)) == 403
    assert post(outsider, "review_minutes", held.pk, notes="x", close="on") == 403

    held.refresh_from_db()
    assert (ReviewMeeting.objects.count(), held.closed_at) == (1, None)
    assert not ReviewDecision.objects.exists()


def test_nobody_reads_it_without_signing_in(people: Staff) -> None:
    response = Client().get(reverse("handoffs:review"))

    assert response.headers["Location"].startswith("/sign-in/")


@pytest.mark.skipif(
    not paper.can_print(), reason="needs WeasyPrint with Pango, and a Japanese font (fc-list)"
)
def test_the_meeting_comes_as_a_pdf(manager: User, returned: None) -> None:
    held = meeting(manager)
    post(manager, "review_decide", held.pk, **told(manager))

    response = client_of(manager).get(reverse("handoffs:review_paper", args=[held.pk]))

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="review-20260330.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_without_the_library_the_page_says_so(
    manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = meeting(manager)
    monkeypatch.setattr("tasuki.handoffs.views.review.can_print", lambda: False)

    response = client_of(manager).get(reverse("handoffs:review_paper", args=[held.pk]), follow=True)

    assert "このサーバーではPDFを作れません。" in response.content.decode()


def test_the_paper_loads_nothing() -> None:
    with pytest.raises(ValueError, match="loads nothing"):
        paper._refuse("https://example.jp/tracker.png")
