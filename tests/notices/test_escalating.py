"""Deadlines: a warning before, word to the leader after; each once."""

from datetime import timedelta

import pytest

from tasuki.journeys.kinds import EventKind
from tasuki.notices.models import Notice
from tasuki.notices.operations.collecting import collect
from tasuki.notices.operations.escalating import escalate
from tasuki.people.models import Absence
from tests.notices.scenes import Company, company, happen, packet, told
from tests.people.factories import NOW

WARN = NOW + timedelta(hours=3)
DUE = NOW + timedelta(hours=4)
AFTER = DUE + timedelta(minutes=1)


@pytest.fixture
def at(db: None) -> Company:
    return company()


def test_before_the_warning_nothing_is_told(at: Company) -> None:
    packet(at, accept_warn_at=WARN, accept_due_at=DUE)

    assert escalate(now=WARN - timedelta(seconds=1)) == 0


def test_the_warning_goes_to_who_must_act_and_comes_once(at: Company) -> None:
    packet(at, accept_warn_at=WARN, accept_due_at=DUE)

    assert (escalate(now=WARN), escalate(now=WARN)) == (1, 0)
    assert (told(at.receiver), told(at.manager)) == (["due_soon"], [])


def test_the_breach_reaches_the_leader_too_and_comes_once(at: Company) -> None:
    packet(at, accept_warn_at=WARN, accept_due_at=DUE)
    escalate(now=WARN)

    assert (escalate(now=AFTER), escalate(now=AFTER + timedelta(days=1))) == (2, 0)
    assert told(at.receiver) == ["due_soon", "overdue"]
    assert told(at.manager) == ["team_overdue"]
    assert Notice.objects.get(user=at.manager).urgency == "breach"


def test_after_a_stop_of_the_worker_the_breach_alone_is_told(at: Company) -> None:
    packet(at, accept_warn_at=WARN, accept_due_at=DUE)
    escalate(now=AFTER)

    assert told(at.receiver) == ["overdue"]


def test_the_lead_of_the_team_comes_before_the_manager_of_the_department(at: Company) -> None:
    at.team.lead = at.colleague
    at.team.save()
    packet(at, accept_warn_at=WARN, accept_due_at=DUE)
    escalate(now=AFTER)

    assert (told(at.colleague), told(at.manager)) == (["team_overdue"], [])


def test_a_lead_who_is_the_receiver_or_away_is_passed_over(at: Company) -> None:
    at.team.lead = at.colleague
    at.team.save()
    Absence.objects.create(
        user=at.colleague, starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=2)
    )
    packet(at, accept_warn_at=WARN, accept_due_at=DUE)
    escalate(now=AFTER)

    assert (told(at.colleague), told(at.manager)) == ([], ["team_overdue"])


def test_the_leader_hears_at_once_of_a_warning_to_somebody_away(at: Company) -> None:
    Absence.objects.create(
        user=at.receiver, starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=2)
    )
    packet(at, accept_warn_at=WARN, accept_due_at=DUE)
    escalate(now=WARN)

    assert (told(at.receiver), told(at.manager)) == (["due_soon"], ["team_due_soon"])


def test_the_queue_is_warned_as_a_whole(at: Company) -> None:
    packet(at, receiver=None, accept_warn_at=WARN, accept_due_at=DUE)
    escalate(now=WARN)

    assert told(at.receiver) == told(at.colleague) == told(at.manager) == ["due_soon"]


def test_a_new_round_is_warned_of_anew(at: Company) -> None:
    handoff = packet(at, accept_warn_at=WARN, accept_due_at=DUE)
    escalate(now=WARN)
    handoff.round = 2
    handoff.save()
    escalate(now=WARN)

    assert told(at.receiver) == ["due_soon", "due_soon"]


def test_what_was_answered_is_not_warned_of_and_settles_the_warning(at: Company) -> None:
    handoff = packet(at, accept_warn_at=WARN, accept_due_at=DUE)
    escalate(now=WARN)
    handoff.state, handoff.decided_at = "accepted", WARN
    handoff.save()
    happen(handoff, EventKind.HANDOFF_ACCEPTED, by=at.receiver)
    collect(now=WARN)

    assert escalate(now=AFTER) == 0
    assert Notice.objects.get(user=at.receiver).read_at == WARN


def test_a_customer_who_waits_for_the_first_contact_is_told_of(at: Company) -> None:
    packet(at, state="accepted", holds=True, decided_at=NOW, contact_due_at=DUE)
    escalate(now=AFTER)

    assert (told(at.receiver), told(at.manager)) == (["overdue"], ["team_overdue"])
    assert Notice.objects.filter(user=at.receiver).get().facts["clock"] == "contact"


def test_a_customer_who_was_contacted_is_not(at: Company) -> None:
    packet(at, state="accepted", holds=True, decided_at=NOW, contact_due_at=DUE, contacted_at=WARN)

    assert escalate(now=AFTER) == 0
