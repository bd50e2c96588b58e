"""The briefing for whoever took a customer over, and the words that tell the customer (R79)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tasuki.core.blueprint import Blueprint
from tasuki.handoffs.queries.packet_screen import PacketScreen
from tasuki.handoffs.queries.words import told_in_words
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.queries.handoffs.detail import accepted_packets

_TOPICS: Final = (
    "success_criterion",
    "why_bought",
    "need",
    "trigger",
    "scope",
    "promises",
    "stakeholders",
    "expectation",
    "risk",
    "competitor",
    "billing",
    "contract_start_date",
)
"""Items whose answers make the briefing, in the order in which a new owner needs them."""


@dataclass(frozen=True, slots=True)
class BriefingLine:
    """One answer, and who told it by which hand-off."""

    label: object
    said: str
    source: object


def briefing_lines(*, journey: Journey) -> Sequence[BriefingLine]:
    """Return what the packets of a journey told, the latest word on each topic, none twice."""
    told: dict[str, BriefingLine] = {}
    for handoff, blueprint in accepted_packets(journey_id=journey.pk):
        for key, line in _lines(handoff, blueprint):
            told.setdefault(key, line)
    known = [told[key] for key in _TOPICS if key in told]
    return [*known, *(line for key, line in told.items() if key not in _TOPICS)]


@dataclass(frozen=True, slots=True)
class Announcement:
    """A mail to the customer that names who takes over."""

    subject: str
    body: str
    address: str


def announcement_of(*, screen: PacketScreen, english: bool) -> Announcement:
    """Return a draft: whoever gave introduces whoever took, in the usual form of business mail."""
    handoff = screen.handoff
    journey = handoff.journey
    contact = journey.person
    sees = screen.sees_personal_data
    names = _Names(
        company=journey.account.name,
        contact=_name(contact.family_name, contact.given_name) if contact else "",
        giver=handoff.giver.full_name if handoff.giver else "",
        taker=handoff.receiver.full_name if handoff.receiver else "",
        department=screen.detail.contract.taker.label.text("en" if english else "ja"),
    )
    address = contact.email if contact and sees else ""
    if english:
        return Announcement(f"Your new contact: {names.taker}", _english(names), address)
    return Announcement("担当者変更のご挨拶", _japanese(names), address)


@dataclass(frozen=True, slots=True)
class _Names:
    company: str
    contact: str
    giver: str
    taker: str
    department: str


def _japanese(names: _Names) -> str:
    addressee = f"{names.contact} 様" if names.contact else "ご担当者 様"
    return f"""{names.company}
{addressee}

いつも大変お世話になっております。
{names.giver}でございます。

このたび、貴社の担当を{names.department}の{names.taker}が引き継ぐこととなりました。
これまでに伺ったご要望やお約束の内容は、{names.taker}に詳しく申し伝えております。
改めてご説明いただくことのないよう、責任をもって対応いたします。

近日中に{names.taker}よりご挨拶のご連絡を差し上げます。
ご不明な点がございましたら、どうぞ遠慮なくお知らせください。

今後とも変わらぬお引き立てを賜りますよう、よろしくお願い申し上げます。

{names.giver}
{names.taker}（{names.department}）
"""


def _english(names: _Names) -> str:
    addressee = names.contact or "Sir or Madam"
    return f"""Dear {addressee},

Thank you for working with us.

From today {names.taker} of our {names.department} team looks after {names.company}.
Everything you told us so far, and everything we promised, has been passed on in full, so you
will not need to explain it again.

{names.taker} will be in touch within the next few days. If there is anything you need before
then, please let either of us know.

With kind regards,
{names.giver}
{names.taker} ({names.department})
"""


def _lines(handoff: Handoff, blueprint: Blueprint) -> list[tuple[str, BriefingLine]]:
    contract = blueprint.contract(handoff.contract)
    return [
        (
            item.key,
            BriefingLine(
                item.label,
                told_in_words(
                    item=item,
                    value=handoff.values[item.key],
                    channels={},
                ),
                contract.giver.label,
            ),
        )
        for item in contract.items
        if item.key in handoff.values and item.field.startswith("answers.")
    ]


def _name(family: str, given: str) -> str:
    return f"{family} {given}".strip()
