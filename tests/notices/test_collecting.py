"""What happened becomes a notice for the people concerned: once, and for nobody else."""

from datetime import timedelta

import pytest

from tasuki.core.access import Grant, Role, Scope
from tasuki.core.departments import Department
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.operations import journal
from tasuki.journeys.operations.assignment import Holder
from tasuki.notices.models import Bookmark, Notice, Webhook
from tasuki.notices.operations.collecting import collect
from tasuki.people.models import Absence, User
from tests.journeys import factories
from tests.notices.scenes import Company, act_of, company, give, happen, packet, told
from tests.people.factories import NOW, make_user


@pytest.fixture
def at(db: None) -> Company:
    return company()


def test_who_is_given_a_journey_is_told_once(at: Company) -> None:
    give(at.journey, at.receiver, by=at.manager)
    collect(now=NOW)
    collect(now=NOW)

    (notice,) = Notice.objects.all()
    assert (notice.user, notice.kind, notice.url) == (
        at.receiver,
        "assigned",
        f"/journeys/{at.journey.pk}/",
    )
    assert notice.facts["company"] == "株式会社青葉製作所"
    assert notice.facts["by"] == "長井 まとめ"


def test_nobody_is_told_of_their_own_act(at: Company) -> None:
    give(at.journey, at.receiver, by=at.receiver)
    collect(now=NOW)

    assert Notice.objects.count() == 0


def test_nobody_is_told_of_what_they_may_not_see(at: Company) -> None:
    blind = make_user(Grant(Role.VIEWER, department=Department.SUCCESS, sees=Scope.DEPARTMENT))
    happen(packet(at, giver=blind), EventKind.HANDOFF_ACCEPTED, by=at.receiver)
    collect(now=NOW)

    assert Notice.objects.count() == 0


def test_who_sees_only_their_own_is_told_of_what_is_put_before_them(at: Company) -> None:
    narrow = make_user(Grant(Role.MEMBER, department=Department.FIELD_SALES, sees=Scope.OWN))
    handoff = packet(at, receiver=narrow)
    happen(handoff, EventKind.HANDOFF_OFFERED, by=at.giver)
    collect(now=NOW)

    assert told(narrow) == ["offered"]
    assert Notice.objects.get().url == f"/handoffs/{handoff.pk}/"


def test_who_left_is_told_nothing(at: Company) -> None:
    at.receiver.is_active = False
    at.receiver.deactivated_at = NOW
    at.receiver.save()
    give(at.journey, at.receiver, by=at.manager)
    collect(now=NOW)

    assert Notice.objects.count() == 0


def test_what_happened_before_the_first_reading_is_history(at: Company) -> None:
    Bookmark.objects.all().delete()
    give(at.journey, at.receiver, by=at.manager)
    collect(now=NOW)
    collect(now=NOW)

    assert Notice.objects.count() == 0


def test_a_handoff_by_name_reaches_its_receiver_alone(at: Company) -> None:
    happen(packet(at), EventKind.HANDOFF_OFFERED, by=at.giver)
    collect(now=NOW)

    assert (told(at.receiver), told(at.colleague), told(at.giver)) == (["offered"], [], [])


def test_a_handoff_to_the_queue_reaches_who_takes_from_it(at: Company) -> None:
    viewer = make_user(Grant(Role.VIEWER, department=Department.FIELD_SALES))
    happen(packet(at, receiver=None), EventKind.HANDOFF_OFFERED, by=at.giver)
    collect(now=NOW)

    assert told(at.receiver) == told(at.colleague) == told(at.manager) == ["offered_to_queue"]
    assert (told(viewer), told(at.giver)) == ([], [])


def test_a_handoff_to_a_team_reaches_its_members(at: Company) -> None:
    happen(packet(at, receiver=None, receiver_team=at.team), EventKind.HANDOFF_OFFERED, by=at.giver)
    collect(now=NOW)

    assert told(at.receiver) == told(at.colleague) == ["offered_to_queue"]
    assert told(at.manager) == []


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        (EventKind.HANDOFF_ACCEPTED, {}, "accepted"),
        (EventKind.HANDOFF_RETURNED, {"reason": "unripe", "item": "need"}, "returned"),
        (EventKind.HANDOFF_EXPIRED, {}, "expired"),
        (EventKind.HANDOFF_RATED, {"usefulness": 4}, "rated"),
        (EventKind.HANDOFF_ASKED_AGAIN, {"item": "need"}, "asked_again"),
    ],
)
def test_the_giver_reads_how_it_was_answered(
    kind: EventKind, said: dict[str, object], expected: str, at: Company
) -> None:
    happen(packet(at), kind, by=at.receiver, **said)
    collect(now=NOW)

    assert told(at.giver) == [expected]


def test_a_mark_taken_back_is_no_news(at: Company) -> None:
    happen(packet(at), EventKind.HANDOFF_ASKED_AGAIN, by=at.receiver, item="need", taken_back=True)
    collect(now=NOW)

    assert told(at.giver) == []


def test_a_withdrawn_handoff_is_told_to_its_receiver_and_asks_for_nothing(at: Company) -> None:
    handoff = packet(at)
    happen(handoff, EventKind.HANDOFF_OFFERED, by=at.giver)
    collect(now=NOW)
    happen(handoff, EventKind.HANDOFF_WITHDRAWN, by=at.giver)
    collect(now=NOW + timedelta(minutes=1))

    offered, withdrawn = Notice.objects.filter(user=at.receiver).order_by("pk")
    assert (offered.kind, offered.read_at) == ("offered", NOW + timedelta(minutes=1))
    assert (withdrawn.kind, withdrawn.read_at) == ("withdrawn", None)


def test_an_offer_made_anew_stays_unread_when_the_former_round_is_settled(at: Company) -> None:
    handoff = packet(at)
    happen(handoff, EventKind.HANDOFF_OFFERED, by=at.giver)
    happen(handoff, EventKind.HANDOFF_RETURNED, by=at.receiver, reason="unripe")
    handoff.round = 2
    happen(handoff, EventKind.HANDOFF_OFFERED, by=at.giver)
    collect(now=NOW)

    unread = Notice.objects.filter(user=at.receiver, read_at__isnull=True)
    assert [(notice.kind, notice.facts["round"]) for notice in unread] == [("offered", 2)]


def test_who_stands_in_reads_of_it_when_the_receiver_is_away(at: Company) -> None:
    Absence.objects.create(
        user=at.receiver,
        starts_at=NOW - timedelta(days=1),
        ends_at=NOW + timedelta(days=3),
        deputy=at.colleague,
    )
    happen(packet(at), EventKind.HANDOFF_OFFERED, by=at.giver)
    collect(now=NOW)

    assert told(at.receiver) == told(at.colleague) == ["offered"]


def test_a_loss_is_told_to_all_who_carried_it(at: Company) -> None:
    give(at.journey, at.receiver, by=at.receiver)
    collect(now=NOW)
    ended(at, EventKind.LOST, by=at.manager, reason="competitor")
    collect(now=NOW)

    assert (told(at.receiver), told(at.manager)) == (["lost"], [])


def test_a_win_is_told_to_all_who_carried_it(at: Company) -> None:
    ended(at, EventKind.ADVANCED, by=at.manager, to="WON")
    collect(now=NOW)

    assert told(at.giver) == ["won"]


def test_a_step_forward_is_no_win(at: Company) -> None:
    ended(at, EventKind.ADVANCED, by=at.manager, to="MQL")
    collect(now=NOW)

    assert told(at.giver) == []


def test_who_a_move_brings_a_journey_to_is_told(at: Company) -> None:
    journey = factories.journey(
        account_id=at.journey.account_id,
        person_id=at.journey.person_id,
        holder=Holder(owner_id=at.colleague.pk, team_id=None),
    )
    collect(now=NOW)

    assert told(at.colleague) == ["came_to_me"]
    assert Notice.objects.get().journey_id == journey.pk


def test_the_channel_of_the_company_reads_one_line_for_everybody(at: Company) -> None:
    _channel(groups=["queue"])
    happen(packet(at, receiver=None), EventKind.HANDOFF_OFFERED, by=at.giver)
    collect(now=NOW)

    assert told(None) == ["offered_to_queue"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"department": "field_sales"}, ["offered"]),
        ({"department": "inside_sales"}, ["offered"]),
        ({"department": "success"}, []),
        ({"groups": ["outcomes"]}, []),
        ({"is_active": False}, []),
    ],
)
def test_a_channel_reads_what_it_asked_for(
    place: dict[str, object], expected: list[str], at: Company
) -> None:
    _channel(**({"groups": ["handoffs"]} | place))
    happen(packet(at), EventKind.HANDOFF_OFFERED, by=at.giver)
    collect(now=NOW)

    assert told(None) == expected


def test_an_event_that_cannot_be_told_holds_up_no_other(
    at: Company, caplog: pytest.LogCaptureFixture
) -> None:
    ended(at, EventKind.OWNER_ASSIGNED, by=at.manager, after="nobody knows")
    ended(at, EventKind.HANDOFF_OFFERED, by=at.manager, handoff="x")
    give(at.journey, at.receiver, by=at.manager)
    collect(now=NOW)

    assert told(at.receiver) == ["assigned"]
    assert "cannot be told" in caplog.text


def test_an_import_tells_nobody(at: Company) -> None:
    factories.account("株式会社取込")
    collect(now=NOW)

    assert Notice.objects.count() == 0


def _channel(**stated: object) -> Webhook:
    values = {"name": "#sales", "url": "https://hooks.example.com/1", "secret": "whsec_MTIz"}
    return Webhook.objects.create(**(values | {"created_at": NOW} | stated))


def ended(at: Company, kind: EventKind, *, by: User, **said: object) -> None:
    """Write the end of the journey into the journal."""
    about = journal.About(journey_id=at.journey.pk)
    journal.record(about=about, kind=kind, act=act_of(by), payload=said)
