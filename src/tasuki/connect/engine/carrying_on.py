"""Newer rows about journeys that are stored already: facts change, history only grows."""

from dataclasses import dataclass
from typing import TypeVar

from tasuki.connect.engine.boundaries import demand_handed_over, handed_over
from tasuki.connect.engine.context import Context, Ref
from tasuki.connect.engine.drafts import Draft, Drafting
from tasuki.connect.mapping.types import Entity, Gates
from tasuki.connect.problems import RowRefused, Rule
from tasuki.core.labels import Label
from tasuki.journeys.models import DealChange, Event, Journey, Stay
from tasuki.journeys.operations.bulk import copy_rows, reserve_ids
from tasuki.journeys.operations.changes import Change, change_of
from tasuki.journeys.operations.history_plans import JourneyPlan, PlannedEvent, PlannedStay
from tasuki.journeys.operations.history_rows import (
    deal_columns,
    deal_event,
    deal_row,
    event_row,
    place_columns,
    stay_rows,
    story_of_stays,
)
from tasuki.journeys.operations.records import journey_search_columns


@dataclass(slots=True)
class _More:
    """Rows to add to stored journeys."""

    stays: list[Stay]
    deals: list[DealChange]
    events: list[Event]


def carry_on(
    context: Context,
    drafting: Drafting,
    newer: list[tuple[JourneyPlan, Draft, Ref]],
    known: dict[str, Ref],
) -> None:
    """Bring stored journeys up to what newer rows say."""
    ids = [plan.id for plan, _, _ in newer]
    journeys = Journey.objects.in_bulk(ids)
    stored: dict[int, list[Stay]] = {}
    for stay in Stay.objects.filter(journey_id__in=ids).order_by("journey_id", "number"):
        stored.setdefault(stay.journey_id, []).append(stay)
    changes: list[Change | None] = []
    more = _More([], [], [])
    enforced = context.mapping.gates is Gates.ENFORCED
    handed = handed_over(journeys.values()) if enforced else {}
    for plan, draft, ref in newer:
        journey = journeys[plan.id]
        grown = _grown(context, drafting, draft, plan, stored.get(plan.id, []))
        if grown is not None and enforced:
            steps = grown[max(len(stored.get(plan.id, [])) - 1, 0) :]
            try:
                demand_handed_over(context, plan, journey, steps, handed)
            except RowRefused as refused:
                drafting.refuse(draft, refused)
                continue
        context.tally.updated[Entity.JOURNEY] += 1
        changes += _changes(context, plan, journey, grown, stored.get(plan.id, []), more)
        before = Ref(ref.ref_id, ref.object_id, known[draft.key].fingerprint)
        changes.append(context.refreshed(before, ref.fingerprint))
    context.change(changes)
    if context.dry:
        return
    copy_rows(model=Stay, rows=_with_ids(Stay, more.stays))
    copy_rows(model=DealChange, rows=_with_ids(DealChange, more.deals))
    copy_rows(model=Event, rows=_with_ids(Event, more.events))


def _grown(
    context: Context, drafting: Drafting, draft: Draft, plan: JourneyPlan, stored: list[Stay]
) -> tuple[PlannedStay, ...] | None:
    """The planned stays when the stored ones are their beginning, else None."""
    told = [(stay.stage, stay.entered_at) for stay in plan.stays]
    kept = [(stay.stage, stay.entered_at) for stay in stored]
    if told[: len(kept)] == kept and all(
        stay.left_at is None or stay.left_at == planned.left_at
        for stay, planned in zip(stored, plan.stays, strict=False)
    ):
        return plan.stays if len(told) > len(kept) else None
    message = Label(
        "ステージの履歴が記録済みのものと違います。記録は書き換えず、ほかの項目だけを更新します。",
        "The stage history differs from the recorded one. The record stays; "
        "only other fields are updated.",
    )
    context.warn(drafting, draft.row, Rule.HISTORY_DIFFERS, message)
    return None


def _changes(
    context: Context,
    plan: JourneyPlan,
    journey: Journey,
    grown: tuple[PlannedStay, ...] | None,
    stored: list[Stay],
    more: _More,
) -> list[Change | None]:
    stamp, now = context.stamp, context.act.now
    wanted: dict[str, object] = _facts(plan, journey)
    events: list[PlannedEvent] = list(plan.events)
    changes: list[Change | None] = []
    if grown is not None:
        wanted |= _moved_columns(plan, journey, context)
        last = len(stored)
        open_stay = stored[-1] if stored else None
        if open_stay is not None:
            closed = grown[last - 1]
            values = {
                "left_at": closed.left_at,
                "left_recorded_at": now,
                "exit": closed.exit.value if closed.exit else "",
                "to_stage": closed.to_stage,
                "reason": closed.reason,
                "note": closed.note,
            }
            changes.append(change_of(entity="stay", row=open_stay, values=values, now=now))
        added = tuple(grown[last:])
        rows = stay_rows(
            plan=_with_stays(plan, added), stamp=stamp, ids=iter([0] * len(added)), first=last + 1
        )
        more.stays += rows
        entered = {stay.entered_at for stay in stored}
        events += [
            event
            for event in story_of_stays(grown[max(last - 1, 0) :])
            if event.happened_at not in entered or event.kind.value == "completed"
        ]
    deal = plan.deals[-1] if plan.deals else None
    if deal is not None:
        columns = deal_columns(deal=deal, stamp=stamp)
        if any(getattr(journey, name) != value for name, value in columns.items()):
            wanted |= columns
            more.deals.append(deal_row(plan=plan, deal=deal, stamp=stamp, row_id=0))
            events.append(deal_event(deal))
    change = change_of(entity="journey", row=journey, values=wanted, now=now)
    if change is not None:
        changes.append(_with_always(change, journey))
        more.events += [event_row(plan=plan, item=item, stamp=stamp, row_id=0) for item in events]
    return changes


def _facts(plan: JourneyPlan, journey: Journey) -> dict[str, object]:
    """The plain columns a newer row may change; what it leaves out stays as it is."""
    stated: dict[str, object] = {
        "title": plan.title,
        "channel_id": plan.channel_id,
        "campaign_id": plan.campaign_id,
        "source": plan.source,
        "temperature": plan.temperature,
        "fit": plan.fit,
        "person_id": plan.person.pk if plan.person else None,
        "parent_id": plan.parent_id,
        "revisit_date": plan.revisit_date,
    }
    wanted = {name: value for name, value in stated.items() if value not in ("", None)}
    wanted["answers"] = {**journey.answers, **plan.answers}
    if plan.next_action is not None and journey.is_open:
        wanted |= {
            "next_action": plan.next_action.what,
            "next_action_date": plan.next_action.due_date,
        }
    title = plan.title or journey.title
    return wanted | journey_search_columns(account=plan.account, person=plan.person, title=title)


def _moved_columns(plan: JourneyPlan, journey: Journey, context: Context) -> dict[str, object]:
    """Where the journey rests now; an agreed next step and a known owner are kept."""
    columns = place_columns(plan=plan, stamp=context.stamp)
    if plan.next_action is None and journey.next_action and columns["is_open"]:
        del columns["next_action"], columns["next_action_date"]
    if columns["owner_id"] is None:
        del columns["owner_id"], columns["team_id"]
    if columns["revisit_date"] is None:
        del columns["revisit_date"]
    columns["department"] = str(columns["department"])
    return columns


def _with_always(change: Change, journey: Journey) -> Change:
    """Keep, besides, what later steps of the run may touch, so that a revert restores it."""
    at = journey.last_activity_at
    always = {
        "search_text": journey.search_text,
        "sort_key": journey.sort_key,
        "last_activity_at": at.isoformat() if at else None,
    }
    return Change(
        entity=change.entity,
        object_id=change.object_id,
        before={**always, **change.before},
        after={**always, **change.after},
    )


def _with_stays(plan: JourneyPlan, stays: tuple[PlannedStay, ...]) -> JourneyPlan:
    return JourneyPlan(id=plan.id, account=plan.account, stays=stays)


_Row = TypeVar("_Row", Stay, DealChange, Event)


def _with_ids(model: type[_Row], rows: list[_Row]) -> list[_Row]:
    ids = reserve_ids(model=model, count=len(rows))
    for row in rows:
        row.pk = next(ids)
    return rows
