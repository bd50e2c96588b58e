"""My day in words: why each thing is on the list, and by when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from tasuki.core.blueprint import Blueprint, Stage
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.money import Money
from tasuki.core.priorities import WorkKind
from tasuki.handoffs.queries.words import reason_in_words
from tasuki.journeys.models import Handoff
from tasuki.journeys.queries.blueprints import kept_blueprint
from tasuki.journeys.queries.handoffs.day import ToDo
from tasuki.ui.speaking import language
from tasuki.ui.stays import label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One thing to do as the page shows it."""

    to_do: ToDo
    reason: str
    stage: str
    is_late: bool
    value: Money | None
    probability_ratio: float | None
    also: Sequence[str]

    @property
    def kind(self) -> WorkKind:
        """What kind of thing it is."""
        return self.to_do.kind


def day_lines(
    *, to_dos: Sequence[ToDo], blueprint: Blueprint, now: datetime, currency: str
) -> list[DayLine]:
    """Return the lines of a day in their order."""
    today = now.astimezone(BUSINESS_ZONE).date()
    return [_line(one, blueprint, now, today, currency) for one in to_dos]


def _line(one: ToDo, blueprint: Blueprint, now: datetime, today: date, currency: str) -> DayLine:
    journey, work = one.journey, one.ranked.work
    late_by_clock = one.due_at is not None and now > one.due_at
    late_by_day = one.due_date is not None and one.due_date < today
    amount = journey.amount_reporting_minor
    return DayLine(
        to_do=one,
        reason=_reason(one, blueprint, now),
        stage=label_of(code=journey.stage, blueprint=blueprint).text(language()),
        is_late=one.kind is not WorkKind.COMPLETE and (late_by_clock or late_by_day),
        value=Money(amount, currency) if amount is not None else None,
        probability_ratio=work.probability_ratio,
        also=[other.kind.label.text(language()) for other in one.ranked.also],
    )


def _reason(one: ToDo, blueprint: Blueprint, now: datetime) -> str:
    packet, journey = one.handoff, one.journey
    if packet is not None:
        return _packet_reason(one.kind, packet)
    if one.kind is WorkKind.STALLED:
        days = (now - journey.entered_at).days
        return _("In this stage for %(days)s days, expected %(expected)s, and silent") % {
            "days": days,
            "expected": _expected(journey.stage, blueprint),
        }
    if one.kind is WorkKind.REVISIT:
        return _("The day to look again has come")
    return journey.next_action


def _packet_reason(kind: WorkKind, packet: Handoff) -> str:
    giver = packet.giver.full_name if packet.giver else _("Automatic")
    contract = kept_blueprint(version_id=packet.blueprint_id).blueprint.contract(packet.contract)
    if kind is WorkKind.DECIDE:
        return _("%(name)s has handed this over; it waits for your answer") % {"name": giver}
    if kind is WorkKind.COMPLETE:
        reason = reason_in_words(code=packet.reason, contract=contract)
        if not reason:
            return _("The offer expired; offer it again")
        return _("Given back: %(reason)s") % {"reason": reason}
    if kind is WorkKind.FIRST_MEETING:
        return _("No meeting since you took it over")
    return _("Accepted, and the customer has not heard from you yet")


def _expected(code: str, blueprint: Blueprint) -> int:
    place = blueprint.place(code)
    return (place.stall_days or 0) if isinstance(place, Stage) else 0
