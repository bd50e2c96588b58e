"""The weekly review: one week of hand-offs against the week before, boundary by boundary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from django.utils.translation import gettext as _

from tasuki.core.access import Access
from tasuki.core.blueprint import Contract, ContractKind
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.handoffs import PacketState
from tasuki.core.periods import Grain, Period, period_of, previous, utc_bounds
from tasuki.handoffs.models import Metric, ReviewDecision, ReviewMeeting
from tasuki.handoffs.queries.decided import Decided
from tasuki.handoffs.queries.words import channel_names, reason_in_words, told_in_words
from tasuki.journeys.models import Channel, Handoff
from tasuki.journeys.queries.blueprints import current_blueprint, kept_blueprint
from tasuki.journeys.queries.handoffs.followed import Contrast, what_followed
from tasuki.journeys.queries.handoffs.offers import OfferRow, offers_of
from tasuki.journeys.queries.handoffs.quality import (
    Figure,
    ItemTrouble,
    Quality,
    Span,
    quality_by,
    quality_of,
    returned_for,
    worst_items,
)
from tasuki.journeys.queries.visibility import visible_journeys
from tasuki.people.models import User
from tasuki.ui.speaking import language

SAMPLE: Final = 4
_ADDRESSES: Final = frozenset({"person.email", "person.phone"})
"""Not read out in a meeting, nor printed."""
SHOWN: Final = 5
"""How many packets are named for a reason or an item; the rest is counted."""
LOOKING_BACK_WEEKS: Final = 26


@dataclass(frozen=True, slots=True)
class Boundary:
    """One contract in the week and in the week before."""

    contract: Contract
    now: Quality
    before: Quality


@dataclass(frozen=True, slots=True)
class Line:
    """A packet on the page; `is_seen` tells whether the reader may open it."""

    handoff: Handoff
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Packets that share a reason or an item: what it is called, how many, the first of them."""

    contract: Contract
    name: str
    count: int
    lines: tuple[Line, ...]
    trouble: ItemTrouble | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """A packet side by side with what followed."""

    line: Line
    contract: Contract
    told: tuple[tuple[str, str], ...]
    state: PacketState
    reason: str
    stage: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of one person or channel."""

    name: str
    quality: Quality


@dataclass(frozen=True, slots=True)
class Effect:
    """A decision, the figure it was to change, before and in the week under review."""

    decision: ReviewDecision
    about: str
    before: Figure
    after: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything that the page and the paper of one week show."""

    week: Period
    boundaries: tuple[Boundary, ...]
    returns: tuple[Group, ...]
    late: tuple[Line, ...]
    late_count: int
    items: tuple[Group, ...]
    sample: tuple[Sampled, ...]
    givers: tuple[Tally, ...]
    receivers: tuple[Tally, ...]
    channels: tuple[Tally, ...]
    won: tuple[Contrast, ...]
    stayed: tuple[Contrast, ...]
    meeting: ReviewMeeting | None
    decisions: tuple[Effect, ...]
    earlier: tuple[Effect, ...]


def week_of(day: date) -> Period:
    """Return the week, from Monday, that a day lies in."""
    return period_of(day, grain=Grain.WEEK)


def last_whole_week(today: date) -> Period:
    """Return the week before this one: what a review speaks about by default."""
    return previous(week_of(today))


def review_of(*, week: Period, access: Access, now: datetime) -> Review:
    """Return the review of a week: a fixed number of queries, whatever the number of packets."""
    span, former = _span(week), _span(previous(week))
    offers = offers_of(start=former.start, end=span.end, now=now)
    contracts = _contracts(offers)
    ids = [row.handoff_id for row in offers if _touches(row, span)]
    lines = _lines(ids, access)
    meeting = ReviewMeeting.objects.filter(from_date=week.start_date).first()
    late = [row for row in offers if _touches(row, span) and (row.late or row.contact_late)]
    won, stayed = _followed(span, now)
    return Review(
        week=week,
        boundaries=_boundaries(offers, contracts, span, former),
        returns=_returns(offers, contracts, span, lines),
        late=_named((row.handoff_id for row in late), lines),
        late_count=len({row.handoff_id for row in late}),
        items=_items(offers, contracts, span, lines),
        sample=_sample(week, ids, lines, contracts),
        givers=_people(offers, span, receiving=False),
        receivers=_people(offers, span, receiving=True),
        channels=_channels(offers, span),
        won=won,
        stayed=stayed,
        meeting=meeting,
        decisions=_effects(_of_meeting(meeting), offers, contracts, span),
        earlier=_effects(_before(week), offers, contracts, span),
    )


def baseline_of(*, decided: Decided, week: Period, now: datetime) -> Decided:
    """Return the decision with the figure of its week as the baseline."""
    span = _span(week)
    offers = offers_of(start=span.start, end=span.end, now=now)
    figure = _watched(offers, span, decided)
    return replace(decided, baseline_value=figure.value, baseline_n=figure.n)


def _span(period: Period) -> Span:
    return Span(*utc_bounds(period, zone=BUSINESS_ZONE))


def _touches(row: OfferRow, span: Span) -> bool:
    return span.holds(row.offered_at) or span.holds(row.ended_at)


def _contracts(offers: Iterable[OfferRow]) -> dict[str, Contract]:
    """Name each contract by the version in force, or by the last one that had it."""
    kept = {
        row.contract: kept_blueprint(version_id=row.blueprint_id).blueprint.contract(row.contract)
        for row in offers
    }
    current = {one.key: one for one in current_blueprint().blueprint.contracts}
    return current | {key: one for key, one in kept.items() if key not in current}


def _boundaries(
    offers: Sequence[OfferRow], contracts: Mapping[str, Contract], span: Span, former: Span
) -> tuple[Boundary, ...]:
    def figures(key: str, within: Span) -> Quality:
        rows = (row for row in offers if row.contract == key and _touches(row, within))
        return quality_of(offers=rows, span=within)

    return tuple(
        Boundary(contract, figures(key, span), figures(key, former))
        for key, contract in contracts.items()
    )


def _lines(ids: Sequence[int], access: Access) -> dict[int, Line]:
    packets = Handoff.objects.filter(pk__in=ids).select_related(
        "journey__account", "giver", "receiver", "receiver_team"
    )
    seen = set(
        Handoff.objects.filter(pk__in=ids, journey__in=visible_journeys(access=access)).values_list(
            "pk", flat=True
        )
    )
    return {packet.pk: Line(packet, packet.pk in seen) for packet in packets}


def _named(ids: Iterable[int], lines: Mapping[int, Line]) -> tuple[Line, ...]:
    return tuple(lines[pk] for pk in list(dict.fromkeys(ids))[:SHOWN])


def _returns(
    offers: Sequence[OfferRow],
    contracts: Mapping[str, Contract],
    span: Span,
    lines: Mapping[int, Line],
) -> tuple[Group, ...]:
    return tuple(
        Group(
            contracts[key],
            reason_in_words(code=reason, contract=contracts[key]),
            len(rows),
            _named((row.handoff_id for row in rows), lines),
        )
        for (key, reason), rows in returned_for(offers=offers, span=span).items()
    )


def _items(
    offers: Sequence[OfferRow],
    contracts: Mapping[str, Contract],
    span: Span,
    lines: Mapping[int, Line],
) -> tuple[Group, ...]:
    found = worst_items(offers=offers, span=span)[: 2 * SHOWN]
    return tuple(
        Group(
            contracts[one.contract],
            _item_name(contracts[one.contract], one.item),
            one.count,
            _named((*one.named_in_returns, *one.asked_again), lines),
            one,
        )
        for one in found
    )


def _item_name(contract: Contract, key: str) -> str:
    item = contract.item(key)
    return item.label.text(language()) if item else key


def _sample(
    week: Period, ids: Sequence[int], lines: Mapping[int, Line], contracts: Mapping[str, Contract]
) -> tuple[Sampled, ...]:
    """Draw by the week alone, so that everybody in the room sees the same packets."""

    def lot(pk: int) -> str:
        return sha256(f"{week.start_date}:{pk}".encode()).hexdigest()

    drawn = sorted(dict.fromkeys(ids), key=lot)[:SAMPLE]
    channels = channel_names()
    return tuple(_sampled(lines[pk], contracts, channels) for pk in drawn)


def _sampled(line: Line, contracts: Mapping[str, Contract], channels: Mapping[str, str]) -> Sampled:
    packet = line.handoff
    kept = kept_blueprint(version_id=packet.blueprint_id).blueprint
    contract = kept.contract(packet.contract)
    told = tuple(
        (
            item.label.text(language()),
            told_in_words(item=item, value=packet.values[item.key], channels=channels),
        )
        for item in contract.items
        if item.key in packet.values and not _ADDRESSES & set(item.fields)
    )
    current = current_blueprint().blueprint
    stage = packet.journey.stage
    label = current.place(stage).label.text(language()) if current.has_place(stage) else stage
    return Sampled(
        line,
        contracts[packet.contract],
        told if line.is_seen else (),
        PacketState(packet.state),
        reason_in_words(code=packet.reason, contract=contract),
        label,
    )


def _people(offers: Sequence[OfferRow], span: Span, *, receiving: bool) -> tuple[Tally, ...]:
    def key(row: OfferRow) -> int | None:
        return row.receiver_id if receiving else row.giver_id

    rows = [row for row in offers if _touches(row, span)]
    found = quality_by(offers=rows, span=span, key=key)
    names = {
        one.pk: one.full_name for one in User.objects.filter(pk__in=[pk for pk in found if pk])
    }
    return _tallies((names.get(pk or 0, _("Nobody")), one) for pk, one in found.items())


def _channels(offers: Sequence[OfferRow], span: Span) -> tuple[Tally, ...]:
    rows = [row for row in offers if _touches(row, span)]
    found = quality_by(offers=rows, span=span, key=lambda row: row.channel_id)
    named = Channel.objects.values_list("pk", "label_ja", "label_en")
    names = {pk: en if language() == "en" else ja for pk, ja, en in named}
    return _tallies((names.get(pk or 0, _("Unknown")), one) for pk, one in found.items())


def _tallies(found: Iterable[tuple[str, Quality]]) -> tuple[Tally, ...]:
    tallies = [Tally(name, quality) for name, quality in found]
    return tuple(sorted(tallies, key=lambda one: (-one.quality.offered.n, one.name)))


def _followed(span: Span, now: datetime) -> tuple[tuple[Contrast, ...], tuple[Contrast, ...]]:
    blueprint = current_blueprint().blueprint
    winning = blueprint.winning_stage()
    forward = [one for one in blueprint.contracts if one.kind is ContractKind.FORWARD]
    until = winning.position if winning else 0
    early = [one.key for one in forward if blueprint.stage(one.enters or "").position <= until]
    late = [one.key for one in forward if one.key not in early]
    start = span.end - LOOKING_BACK_WEEKS * (span.end - span.start)
    return (
        what_followed(start=start, end=span.end, now=now, contracts=early),
        what_followed(start=start, end=span.end, now=now, contracts=late),
    )


def _of_meeting(meeting: ReviewMeeting | None) -> list[ReviewDecision]:
    if meeting is None:
        return []
    return list(meeting.decisions.select_related("owner", "meeting"))


def _before(week: Period) -> list[ReviewDecision]:
    """The decisions of the meeting before, and all earlier ones that are open."""
    former = ReviewDecision.objects.filter(meeting__from_date__lt=week.start_date)
    last = (
        ReviewMeeting.objects.filter(from_date__lt=week.start_date)
        .order_by("-from_date")
        .values_list("pk", flat=True)
        .first()
    )
    rows = former.filter(meeting_id=last) | former.filter(state=ReviewDecision.State.OPEN)
    return list(rows.select_related("owner", "meeting").order_by("-meeting__from_date", "id"))


def _effects(
    decisions: Iterable[ReviewDecision],
    offers: Sequence[OfferRow],
    contracts: Mapping[str, Contract],
    span: Span,
) -> tuple[Effect, ...]:
    return tuple(
        Effect(
            one,
            _about(one, contracts),
            Figure(one.baseline_value, one.baseline_n, ()),
            _watched(offers, span, one),
        )
        for one in decisions
    )


def _about(decision: ReviewDecision, contracts: Mapping[str, Contract]) -> str:
    contract = contracts.get(decision.contract)
    if contract is None:
        return decision.contract or _("All hand-offs")
    name = contract.label.text(language())
    if decision.item:
        return f"{name}: {_item_name(contract, decision.item)}"
    if decision.reason:
        return f"{name}: {reason_in_words(code=decision.reason, contract=contract)}"
    return name


def _watched(offers: Iterable[OfferRow], span: Span, about: Decided | ReviewDecision) -> Figure:
    """Return the figure that a decision watches, narrowed to what it is about."""
    rows = [_narrowed(row, about) for row in offers if _touches(row, span)]
    chosen = [row for row in rows if not about.contract or row.contract == about.contract]
    quality = quality_of(offers=chosen, span=span)
    if about.metric == Metric.LATE:
        made = quality.offered.n
        return Figure(quality.late.n / made if made else None, made, quality.late.handoff_ids)
    if about.metric == Metric.BOUNCES and (about.item or about.reason):
        fitting = [row for row in chosen if _fits(row, about)]
        returned = quality_of(offers=fitting, span=span).returned
        packets = quality.bounces.n
        return Figure(returned.n / packets if packets else None, packets, returned.handoff_ids)
    figure: Figure = getattr(quality, about.metric)
    return figure


def _narrowed(row: OfferRow, about: Decided | ReviewDecision) -> OfferRow:
    return replace(row, asked_again=row.asked_again & {about.item}) if about.item else row


def _fits(row: OfferRow, about: Decided | ReviewDecision) -> bool:
    return about.item in ("", row.item) and about.reason in ("", row.reason)
