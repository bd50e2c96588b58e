"""Packets come and go with the batch that brought their journeys."""

from datetime import timedelta

import pytest
from django.db import connection

from tasuki.core.handoffs import PacketState
from tasuki.journeys.models import (
    AskedAgain,
    Handoff,
    HandoffRound,
    Journey,
    RecordChange,
    WriteBatch,
)
from tasuki.journeys.operations import histories
from tasuki.journeys.operations.handoffs.deciding import accept_handoff
from tasuki.journeys.operations.handoffs.quality import mark_asked_again
from tasuki.journeys.operations.reverting import UnableToRevert, revert_batch
from tasuki.people.models import User
from tests.journeys import factories
from tests.journeys.factories import NOW, act
from tests.journeys.handing_over import Staff, before_field_sales, offered, staff

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def people() -> Staff:
    factories.process()
    return staff()


def brought(*users: User) -> WriteBatch:
    """A committed batch that brought everything written so far, and these people."""
    batch = histories.begin_batch(kind=WriteBatch.Kind.IMPORT, label="deals.csv", act=act())
    tables = ("journey", "stay", "event", "handoff", "handoffround", "askedagain")
    with connection.cursor() as cursor:
        # As the import itself writes them: the rows may not be changed afterwards.
        cursor.execute("SET session_replication_role = replica")
        for table in (*tables, "person", "account"):
            cursor.execute(f"UPDATE journeys_{table} SET batch_id = %s", [batch.pk])  # noqa: S608
        for table in ("journey", "person", "account"):
            cursor.execute(f"UPDATE journeys_{table} SET revision = 1")  # noqa: S608
        cursor.execute("SET session_replication_role = DEFAULT")
    for user in users:
        RecordChange.objects.create(
            batch=batch, entity="user", object_id=user.pk, before={}, after={}
        )
    histories.commit_batch(batch_id=batch.pk, act=act())
    return batch


def test_a_revert_takes_packets_with_everything_that_belongs_to_them(people: Staff) -> None:
    packet = offered(before_field_sales(people.giver), people.giver, people.taker)
    accept_handoff(handoff_id=packet.pk, act=act(user=people.taker))
    mark_asked_again(handoff_id=packet.pk, item="need", act=act(user=people.taker))
    batch = brought()

    reverted = revert_batch(batch_id=batch.pk, act=act(now=LATER))

    assert (reverted.removed["handoff"], reverted.removed["handoff_round"]) == (1, 1)
    assert reverted.removed["asked_again"] == 1
    for model in (Handoff, HandoffRound, AskedAgain, Journey):
        assert not model._default_manager.exists()


def test_a_packet_that_somebody_decided_since_is_not_taken_away(people: Staff) -> None:
    packet = offered(before_field_sales(people.giver), people.giver, people.taker)
    batch = brought(people.giver)
    accept_handoff(handoff_id=packet.pk, act=act(user=people.taker, now=LATER))

    with pytest.raises(UnableToRevert) as refused:
        revert_batch(batch_id=batch.pk, act=act(now=LATER))
    revert_batch(batch_id=batch.pk, act=act(now=LATER), keep_worked_on=True)

    assert refused.value.rule == "worked_on"
    packet.refresh_from_db()
    assert packet.state == PacketState.ACCEPTED
    assert packet.giver == people.giver
    assert HandoffRound.objects.filter(handoff=packet).exists()


def test_whoever_a_packet_names_is_not_taken_away(people: Staff) -> None:
    batch = brought(people.other)
    packet = offered(before_field_sales(people.giver), people.giver, people.other)

    with pytest.raises(UnableToRevert) as refused:
        revert_batch(batch_id=batch.pk, act=act(now=LATER))

    assert refused.value.kept is not None
    assert refused.value.kept.ids("user") == {people.other.pk}
    packet.refresh_from_db()
    assert packet.receiver == people.other


def test_a_packet_says_what_it_is() -> None:
    assert str(Handoff(pk=7, contract="to_field", state="offered")) == "to_field 7 offered"
    assert str(HandoffRound(handoff_id=7, number=2)) == "7 round 2"
    assert str(AskedAgain(handoff_id=7, item="need")) == "7 need"
