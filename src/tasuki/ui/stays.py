"""Stays as the ribbon draws them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.urls import reverse

from tasuki.core.blueprint import Blueprint, Place, Stage
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.core.labels import Label
from tasuki.core.lifecycle import Exit
from tasuki.journeys.models import Handoff, Stay
from tasuki.ui.ribbon import Baton, RibbonRow, RibbonSegment, lay_out


def ribbon_of(
    *,
    stays: Sequence[Stay],
    blueprint: Blueprint,
    now: datetime,
    linked: bool = True,
    packets: Sequence[Handoff] = (),
) -> tuple[RibbonRow, ...]:
    """Return the band of one journey; each segment leads to the facts of its stay, and bears the
    marks of the packets that were handed over there."""
    segments = [
        replace(
            _segment(stay, blueprint, now, linked=linked), baton=baton_of(packets_in(stay, packets))
        )
        for stay in stays
    ]
    return lay_out(segments, now=now)


def packets_in(stay: Stay, packets: Iterable[Handoff]) -> list[Handoff]:
    """Return the packets that were offered last while the journey rested in this stay.

    One that was offered and accepted at the instant of a move stands on the stay that it ended.
    """
    return [packet for packet in packets if _was_given_in(stay, packet)]


def _was_given_in(stay: Stay, packet: Handoff) -> bool:
    at, ended_it = packet.offered_at, packet.offered_at == packet.decided_at
    left = stay.left_at
    began = at > stay.entered_at or (at == stay.entered_at and (not ended_it or left == at))
    return began and (left is None or at < left or (at == left and ended_it))


def baton_of(packets: Sequence[Handoff]) -> Baton:
    """Return what became of packets, counted."""
    states = [packet.state for packet in packets]
    return Baton(
        accepted=states.count(PacketState.ACCEPTED),
        waiting=states.count(PacketState.OFFERED),
        returned=sum(packet.returns for packet in packets),
        dropped=states.count(PacketState.WITHDRAWN) + states.count(PacketState.EXPIRED),
    )


def ribbons_of(
    *, stays: Iterable[Stay], blueprint: Blueprint, now: datetime
) -> Mapping[int, tuple[RibbonRow, ...]]:
    """Return the bands of several journeys by journey, without links."""
    by_journey: dict[int, list[Stay]] = {}
    for stay in stays:
        by_journey.setdefault(stay.journey_id, []).append(stay)
    return {
        journey_id: ribbon_of(stays=own, blueprint=blueprint, now=now, linked=False)
        for journey_id, own in by_journey.items()
    }


def place_of(*, code: str, blueprint: Blueprint) -> Place | None:
    """Return the place of a code, None when the process no longer has it."""
    return blueprint.place(code) if blueprint.has_place(code) else None


def label_of(*, code: str, blueprint: Blueprint) -> Label:
    """Return what a stage is called; one that the process no longer has goes by its code."""
    place = place_of(code=code, blueprint=blueprint)
    return place.label if place else Label(code, code)


def is_stalled(*, stay: Stay, blueprint: Blueprint, now: datetime) -> bool:
    """Tell whether the journey rests longer in this stage than the process expects."""
    place = place_of(code=stay.stage, blueprint=blueprint)
    if stay.left_at is not None or not isinstance(place, Stage) or place.stall_days is None:
        return False
    return now - stay.entered_at > timedelta(days=place.stall_days)


def _segment(stay: Stay, blueprint: Blueprint, now: datetime, *, linked: bool) -> RibbonSegment:
    place = place_of(code=stay.stage, blueprint=blueprint)
    href = reverse("records:journey_stay", args=[stay.journey_id, stay.number]) if linked else ""
    holder = stay.owner.full_name if stay.owner else stay.team.name if stay.team else ""
    return RibbonSegment(
        stage=stay.stage,
        label=label_of(code=stay.stage, blueprint=blueprint),
        department=Department(stay.department) if stay.department else None,
        started_at=stay.entered_at,
        ended_at=stay.left_at,
        exit=Exit(stay.exit) if stay.exit else None,
        holder=holder,
        cycle=stay.cycle,
        href=href,
        is_breach=is_stalled(stay=stay, blueprint=blueprint, now=now),
        is_side_track=place is not None and not isinstance(place, Stage),
    )
