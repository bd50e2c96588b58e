"""Companies and people: keys, search text, changes by two people at once."""

from dataclasses import replace

import pytest

from tasuki.core.contacts import InvalidContact
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Account, Event, Journey, Person
from tasuki.journeys.operations.receipts import RequestRepeated
from tasuki.journeys.operations.records import (
    AccountDetails,
    PersonDetails,
    RecordChangedMeanwhile,
    create_account,
    create_person,
    update_account,
    update_person,
)
from tests.journeys import factories

pytestmark = pytest.mark.django_db


def test_an_account_is_found_by_what_identifies_it() -> None:
    account = create_account(
        details=AccountDetails(
            name="㈱アオバ・製作所",
            name_kana="あおばせいさくしょ",
            domain="https://www.aoba.co.jp/contact",
            corporate_number="T7000012050002",
            phone="03-1234-5678",
        ),
        act=factories.act(),
    )

    stored = Account.objects.get(pk=account.pk)
    assert stored.company_key == "アオバ製作所"
    assert stored.domain == "aoba.co.jp"
    assert stored.corporate_number == "7000012050002"
    assert stored.phone_key == "+81312345678"
    assert stored.sort_key == "アオバセイサクシヨ"
    assert "アオバ" in stored.search_text


@pytest.mark.parametrize(
    "details",
    [
        AccountDetails(name="A", domain="not a domain"),
        AccountDetails(name="A", corporate_number="123"),
        AccountDetails(name="A", phone="call me"),
    ],
)
def test_what_cannot_identify_a_company_is_refused(details: AccountDetails) -> None:
    with pytest.raises(InvalidContact):
        create_account(details=details, act=factories.act())

    assert not Account.objects.exists()


def test_a_person_is_found_by_what_identifies_them() -> None:
    person = create_person(
        details=PersonDetails(
            family_name="髙橋",
            given_name="花子",
            email="Hanako@Example.CO.JP",
            phone="090-1234-5678",
        ),
        act=factories.act(),
    )

    stored = Person.objects.get(pk=person.pk)
    assert (stored.email, stored.email_key) == ("Hanako@Example.CO.JP", "hanako@example.co.jp")
    assert stored.phone_key == "+819012345678"
    assert str(stored) == "髙橋 花子"


def test_a_retried_creation_creates_once() -> None:
    details = AccountDetails(name="株式会社青葉")
    create_account(details=details, act=factories.act(key="once"))

    with pytest.raises(RequestRepeated) as repeated:
        create_account(details=details, act=factories.act(key="once"))

    assert repeated.value.key == "once"
    assert Account.objects.count() == 1


def test_a_change_is_journalled_with_what_it_was() -> None:
    account = factories.account(industry="製造業")

    changed = update_account(
        account_id=account.pk,
        details=replace(AccountDetails.of(account), industry="機械"),
        revision=1,
        act=factories.act(),
    )

    assert (changed.industry, changed.revision) == ("機械", 2)
    event = Event.objects.get(account=account)
    assert event.kind == EventKind.DETAILS_CHANGED
    assert event.payload == {"changes": {"industry": ["製造業", "機械"]}}


def test_saving_without_a_change_leaves_no_event() -> None:
    account = factories.account()

    update_account(
        account_id=account.pk,
        details=AccountDetails.of(account),
        revision=1,
        act=factories.act(),
    )

    assert not Event.objects.exists()


def test_the_second_of_two_savings_is_told() -> None:
    account = factories.account()
    details = AccountDetails.of(account)
    update_account(
        account_id=account.pk,
        details=replace(details, segment="大手"),
        revision=1,
        act=factories.act(),
    )

    with pytest.raises(RecordChangedMeanwhile) as refused:
        update_account(
            account_id=account.pk,
            details=replace(details, segment="中小"),
            revision=1,
            act=factories.act(),
        )

    assert (refused.value.entity, refused.value.record_id) == ("account", account.pk)
    assert Account.objects.get(pk=account.pk).segment == "大手"


def test_the_second_of_two_savings_of_a_person_is_told() -> None:
    person = factories.person()

    with pytest.raises(RecordChangedMeanwhile) as refused:
        update_person(
            person_id=person.pk, details=PersonDetails.of(person), revision=7, act=factories.act()
        )

    assert refused.value.entity == "person"


def test_renaming_changes_what_the_journeys_are_found_by() -> None:
    factories.process()
    journey = factories.journey()
    person = journey.person
    assert person is not None

    update_account(
        account_id=journey.account_id,
        details=replace(
            AccountDetails.of(journey.account), name="緑川産業", name_kana="ミドリカワ"
        ),
        revision=1,
        act=factories.act(),
    )
    update_person(
        person_id=person.pk,
        details=replace(PersonDetails.of(person), family_name="鈴木"),
        revision=1,
        act=factories.act(),
    )

    stored = Journey.objects.get(pk=journey.pk)
    assert "緑川" in stored.search_text
    assert "鈴木太郎" in stored.search_text
    assert stored.sort_key == "ミドリカワ"
