"""What came back waits for its giver only while the journey still rests with them."""

from datetime import date

import pytest

from tasuki.core.handoffs import Return
from tasuki.core.lifecycle import Recycle
from tasuki.journeys.operations.flow import move_journey
from tasuki.journeys.operations.handoffs.deciding import return_handoff
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff
from tasuki.journeys.queries.handoffs.queue import count_waiting, given_by
from tasuki.people.access import access_of
from tests.journeys import factories as make

pytestmark = pytest.mark.django_db


def test_a_packet_that_came_back_is_done_with_once_the_journey_goes_elsewhere() -> None:
    make.process()
    giver = make.user()
    journey = make.journey(stage="MQL")
    facts = {
        "answers.interest": "料金ページを3回閲覧",
        "answers.consent": "form",
        "journey.fit": "A",
    }
    packet = offer_handoff(
        journey_id=journey.pk,
        contract="marketing_to_inside_sales",
        offer=Offer(facts=facts),
        act=make.act(user=giver),
    )
    access = access_of(giver)
    assert (list(given_by(access=access)), count_waiting(access=access)) == ([packet], 0)

    return_handoff(handoff_id=packet.pk, step=Return(reason="timing"), act=make.act())
    assert (list(given_by(access=access)), count_waiting(access=access)) == ([packet], 1)

    move = Recycle(reason="timing", revisit_date=date(2026, 7, 1))
    move_journey(journey_id=journey.pk, move=move, act=make.act())
    assert (list(given_by(access=access)), count_waiting(access=access)) == ([], 0)
