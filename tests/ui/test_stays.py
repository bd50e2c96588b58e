"""On which stay of the ribbon a packet stands, and what its mark counts."""

from datetime import UTC, datetime, timedelta

import pytest

from tasuki.core.handoffs import PacketState
from tasuki.journeys.models import Handoff, Stay
from tasuki.ui.ribbon import Baton
from tasuki.ui.stays import baton_of, packets_in

START = datetime(2026, 4, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST = Stay(entered_at=START, left_at=START + DAY)
SECOND = Stay(entered_at=START + DAY, left_at=START + 2 * DAY)
LAST = Stay(entered_at=START + 2 * DAY, left_at=None)


@pytest.mark.parametrize(
    ("offered", "decided", "stands_on"),
    [
        (START, None, FIRST),
        (START + DAY / 2, START + DAY, FIRST),
        (START + DAY, None, SECOND),
        (START + DAY, START + DAY, FIRST),
        (START + 5 * DAY, None, LAST),
    ],
)
def test_a_packet_stands_on_the_stay_that_it_was_given_from(
    offered: datetime, decided: datetime | None, stands_on: Stay
) -> None:
    packet = Handoff(offered_at=offered, decided_at=decided)
    assert [stay for stay in (FIRST, SECOND, LAST) if packets_in(stay, [packet])] == [stands_on]


def test_a_stay_of_no_length_keeps_what_was_given_in_it() -> None:
    instant = Stay(entered_at=START, left_at=START)
    packet = Handoff(offered_at=START, decided_at=START)
    assert packets_in(instant, [packet]) == [packet]


def test_marks_count_what_became_of_packets() -> None:
    packets = [
        Handoff(state=state, returns=returns)
        for state, returns in (
            (PacketState.ACCEPTED, 2),
            (PacketState.OFFERED, 0),
            (PacketState.WITHDRAWN, 1),
            (PacketState.EXPIRED, 0),
        )
    ]
    assert baton_of(packets) == Baton(accepted=1, waiting=1, returned=3, dropped=2)
