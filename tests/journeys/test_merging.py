"""A merge keeps every fact and can be undone exactly."""

from dataclasses import replace

import pytest
from django.forms.models import model_to_dict

from tasuki.journeys.kinds import ActivityKind, EventKind
from tasuki.journeys.models import Account, Activity, Event, Journey, Merge, NotDuplicate, Person
from tasuki.journeys.operations.facts import Touch, record_activity
from tasuki.journeys.operations.merging import (
    UnableToMerge,
    UnableToUndoMerge,
    mark_different,
    merge,
    undo_merge,
)
from tasuki.journeys.operations.records import AccountDetails, update_account
from tests.journeys import factories

pytestmark = pytest.mark.django_db

KEPT_BY_UNDOING = {"revision", "updated_at"}


@pytest.fixture(autouse=True)
def process() -> None:
    factories.process()


def everything() -> dict[str, list[dict[str, object]]]:
    """Every company, person and journey, but for the marks that any write leaves."""
    return {
        model.__name__: [
            {k: v for k, v in model_to_dict(row).items() if k not in KEPT_BY_UNDOING}
            for row in model._default_manager.order_by("pk")
        ]
        for model in (Account, Person, Journey)
    }


def two_accounts() -> tuple[Account, Account]:
    """The same company twice; only the second knows its domain, and has the journey."""
    winner = factories.account(industry="製造業", attributes={"a": 1})
    loser = factories.account(
        "(株)青葉製作所", domain="aoba.example.co.jp", industry="機械", attributes={"a": 2, "b": 3}
    )
    person = factories.person(loser)
    factories.journey(account_id=loser.pk, person_id=person.pk)
    return winner, loser


def test_the_winner_gets_what_only_the_other_knew() -> None:
    winner, loser = two_accounts()

    merge(entity="account", winner_id=winner.pk, loser_id=loser.pk, act=factories.act())

    winner.refresh_from_db()
    loser.refresh_from_db()
    assert (winner.domain, winner.industry) == ("example.co.jp", "製造業")
    assert winner.attributes == {"a": 1, "b": 3}
    assert loser.merged_into_id == winner.pk
    assert Journey.objects.get().account_id == winner.pk
    assert Person.objects.get().account_id == winner.pk
    event = Event.objects.get(kind=EventKind.MERGED)
    assert event.account_id == winner.pk
    assert event.payload["loser"] == loser.pk


def test_undoing_puts_everything_back() -> None:
    winner, loser = two_accounts()
    before = everything()
    merged = merge(entity="account", winner_id=winner.pk, loser_id=loser.pk, act=factories.act())
    assert everything() != before

    undo_merge(merge_id=merged.pk, act=factories.act())

    assert everything() == before
    assert Event.objects.filter(kind=EventKind.UNMERGED, account=winner).count() == 1
    assert Merge.objects.get().undone_at == factories.NOW


def test_undoing_keeps_what_somebody_changed_since() -> None:
    winner, loser = two_accounts()
    merged = merge(entity="account", winner_id=winner.pk, loser_id=loser.pk, act=factories.act())
    winner.refresh_from_db()
    update_account(
        account_id=winner.pk,
        details=replace(AccountDetails.of(winner), domain="newer.example.com"),
        revision=winner.revision,
        act=factories.act(),
    )

    undo_merge(merge_id=merged.pk, act=factories.act())

    winner.refresh_from_db()
    assert winner.domain == "example.com"
    assert winner.attributes == {"a": 1}


def test_people_are_merged_with_their_journeys_and_keep_their_facts() -> None:
    company = factories.account()
    winner = factories.person(company, email="", phone="03-1234-5678")
    loser = factories.person(company)
    journey = factories.journey(account_id=company.pk, person_id=loser.pk)
    touch = Touch(kind=ActivityKind.CALL, subject="初回架電")
    record_activity(journey_id=journey.pk, touch=touch, act=factories.act())
    before = everything()

    merged = merge(entity="person", winner_id=winner.pk, loser_id=loser.pk, act=factories.act())

    winner.refresh_from_db()
    assert winner.email_key == "yamada@aoba.example.co.jp"
    assert Journey.objects.get().person_id == winner.pk
    assert Activity.objects.get().person_id == loser.pk
    undo_merge(merge_id=merged.pk, act=factories.act())
    assert everything() == before


@pytest.mark.parametrize("apart", [0, 1000])
def test_what_is_not_two_records_is_refused(apart: int) -> None:
    account = factories.account()
    other_id = account.pk + apart

    with pytest.raises(UnableToMerge) as refused:
        merge(entity="account", winner_id=account.pk, loser_id=other_id, act=factories.act())

    assert refused.value.rule == "needs_two_records"
    assert not Merge.objects.exists()


def test_a_record_is_merged_away_once() -> None:
    winner, loser = two_accounts()
    third = factories.account("青葉")
    merge(entity="account", winner_id=winner.pk, loser_id=loser.pk, act=factories.act())

    with pytest.raises(UnableToMerge) as refused:
        merge(entity="account", winner_id=third.pk, loser_id=loser.pk, act=factories.act())

    assert refused.value.rule == "already_merged"


def test_a_merge_is_undone_once_and_the_latest_first() -> None:
    winner, loser = two_accounts()
    third = factories.account("青葉")
    act = factories.act()
    first = merge(entity="account", winner_id=winner.pk, loser_id=loser.pk, act=act)
    second = merge(entity="account", winner_id=third.pk, loser_id=winner.pk, act=act)

    with pytest.raises(UnableToUndoMerge) as refused:
        undo_merge(merge_id=first.pk, act=act)
    assert (refused.value.rule, refused.value.blocking) == ("later_merge_first", second.pk)

    undo_merge(merge_id=second.pk, act=act)
    undo_merge(merge_id=first.pk, act=act)
    with pytest.raises(UnableToUndoMerge) as again:
        undo_merge(merge_id=first.pk, act=act)
    assert again.value.rule == "already_undone"


def test_two_records_are_said_to_differ_once() -> None:
    first, second = factories.account("青葉"), factories.account("青馬")

    mark_different(entity="account", ids=(second.pk, first.pk), act=factories.act())
    mark_different(entity="account", ids=(first.pk, second.pk), act=factories.act())

    decision = NotDuplicate.objects.get()
    assert (decision.first_id, decision.second_id) == (first.pk, second.pk)
