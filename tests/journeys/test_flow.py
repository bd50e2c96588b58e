"""Opening and moving journeys: what is written, what is refused, and who wins a race."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tasuki.core.blueprint import JourneyKind
from tasuki.core.lifecycle import (
    Advance,
    Churn,
    Complete,
    Lose,
    Move,
    MoveBack,
    Recycle,
    RuleCode,
    TransitionRefused,
    WinBack,
)
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Event, Journey, Stay
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.operations.facts import NextAction, UnableToSetNextAction
from tasuki.journeys.operations.flow import HandOn, NewJourney, move_journey, open_journey
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.operations.receipts import RequestRepeated
from tests.journeys import factories
from tests.journeys.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def process(request: pytest.FixtureRequest) -> None:
    """Where nothing needs to be handed over; test_handoffs.py is about that."""
    if "transactional_db" not in request.fixturenames:
        factories.process(contracts=False)


def ribbon(journey: Journey) -> list[tuple[int, int, str, str]]:
    """Cycle, visit, stage and exit of every stay, in order."""
    stays = Stay.objects.filter(journey=journey).order_by("number")
    return list(stays.values_list("cycle", "visit", "stage", "exit"))


def move(journey: Journey, to: Move, **along: Any) -> Journey:
    return move_journey(
        journey_id=journey.pk, move=to, act=factories.act(now=LATER), hand_on=HandOn(**along)
    )


def test_a_journey_begins_with_a_stay_and_an_event() -> None:
    journey = factories.journey()

    stored = Journey.objects.get(pk=journey.pk)
    assert (stored.stage, stored.department, stored.is_open) == ("LEAD", "marketing", True)
    assert (stored.opened_at, stored.entered_at, stored.cycle) == (NOW, NOW, 1)
    assert stored.motion == "division"
    assert ribbon(journey) == [(1, 1, "LEAD", "")]
    event = Event.objects.get(journey=journey)
    assert (event.kind, event.happened_at) == (EventKind.JOURNEY_OPENED, NOW)


def test_a_journey_may_begin_at_a_later_stage_when_its_gates_are_met() -> None:
    journey = factories.journey(stage="MQL")

    assert ribbon(journey) == [(1, 1, "MQL", "")]


def test_a_retried_opening_opens_once() -> None:
    company = factories.account()
    new = NewJourney(
        account_id=company.pk, next_action=NextAction(what="電話", due_date=date(2026, 4, 2))
    )
    first = open_journey(new=new, act=factories.act(key="form-1"))

    with pytest.raises(RequestRepeated) as repeated:
        open_journey(new=new, act=factories.act(key="form-1"))

    assert repeated.value.journey_id == first.pk
    assert Journey.objects.count() == 1


def test_an_advance_closes_one_stay_and_opens_the_next() -> None:
    journey = factories.journey()

    moved = move(journey, Advance())

    assert (moved.stage, moved.entered_at, moved.revision) == ("MQL", LATER, 2)
    assert ribbon(journey) == [(1, 1, "LEAD", "advanced"), (1, 1, "MQL", "")]
    first = Stay.objects.get(journey=journey, number=1)
    assert (first.left_at, first.to_stage) == (LATER, "MQL")
    kinds = Event.objects.filter(journey=journey).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.JOURNEY_OPENED, EventKind.ADVANCED]


def test_a_gate_names_what_is_missing_and_nothing_is_written() -> None:
    journey = move(factories.journey(), Advance())

    with pytest.raises(TransitionRefused) as refused:
        move(journey, Advance())

    assert refused.value.rule is RuleCode.GATE_NOT_MET
    assert [item.key for item in refused.value.missing] == ["owner"]
    assert Journey.objects.get(pk=journey.pk).stage == "MQL"
    assert Event.objects.filter(journey=journey).count() == 2


def test_what_comes_with_the_move_meets_the_gate() -> None:
    user = factories.user()
    journey = move(factories.journey(), Advance())

    moved = move(journey, Advance(), holder=Holder(owner_id=user.pk, team_id=None))
    moved = move(
        moved,
        Advance(),
        answers={"need": "請求業務に月40時間かかる", "meeting_date": "2026-04-10"},
        next_action=NextAction(what="商談の準備", due_date=date(2026, 4, 9)),
    )

    assert (moved.stage, moved.owner_id) == ("SQL", user.pk)
    assert moved.answers["need"] == "請求業務に月40時間かかる"
    assert moved.next_action == "商談の準備"
    last = Event.objects.filter(journey=journey).order_by("-id")[0]
    assert last.payload["answers"]["meeting_date"] == "2026-04-10"
    assert Stay.objects.get(journey=journey, stage="SAL").owner_id == user.pk


def test_another_department_takes_it_from_its_queue_unless_somebody_is_named() -> None:
    user = factories.user()
    journey = factories.journey(holder=Holder(owner_id=user.pk, team_id=None), stage="SAL")

    moved = move(
        journey,
        Advance(to="SAO"),
        answers={
            "need": "属人化",
            "meeting_date": "2026-04-02",
            "meeting_held_date": "2026-04-02",
        },
    )

    assert (moved.department, moved.owner_id) == ("field_sales", None)


def test_the_old_department_does_not_own_for_the_new_one() -> None:
    user = factories.user()
    holder = Holder(owner_id=user.pk, team_id=None)
    journey = factories.journey(stage="MQL", holder=holder)

    with pytest.raises(TransitionRefused) as refused:
        move(journey, Advance())

    assert [item.key for item in refused.value.missing] == ["owner"]
    assert Journey.objects.get(pk=journey.pk).owner == user


@pytest.mark.parametrize("to", ["NOWHERE", None])
def test_an_advance_that_leads_nowhere_is_refused(to: str | None) -> None:
    journey = move(
        factories.journey(stage="MQL"), Recycle(reason="timing", revisit_date=date(2026, 7, 1))
    )

    with pytest.raises(TransitionRefused):
        move(journey, Advance(to=to))


def test_the_end_of_the_line_has_no_next_stage() -> None:
    parent = factories.journey()
    renewal = factories.journey(
        account_id=parent.account_id,
        kind=JourneyKind.RENEWAL,
        expected_close_date=date(2026, 6, 30),
    )

    with pytest.raises(TransitionRefused) as refused:
        move(renewal, Advance())

    assert refused.value.rule is RuleCode.NO_NEXT_STAGE


def test_an_overdue_step_is_replaced_when_the_journey_moves() -> None:
    journey = factories.journey()

    moved = move(journey, Advance())

    assert moved.next_action_date == date(2026, 4, 5)
    assert moved.next_action == "次の一手を決める"


def test_a_step_that_is_still_ahead_is_kept() -> None:
    ahead = NextAction(what="訪問", due_date=date(2026, 4, 20))

    moved = move(factories.journey(next_action=ahead), Advance())

    assert (moved.next_action, moved.next_action_date) == ("訪問", date(2026, 4, 20))


def test_an_empty_next_action_is_refused() -> None:
    journey = factories.journey()

    with pytest.raises(UnableToSetNextAction) as refused:
        move(journey, Advance(), next_action=NextAction(what=" ", due_date=date(2026, 4, 9)))

    assert refused.value.missing == "text"
    assert Journey.objects.get(pk=journey.pk).stage == "LEAD"


def test_a_return_is_another_visit_in_the_same_cycle() -> None:
    user = factories.user()
    journey = factories.journey(stage="SAL", holder=Holder(owner_id=user.pk, team_id=None))

    moved = move(journey, MoveBack(to="MQL", reason="bad_data", note="電話番号が違う"))
    move(moved, Advance(), holder=Holder(owner_id=user.pk, team_id=None))

    assert ribbon(journey) == [
        (1, 1, "SAL", "returned"),
        (1, 1, "MQL", "advanced"),
        (1, 2, "SAL", ""),
    ]
    closed = Stay.objects.get(journey=journey, number=1)
    assert (closed.reason, closed.note) == ("bad_data", "電話番号が違う")


def test_a_recycled_journey_rests_beside_the_way_until_a_date() -> None:
    journey = factories.journey(stage="MQL")

    moved = move(journey, Recycle(reason="timing", revisit_date=date(2026, 7, 1)))

    stored = Journey.objects.get(pk=moved.pk)
    assert (stored.stage, stored.is_open, stored.revisit_date) == (
        "RECYCLE",
        False,
        date(2026, 7, 1),
    )
    assert ribbon(journey) == [(1, 1, "MQL", "recycled"), (1, 1, "RECYCLE", "")]


def test_winning_back_opens_the_next_cycle() -> None:
    user = factories.user()
    holder = Holder(owner_id=user.pk, team_id=None)
    answers = {"need": "属人化", "meeting_date": "2026-04-02", "meeting_held_date": "2026-04-02"}
    journey = factories.journey(stage="SAO", holder=holder, answers=answers)
    discussed = move(journey, Advance(), answers={"agreed_issue": "残業を半分にする"})
    lost = move(discussed, Lose(reason="competitor", note="他社に決定"))

    back = move(lost, WinBack(to="SAO"), holder=holder)

    assert (back.cycle, back.stage, back.is_open) == (2, "SAO", True)
    assert back.answers == answers
    assert ribbon(journey) == [
        (1, 1, "SAO", "advanced"),
        (1, 1, "O1", "lost"),
        (1, 1, "LOST", "won_back"),
        (2, 1, "SAO", ""),
    ]


def test_a_renewal_completes_and_rests_nowhere() -> None:
    parent = factories.journey()
    renewal = factories.journey(
        account_id=parent.account_id,
        person_id=parent.person_id,
        kind=JourneyKind.RENEWAL,
        expected_close_date=date(2026, 6, 30),
        parent_id=parent.pk,
    )

    done = move(renewal, Complete())

    assert (done.stage, done.is_open, done.closed_at) == ("RENEW", False, LATER)
    assert ribbon(renewal) == [(1, 1, "RENEW", "completed")]
    with pytest.raises(TransitionRefused) as refused:
        move(done, Churn(reason="price"))
    assert refused.value.rule is RuleCode.COMPLETED


def test_what_a_person_saw_must_still_hold() -> None:
    user = factories.user()
    journey = factories.journey()
    move_journey(journey_id=journey.pk, move=Advance(), act=factories.act(now=LATER, user=user))

    with pytest.raises(JourneyChangedMeanwhile) as refused:
        move(journey, Recycle(reason="timing", revisit_date=date(2026, 7, 1)), revision=1)

    assert refused.value.latest is not None
    assert refused.value.latest.actor == user
    assert Journey.objects.get(pk=journey.pk).stage == "MQL"


def test_a_retried_move_moves_once() -> None:
    journey = factories.journey()
    act = factories.act(now=LATER, key="click-1")
    move_journey(journey_id=journey.pk, move=Advance(), act=act)

    with pytest.raises(RequestRepeated) as repeated:
        move_journey(journey_id=journey.pk, move=Advance(), act=act)

    assert repeated.value.journey_id == journey.pk
    assert len(ribbon(journey)) == 2


def _at_the_same_time(work: Callable[[], object], *, people: int) -> list[object]:
    """Run `work` for each person at once, each on a connection of their own."""
    barrier = Barrier(people)
    outcomes: list[object] = []

    def one() -> None:
        barrier.wait()
        try:
            outcomes.append(work())
        except (JourneyChangedMeanwhile, RequestRepeated, TransitionRefused) as refused:
            outcomes.append(refused)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_people_moving_at_once_exactly_one_wins(transactional_db: None) -> None:
    factories.process()
    company = factories.account()
    person = factories.person(company)
    for _ in range(10):
        journey = factories.journey(account_id=company.pk, person_id=person.pk)

        advance = partial(
            move_journey,
            journey_id=journey.pk,
            move=Advance(),
            act=factories.act(now=LATER),
            hand_on=HandOn(revision=1),
        )
        outcomes = _at_the_same_time(advance, people=2)

        assert sorted(type(o).__name__ for o in outcomes) == ["Journey", "JourneyChangedMeanwhile"]
        assert ribbon(journey) == [(1, 1, "LEAD", "advanced"), (1, 1, "MQL", "")]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_moves_once(transactional_db: None) -> None:
    factories.process()
    journey = factories.journey()

    advance = partial(
        move_journey,
        journey_id=journey.pk,
        move=Advance(),
        act=factories.act(now=LATER, key="click-2"),
    )
    outcomes = _at_the_same_time(advance, people=2)

    assert sorted(type(o).__name__ for o in outcomes) == ["Journey", "RequestRepeated"]
    assert len(ribbon(journey)) == 2
