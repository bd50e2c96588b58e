"""Deciding the steps of a hand-off: offer, accept, return, withdraw, and what comes after.

Nothing is changed here. The rules are described in docs/decisions/0009-hand-offs.md.
"""

from collections.abc import Collection, Sequence
from typing import Final

from tasuki.core.blueprint.contracts import Contract
from tasuki.core.blueprint.types import Blueprint, Ownership
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.handoffs.content import ItemContent, lacking, says_something
from tasuki.core.handoffs.refusal import HandoffRefused, HandoffRule, refusal
from tasuki.core.handoffs.types import Packet, PacketState, Receiver, Return
from tasuki.core.labels import Label

RETURNS_WITHOUT_MANAGER: Final = 1
"""How often a packet may come back before its return needs a manager."""
RATINGS: Final = range(1, 6)


def contract_for(*, blueprint: Blueprint, key: str, stage: str, motion: str) -> Contract:
    """Find the contract by which a journey in this stage and motion may be handed over.

    Raises: HandoffRefused: there is none of that key, it is not given from here, or one owner
        carries the journey all the way and keeps the contract as a checklist.
    """
    if not blueprint.has_contract(key):
        raise refusal(
            HandoffRule.NO_CONTRACT,
            f"「{key}」という引き継ぎの取り決めはありません。",
            f'There is no contract "{key}".',
        )
    contract = blueprint.contract(key)
    if stage not in contract.from_stages or not contract.is_for(motion):
        label = blueprint.place(stage).label
        raise refusal(
            HandoffRule.NOT_FROM_HERE,
            f"「{label.ja}」からは「{contract.label.ja}」の引き継ぎはできません。",
            f'"{contract.label.en}" is not handed over from "{label.en}".',
        )
    if is_checklist(blueprint=blueprint, contract=contract, motion=motion):
        raise refusal(
            HandoffRule.OWN_CHECKLIST,
            "この営業体制では担当者が変わりません。引き継ぎ項目はご自身の確認項目です。",
            "In this motion the owner stays. The items are your own checklist.",
        )
    return contract


def is_checklist(*, blueprint: Blueprint, contract: Contract, motion: str) -> bool:
    """Tell whether the boundary hands nothing over: one owner, or one team, carries on."""
    moves = contract.enters is not None
    return moves and blueprint.motion(motion).ownership is not Ownership.BY_DEPARTMENT


def judge_offer(
    *,
    contract: Contract,
    content: Sequence[ItemContent],
    open_packet: Packet | None,
    receiver: Receiver | None,
) -> None:
    """Let a packet be offered, or refuse; `receiver` None means the queue of the department.

    `open_packet` is the one of the same contract that waits, or was accepted and still holds.

    Raises: HandoffRefused.
    """
    if open_packet is not None and open_packet.state is PacketState.ACCEPTED:
        raise refusal(
            HandoffRule.ACCEPTED_ALREADY,
            "この引き継ぎはすでに受諾されています。",
            "This hand-off has been accepted already.",
        )
    if open_packet is not None:
        raise refusal(
            HandoffRule.OPEN_ALREADY,
            "この引き継ぎはすでに受諾待ちです。",
            "This hand-off is already waiting for acceptance.",
        )
    if receiver is not None:
        _judge_receiver(contract, receiver)
    missing = lacking(content)
    if missing:
        ja = "、".join(f"{one.item.label.ja}（{one.state.label.ja}）" for one in missing)
        en = ", ".join(f"{one.item.label.en} ({one.state.label.en})" for one in missing)
        raise HandoffRefused(
            rule=HandoffRule.INCOMPLETE,
            message=Label(f"引き継ぐには次が必要です: {ja}", f"To hand over this is needed: {en}"),
            lacking=missing,
        )


def judge_accept(*, packet: Packet) -> None:
    """Let a packet be accepted, or refuse.

    Raises: HandoffRefused: it was decided before.
    """
    _must_wait(packet)


def judge_return(*, packet: Packet, contract: Contract, step: Return) -> None:
    """Let a packet be given back, or refuse.

    Raises: HandoffRefused.
    """
    _must_wait(packet)
    if packet.returns >= RETURNS_WITHOUT_MANAGER and not step.by_manager:
        raise refusal(
            HandoffRule.MANAGER_NEEDED,
            "同じ引き継ぎの二度目の差し戻しには、管理者の判断が必要です。",
            "The second return of one hand-off needs a manager.",
        )
    if not step.reason:
        raise refusal(
            HandoffRule.REASON_MISSING,
            "差し戻しの理由を選んでください。",
            "Choose the reason for returning it.",
        )
    if step.reason not in {reason.code for reason in contract.reasons}:
        raise refusal(
            HandoffRule.REASON_UNKNOWN,
            f"「{step.reason}」という理由はありません。",
            f'There is no reason "{step.reason}".',
        )
    _judge_detail(contract, step)


def judge_withdraw(*, packet: Packet) -> None:
    """Let a packet be taken back by its giver, or refuse.

    Raises: HandoffRefused: it was decided before.
    """
    _must_wait(packet)


def judge_rating(*, packet: Packet, usefulness: int) -> None:
    """Let the receiver rate a packet, or refuse.

    Raises: HandoffRefused: it was not accepted, or the rating is not 1 to 5.
    """
    _must_be_accepted(packet)
    if usefulness not in RATINGS:
        raise refusal(
            HandoffRule.RATING_RANGE,
            "役立ち度は1から5で付けてください。",
            "Rate the usefulness from 1 to 5.",
        )


def judge_asked_again(
    *, packet: Packet, contract: Contract, item: str, told: Collection[str]
) -> None:
    """Let the receiver tick that something was asked again, or refuse; `told` are the item keys
    that the packet had answered.

    Raises: HandoffRefused: it was not accepted, asks for no such item, or had no answer to it.
    """
    _must_be_accepted(packet)
    if contract.item(item) is None:
        raise _unknown_item(item)
    if item not in told:
        raise refusal(
            HandoffRule.NOTHING_TO_ASK_AGAIN,
            "この項目は引き継ぎに書かれていないので、再質問には当たりません。",
            "The packet did not answer this, so it is not asked again.",
        )


def _judge_receiver(contract: Contract, receiver: Receiver) -> None:
    if not receiver.is_active:
        raise refusal(
            HandoffRule.RECEIVER_REMOVED,
            f"{receiver.name}さんは利用を停止しています。別の人を選んでください。",
            f"{receiver.name} no longer has an account. Choose somebody else.",
        )
    if not receiver.works_there:
        raise refusal(
            HandoffRule.RECEIVER_ELSEWHERE,
            f"{receiver.name}さんは{contract.taker.label.ja}の担当ではありません。",
            f"{receiver.name} does not work in {contract.taker.label.en}.",
        )
    if receiver.away_until is not None:
        until = f"{receiver.away_until.astimezone(BUSINESS_ZONE):%Y/%m/%d %H:%M}"
        raise refusal(
            HandoffRule.RECEIVER_AWAY,
            f"{receiver.name}さんは不在です（{until}まで）。"
            "別の人を選ぶか、部門の受け取り待ちにしてください。",
            f"{receiver.name} is away until {until}. "
            "Choose somebody else, or the department's queue.",
        )


def _judge_detail(contract: Contract, step: Return) -> None:
    reason = contract.reason(step.reason)
    if step.item and contract.item(step.item) is None:
        raise _unknown_item(step.item)
    if reason.names_item and not step.item:
        raise refusal(
            HandoffRule.ITEM_MISSING,
            "どの項目が足りないかを選んでください。",
            "Choose the item that is missing.",
        )
    if reason.needs_note and not says_something(step.note):
        raise refusal(
            HandoffRule.NOTE_MISSING,
            f"「{reason.label.ja}」のときは、内容を書いてください。",
            f'With "{reason.label.en}", please say more in the note.',
        )


def _must_wait(packet: Packet) -> None:
    if packet.state is PacketState.OFFERED:
        return
    by_ja = f"（{packet.decided_by}さん）" if packet.decided_by else ""
    by_en = f" (by {packet.decided_by})" if packet.decided_by else ""
    raise refusal(
        HandoffRule.DECIDED_ALREADY,
        f"この引き継ぎはすでに「{packet.state.label.ja}」です{by_ja}。",
        f"This hand-off is already {packet.state.label.en.lower()}{by_en}.",
    )


def _must_be_accepted(packet: Packet) -> None:
    if packet.state is not PacketState.ACCEPTED:
        raise refusal(
            HandoffRule.NOT_ACCEPTED,
            "受諾した引き継ぎだけを評価できます。",
            "Only an accepted hand-off can be rated.",
        )


def _unknown_item(item: str) -> HandoffRefused:
    return refusal(
        HandoffRule.ITEM_UNKNOWN,
        f"「{item}」という項目は取り決めにありません。",
        f'The contract has no item "{item}".',
    )
