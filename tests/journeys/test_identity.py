"""Candidates for duplicates: found in sets, judged with reasons."""

import pytest

from tasuki.core.similarity import ReasonCode, Strength
from tasuki.journeys.operations.merging import mark_different, merge
from tasuki.journeys.queries import identity
from tasuki.journeys.queries.identity import (
    candidates,
    candidates_of,
    pair_of,
    recent_merges,
    what_moves,
)
from tests.journeys import factories as make
from tests.journeys.factories import act

pytestmark = pytest.mark.django_db


def test_the_same_name_and_domain_are_certain_and_a_near_name_possible() -> None:
    first = make.account("株式会社青葉製作所", domain="aoba.example.co.jp")
    second = make.account("㈱青葉製作所", domain="aoba.example.co.jp")
    near = make.account("青葉製作社")
    make.account("北斗電子")
    page = candidates(entity="account")
    found = [(pair.first.pk, pair.second.pk, pair.candidate.strength) for pair in page.pairs]
    assert found == [
        (first.pk, second.pk, Strength.CERTAIN),
        (first.pk, near.pk, Strength.POSSIBLE),
        (second.pk, near.pk, Strength.POSSIBLE),
    ]
    assert (page.total, page.is_cut) == (3, False)


def test_the_first_character_may_differ() -> None:
    make.account("青葉製作所")
    make.account("若葉製作所")
    [pair] = candidates(entity="account").pairs
    assert [reason.code for reason in pair.candidate.reasons] == [ReasonCode.NEAR_COMPANY_NAME]


def test_pages_are_cut_from_the_whole() -> None:
    for _number in range(3):
        make.account("青葉製作所")
    page = candidates(entity="account", offset=2, limit=2)
    assert (len(page.pairs), page.total) == (1, 3)


def test_a_key_that_very_many_share_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "BLOCK", 2)
    for _number in range(3):
        make.account("青葉製作所")
    assert candidates(entity="account").pairs == ()


def test_more_pairs_than_are_judged_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "PAIRS", 2)
    for _number in range(3):
        make.account("青葉製作所")
    page = candidates(entity="account")
    assert (page.total, page.is_cut) == (2, True)


def test_what_was_merged_or_told_apart_is_not_suggested() -> None:
    first, second, third = (make.account("青葉製作所") for _number in range(3))
    mark_different(entity="account", ids=(first.pk, second.pk), act=act())
    merge(entity="account", winner_id=first.pk, loser_id=third.pk, act=act())
    assert candidates(entity="account").pairs == ()
    assert candidates_of(entity="account", record_id=first.pk) == []
    assert candidates_of(entity="account", record_id=third.pk) == []
    assert candidates_of(entity="account", record_id=999_999) == []
    assert [one.loser_id for one in recent_merges()] == [third.pk]


def test_people_by_address_phone_and_name_at_one_company() -> None:
    company = make.account()
    first = make.person(company, email="a@example.co.jp", phone="03-1234-5678")
    same = make.person(company, email="b@example.co.jp")
    address = make.person(family_name="鈴木", email="A@example.co.jp")
    found = {
        (pair.first.pk, pair.second.pk): pair.candidate.strength
        for pair in candidates(entity="person").pairs
    }
    assert found == {
        (first.pk, same.pk): Strength.LIKELY,
        (first.pk, address.pk): Strength.CERTAIN,
    }
    own = candidates_of(entity="person", record_id=first.pk)
    assert [pair.second.pk for pair in own] == [address.pk, same.pk]


def test_records_that_share_a_key_but_nothing_that_counts_are_left_out() -> None:
    company = make.account()
    make.person(company, family_name="山田", given_name="太郎", email="")
    make.person(company, family_name="山田", given_name="花子", email="")
    assert candidates(entity="person").pairs == ()


def test_a_pair_is_shown_while_both_stand_for_themselves() -> None:
    first, second = make.account("青葉製作所"), make.account("北斗電子")
    pair = pair_of(entity="account", first_id=first.pk, second_id=second.pk)
    assert pair is not None
    assert pair.candidate.reasons == ()
    assert pair_of(entity="account", first_id=first.pk, second_id=999_999) is None
    merge(entity="account", winner_id=first.pk, loser_id=second.pk, act=act())
    assert pair_of(entity="account", first_id=first.pk, second_id=second.pk) is None


def test_what_a_merge_hands_over_is_counted() -> None:
    make.process()
    journey = make.journey()
    assert what_moves(entity="account", loser_id=journey.account_id) == {"journey": 1, "person": 1}
    assert journey.person_id is not None
    assert what_moves(entity="person", loser_id=journey.person_id) == {"journey": 1}
