"""Every step of a hand-off: what it accepts, what it refuses, and what it says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from tasuki.core.blueprint import Contract
from tasuki.core.handoffs import (
    HandoffRefused,
    HandoffRule,
    Packet,
    PacketState,
    Receiver,
    Return,
    contract_for,
    is_checklist,
    judge_accept,
    judge_asked_again,
    judge_content,
    judge_offer,
    judge_rating,
    judge_return,
    judge_withdraw,
)
from tests.core.processes import the_model

R = HandoffRule
FORWARD = "inside_sales_to_field_sales"
VOICE = "success_voice_to_marketing"
FACTS = {
    "answers.need": "残業が月40時間",
    "answers.trigger": "来期の組織変更",
    "answers.meeting_date": "2026-04-10",
    "answers.agenda": "費用の見通し",
    "person.role": "decider",
    "journey.temperature": "hot",
    "answers.temperature_reason": "先方から日程の打診",
}
OFFERED = Packet(
    contract=FORWARD, state=PacketState.OFFERED, round=1, returns=0, giver_id=1, receiver_id=2
)
ACCEPTED = replace(OFFERED, state=PacketState.ACCEPTED, decided_by="佐藤 花子")
SATO = Receiver(user_id=2, name="佐藤", is_active=True, works_there=True)
AWAY = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)


def forward() -> Contract:
    return the_model().contract(FORWARD)


def test_the_contract_of_a_stage_is_found() -> None:
    assert contract_for(
        blueprint=the_model(), key=FORWARD, stage="SQL", motion="division"
    ) == the_model().contract(FORWARD)


NO_CONTRACT = [
    ("nothing", "SQL", "division", R.NO_CONTRACT),
    (FORWARD, "SAL", "division", R.NOT_FROM_HERE),
    (FORWARD, "RECYCLE", "division", R.NOT_FROM_HERE),
    (FORWARD, "SQL", "full_cycle", R.OWN_CHECKLIST),
    (FORWARD, "SQL", "abm", R.OWN_CHECKLIST),
]


@pytest.mark.parametrize(("key", "stage", "motion", "rule"), NO_CONTRACT)
def test_no_contract_to_hand_over_by(key: str, stage: str, motion: str, rule: R) -> None:
    with pytest.raises(HandoffRefused) as refused:
        contract_for(blueprint=the_model(), key=key, stage=stage, motion=motion)

    assert refused.value.rule is rule


def test_a_contract_for_other_motions_is_not_from_here() -> None:
    blueprint = replace(the_model(), contracts=(replace(forward(), motions=("abm",)),))

    with pytest.raises(HandoffRefused) as refused:
        contract_for(blueprint=blueprint, key=FORWARD, stage="SQL", motion="division")

    assert refused.value.rule is R.NOT_FROM_HERE


def test_one_owner_keeps_a_moving_contract_as_a_checklist() -> None:
    voice = the_model().contract(VOICE)
    found = [
        is_checklist(blueprint=the_model(), contract=contract, motion=motion)
        for contract in (forward(), voice)
        for motion in ("division", "full_cycle", "abm")
    ]

    assert found == [False, True, True, False, False, False]


@pytest.mark.parametrize("receiver", [None, SATO])
def test_a_full_packet_is_offered(receiver: Receiver | None) -> None:
    content = judge_content(items=forward().items, facts=FACTS)

    judge_offer(contract=forward(), content=content, open_packet=None, receiver=receiver)


OFFERS = [
    (OFFERED, None, R.OPEN_ALREADY),
    (ACCEPTED, None, R.ACCEPTED_ALREADY),
    (None, replace(SATO, is_active=False, works_there=False), R.RECEIVER_REMOVED),
    (None, replace(SATO, works_there=False, away_until=AWAY), R.RECEIVER_ELSEWHERE),
    (None, replace(SATO, away_until=AWAY), R.RECEIVER_AWAY),
]


@pytest.mark.parametrize(("earlier", "receiver", "rule"), OFFERS)
def test_an_offer_is_refused(earlier: Packet | None, receiver: Receiver | None, rule: R) -> None:
    content = judge_content(items=forward().items, facts=FACTS)

    with pytest.raises(HandoffRefused) as refused:
        judge_offer(contract=forward(), content=content, open_packet=earlier, receiver=receiver)

    assert refused.value.rule is rule
    assert refused.value.message.ja
    assert refused.value.lacking == ()


def test_until_when_a_receiver_is_away_is_said_in_the_time_of_the_business() -> None:
    content = judge_content(items=forward().items, facts=FACTS)

    with pytest.raises(HandoffRefused) as refused:
        judge_offer(
            contract=forward(),
            content=content,
            open_packet=None,
            receiver=replace(SATO, away_until=AWAY),
        )

    assert "2026/04/03 18:00" in refused.value.message.ja
    assert "2026/04/03 18:00" in refused.value.message.en


def test_an_empty_packet_names_what_is_lacking() -> None:
    facts = {**FACTS, "answers.need": "特になし", "answers.agenda": None}
    content = judge_content(items=forward().items, facts=facts)

    with pytest.raises(HandoffRefused) as refused:
        judge_offer(contract=forward(), content=content, open_packet=None, receiver=None)

    assert refused.value.rule is R.INCOMPLETE
    assert [entry.item.key for entry in refused.value.lacking] == ["need", "agenda"]
    assert "課題（内容がありません" in refused.value.message.ja
    assert "Agreed agenda (Not filled in)" in refused.value.message.en


DECIDED = [state for state in PacketState if state is not PacketState.OFFERED]


@pytest.mark.parametrize("state", DECIDED)
def test_a_decided_packet_is_not_decided_again(state: PacketState) -> None:
    packet = replace(OFFERED, state=state, decided_by="佐藤 花子")
    judges: list[Callable[[], None]] = [
        partial(judge_accept, packet=packet),
        partial(judge_withdraw, packet=packet),
        partial(judge_return, packet=packet, contract=forward(), step=Return("need_unclear")),
    ]
    for judge in judges:
        with pytest.raises(HandoffRefused) as refused:
            judge()

        assert refused.value.rule is R.DECIDED_ALREADY
        assert state.label.ja in refused.value.message.ja
        assert "佐藤 花子さん" in refused.value.message.ja


def test_a_packet_that_expired_was_decided_by_nobody() -> None:
    with pytest.raises(HandoffRefused) as refused:
        judge_accept(packet=replace(OFFERED, state=PacketState.EXPIRED))

    assert refused.value.message.ja == "この引き継ぎはすでに「期限切れ」です。"


def test_an_offered_packet_may_be_decided() -> None:
    judge_accept(packet=OFFERED)
    judge_withdraw(packet=OFFERED)


RETURNS = [
    (0, Return("need_unclear"), None),
    (0, Return("missing_information", item="need"), None),
    (0, Return("other", note="先方の担当が変わった"), None),
    (1, Return("need_unclear", by_manager=True), None),
    (1, Return("need_unclear"), R.MANAGER_NEEDED),
    (0, Return(""), R.REASON_MISSING),
    (0, Return("weather"), R.REASON_UNKNOWN),
    (0, Return("missing_information"), R.ITEM_MISSING),
    (0, Return("missing_information", item="horoscope"), R.ITEM_UNKNOWN),
    (0, Return("need_unclear", item="horoscope"), R.ITEM_UNKNOWN),
    (0, Return("other"), R.NOTE_MISSING),
    (0, Return("other", note="なし"), R.NOTE_MISSING),
]


@pytest.mark.parametrize(("returns", "step", "rule"), RETURNS)
def test_a_return_says_why(returns: int, step: Return, rule: R | None) -> None:
    packet = replace(OFFERED, returns=returns)
    if rule is None:
        judge_return(packet=packet, contract=forward(), step=step)
        return

    with pytest.raises(HandoffRefused) as refused:
        judge_return(packet=packet, contract=forward(), step=step)

    assert refused.value.rule is rule


@pytest.mark.parametrize(
    ("packet", "usefulness", "rule"),
    [
        (ACCEPTED, 1, None),
        (ACCEPTED, 5, None),
        (ACCEPTED, 0, R.RATING_RANGE),
        (ACCEPTED, 6, R.RATING_RANGE),
        (OFFERED, 3, R.NOT_ACCEPTED),
    ],
)
def test_a_rating_is_one_to_five(packet: Packet, usefulness: int, rule: R | None) -> None:
    if rule is None:
        judge_rating(packet=packet, usefulness=usefulness)
        return

    with pytest.raises(HandoffRefused) as refused:
        judge_rating(packet=packet, usefulness=usefulness)

    assert refused.value.rule is rule


@pytest.mark.parametrize(
    ("packet", "item", "rule"),
    [
        (ACCEPTED, "need", None),
        (ACCEPTED, "competitor", R.NOTHING_TO_ASK_AGAIN),
        (ACCEPTED, "horoscope", R.ITEM_UNKNOWN),
        (OFFERED, "need", R.NOT_ACCEPTED),
    ],
)
def test_only_what_was_told_is_asked_again(packet: Packet, item: str, rule: R | None) -> None:
    told = {"need", "agenda"}
    if rule is None:
        judge_asked_again(packet=packet, contract=forward(), item=item, told=told)
        return

    with pytest.raises(HandoffRefused) as refused:
        judge_asked_again(packet=packet, contract=forward(), item=item, told=told)

    assert refused.value.rule is rule


def test_every_state_has_a_name_in_both_languages() -> None:
    assert all(state.label.ja and state.label.en for state in PacketState)
