"""The names of the records that a revert would have to leave in place."""

import pytest

from tasuki.journeys.operations.worked_on import Kept, WorkedOnRecord, worked_on_records
from tests.journeys import factories

pytestmark = pytest.mark.django_db


def test_each_record_in_the_way_is_named_as_people_know_it() -> None:
    factories.process()
    company = factories.account("株式会社青葉")
    other = factories.account("緑川産業")
    person = factories.person(company)
    journey = factories.journey(account_id=company.pk, person_id=person.pk, title="横展開")
    untitled = factories.journey(account_id=other.pk)
    user = factories.user()
    factories.account("桜商事")
    kept = Kept(
        worked_on={
            "journey": frozenset({journey.pk, untitled.pk}),
            "account": frozenset({company.pk}),
            "person": frozenset({person.pk}),
            "user": frozenset({user.pk}),
        },
        all_ids={"account": frozenset({company.pk, other.pk})},
    )

    named = [
        WorkedOnRecord("journey", journey.pk, "株式会社青葉 横展開"),
        WorkedOnRecord("journey", untitled.pk, "緑川産業"),
        WorkedOnRecord("account", company.pk, "株式会社青葉"),
        WorkedOnRecord("person", person.pk, "山田 太郎"),
        WorkedOnRecord("user", user.pk, "佐藤 花子"),
    ]
    assert worked_on_records(kept=kept) == named
    assert worked_on_records(kept=kept, limit=3) == named[:3]
    assert kept.count == 5


def test_nothing_in_the_way_names_nothing() -> None:
    factories.account()

    assert worked_on_records(kept=Kept()) == []
    assert not Kept()
