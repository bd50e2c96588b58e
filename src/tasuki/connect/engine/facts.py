"""Writing activities and subscription periods, and settling what they mean for journeys."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time

from django.db.models import Max

from tasuki.connect.engine.context import Context, Ref, unknown_reference
from tasuki.connect.engine.drafts import Draft, Drafting
from tasuki.connect.mapping.types import Entity
from tasuki.connect.problems import RowRefused, Rule
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.labels import Label
from tasuki.core.money import Money
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Activity, Event, Journey, SubscriptionPeriod
from tasuki.journeys.operations.bulk import copy_rows, reserve_ids
from tasuki.journeys.operations.changes import Change, change_of
from tasuki.journeys.operations.records import journey_search_columns, write_summaries


def write_activities(context: Context, drafting: Drafting, drafts: list[Draft]) -> None:
    """Write contacts. A changed row becomes a new line that replaces the old one."""
    known = context.refs(Entity.ACTIVITY, [draft.key for draft in drafts])
    found = {
        entity: context.refs(entity, {text for d in drafts if (text := d.text(entity.value))})
        for entity in (Entity.JOURNEY, Entity.ACCOUNT, Entity.PERSON)
    }
    journeys = _journey_parties(found[Entity.JOURNEY])
    ids = reserve_ids(model=Activity, count=len(drafts))
    rows: list[Activity] = []
    remembered: list[tuple[str, int, str]] = []
    changes: list[Change | None] = []
    for draft in drafts:
        ref = known.get(draft.key)
        if ref is not None and ref.fingerprint == draft.fingerprint:
            context.tally.unchanged[Entity.ACTIVITY] += 1
            continue
        try:
            row = _activity(context, drafting, draft, found, journeys)
        except RowRefused as refused:
            drafting.refuse(draft, refused)
            continue
        row.pk = next(ids)
        if ref is None:
            remembered.append((draft.key, row.pk, draft.fingerprint))
            context.tally.created[Entity.ACTIVITY] += 1
        else:
            row.replaces_id = ref.object_id
            changes.append(_moved_on(context, ref, row.pk, draft.fingerprint))
            context.tally.updated[Entity.ACTIVITY] += 1
        rows.append(row)
    if context.dry:
        rows = [row for row in rows if row.replaces_id is None]
    copy_rows(model=Activity, rows=rows)
    context.remember(Entity.ACTIVITY, remembered)
    context.change(changes)
    context.touched |= {row.journey_id for row in rows if row.journey_id}


def _activity(
    context: Context,
    drafting: Drafting,
    draft: Draft,
    found: Mapping[Entity, Mapping[str, Ref]],
    journeys: Mapping[int, tuple[int, int | None]],
) -> Activity:
    links: dict[Entity, int | None] = {}
    for entity, refs in found.items():
        key = draft.text(entity.value)
        if key and key not in refs:
            raise unknown_reference(entity, key, drafting.column_of(entity.value))
        links[entity] = refs[key].object_id if key else None
    journey_id = links[Entity.JOURNEY]
    account_id, person_id = journeys.get(journey_id or 0, (None, None))
    if not any(links.values()):
        message = Label(
            "ジャーニー、企業、担当者のどれにも結びついていません。",
            "It belongs to no journey, account or contact.",
        )
        raise RowRefused(Rule.MISSING_VALUE, message)
    details = {
        name.removeprefix("details."): value
        for name, value in draft.values.items()
        if name.startswith("details.")
    }
    return Activity(
        journey_id=journey_id,
        account_id=links[Entity.ACCOUNT] or account_id,
        person_id=links[Entity.PERSON] or person_id,
        kind=draft.text("kind"),
        direction=draft.text("direction"),
        outcome=draft.text("outcome"),
        subject=draft.text("subject"),
        body=draft.text("body"),
        minutes=draft.values.get("minutes"),
        details=details,
        happened_at=draft.values["happened_at"],
        recorded_at=context.act.now,
        actor_id=context.demand(Entity.USER, draft.text("actor"), drafting.column_of("actor")),
        batch_id=context.batch_id,
    )


def write_subscriptions(context: Context, drafting: Drafting, drafts: list[Draft]) -> None:
    """Write periods of recurring revenue; a newer row changes the period it speaks of."""
    known = context.refs(Entity.SUBSCRIPTION, [draft.key for draft in drafts])
    journeys = context.refs(Entity.JOURNEY, {draft.text("journey") for draft in drafts})
    stored = SubscriptionPeriod.objects.in_bulk([ref.object_id for ref in known.values()])
    ids = reserve_ids(model=SubscriptionPeriod, count=len(drafts))
    rows: list[SubscriptionPeriod] = []
    events: list[Event] = []
    remembered: list[tuple[str, int, str]] = []
    changes: list[Change | None] = []
    for draft in drafts:
        ref = known.get(draft.key)
        if ref is not None and ref.fingerprint == draft.fingerprint:
            context.tally.unchanged[Entity.SUBSCRIPTION] += 1
            continue
        try:
            columns = _subscription_columns(drafting, draft, journeys)
        except RowRefused as refused:
            drafting.refuse(draft, refused)
            continue
        row = stored.get(ref.object_id) if ref else None
        if row is None or ref is None:
            row = SubscriptionPeriod(
                id=next(ids), recorded_at=context.act.now, batch_id=context.batch_id, **columns
            )
            rows.append(row)
            remembered.append((draft.key, row.pk, draft.fingerprint))
            events.append(_told(context, row, EventKind.SUBSCRIPTION_ADDED, columns))
            context.tally.created[Entity.SUBSCRIPTION] += 1
        else:
            changes += [
                change_of(entity="subscription", row=row, values=columns, now=context.act.now),
                context.refreshed(ref, draft.fingerprint),
            ]
            events.append(_told(context, row, EventKind.SUBSCRIPTION_ENDED, columns))
            context.tally.updated[Entity.SUBSCRIPTION] += 1
    copy_rows(model=SubscriptionPeriod, rows=rows)
    context.remember(Entity.SUBSCRIPTION, remembered)
    context.change(changes)
    event_ids = reserve_ids(model=Event, count=len(events))
    for event in events:
        event.pk = next(event_ids)
    copy_rows(model=Event, rows=events)


def _subscription_columns(
    drafting: Drafting, draft: Draft, journeys: Mapping[str, Ref]
) -> dict[str, object]:
    key, amount = draft.text("journey"), draft.values["amount"]
    if key not in journeys:
        raise unknown_reference(Entity.JOURNEY, key, drafting.column_of("journey"))
    starts, ends = draft.values["starts_date"], draft.values.get("ends_date")
    if isinstance(starts, date) and isinstance(ends, date) and ends <= starts:
        raise RowRefused(
            Rule.ENDS_BEFORE_START,
            Label("終了日は開始日より後にしてください。", "The end must be after the start."),
            column=drafting.column_of("ends_date"),
            value=ends.isoformat(),
        )
    assert isinstance(amount, Money)  # noqa: S101 - read as money
    return {
        "journey_id": journeys[key].object_id,
        "plan": draft.text("plan"),
        "recurring_minor": amount.minor,
        "interval_months": max(int(str(draft.values.get("interval_months", 1))), 1),
        "currency": amount.currency,
        "starts_date": starts,
        "ends_date": ends,
        "seats": draft.values.get("seats"),
    }


def _told(
    context: Context,
    row: SubscriptionPeriod,
    kind: EventKind,
    columns: Mapping[str, object],
) -> Event:
    starts, ends = columns["starts_date"], columns["ends_date"]
    assert isinstance(starts, date)  # noqa: S101 - read as a date
    at = datetime.combine(starts, time.min, tzinfo=BUSINESS_ZONE).astimezone(UTC)
    payload: dict[str, object] = {
        "subscription": row.pk,
        "recurring_minor": columns["recurring_minor"],
        "currency": columns["currency"],
        "starts_date": starts.isoformat(),
        "ends_date": ends.isoformat() if isinstance(ends, date) else None,
    }
    if kind is EventKind.SUBSCRIPTION_ENDED:
        at = context.act.now
        payload |= {
            "before": row.ends_date.isoformat() if row.ends_date else None,
            "after": payload["ends_date"],
        }
    return Event(
        journey_id=row.journey_id,
        kind=kind,
        happened_at=min(at, context.act.now),
        recorded_at=context.act.now,
        actor_id=context.act.actor.user_id,
        actor_kind=context.act.actor.kind,
        payload=payload,
        batch_id=context.batch_id,
    )


def settle_journeys(context: Context) -> None:
    """Date touched journeys by their activities; renew what journeys of renamed records show.

    Rows of this batch, or changed by it, are written plainly: the revert restores or removes
    them anyway. For all others what they were is written down first.
    """
    if context.dry:
        return
    for chunk in _chunks(sorted(context.touched)):
        _date_by_activities(context, chunk)
    renamed = Journey.objects.filter(account_id__in=context.renamed_accounts)
    renamed |= Journey.objects.filter(person_id__in=context.renamed_persons)
    for chunk in _chunks(sorted(renamed.values_list("pk", flat=True))):
        _renew_search(context, chunk)


def _date_by_activities(context: Context, ids: list[int]) -> None:
    latest = dict(
        Activity.objects.filter(journey_id__in=ids, batch_id=context.batch_id)
        .values_list("journey_id")
        .annotate(at=Max("happened_at"))
    )
    rows = Journey.objects.in_bulk(ids)
    values: dict[int, dict[str, object]] = {}
    for pk, at in latest.items():
        row = rows[pk]
        if row.last_activity_at is None or row.last_activity_at < at:
            values[pk] = {"last_activity_at": at}
    _write_journeys(context, rows, values)


def _renew_search(context: Context, ids: list[int]) -> None:
    rows = Journey.objects.select_related("account", "person").in_bulk(ids)
    values: dict[int, dict[str, object]] = {
        pk: dict(journey_search_columns(account=row.account, person=row.person, title=row.title))
        for pk, row in rows.items()
    }
    _write_journeys(context, rows, values)


def _write_journeys(
    context: Context, rows: Mapping[int, Journey], values: Mapping[int, dict[str, object]]
) -> None:
    plain: list[Journey] = []
    changes: list[Change | None] = []
    for pk, columns in values.items():
        row = rows[pk]
        if row.batch_id == context.batch_id or ("journey", pk) in context.changed:
            for name, value in columns.items():
                setattr(row, name, value)
            plain.append(row)
        else:
            changes.append(
                change_of(entity="journey", row=row, values=columns, now=context.act.now)
            )
    if plain:
        write_summaries(journeys=plain)
    context.change(changes)


def _journey_parties(refs: Mapping[str, Ref]) -> dict[int, tuple[int, int | None]]:
    ids = [ref.object_id for ref in refs.values()]
    rows = Journey.objects.filter(pk__in=ids).values_list("pk", "account_id", "person_id")
    return {pk: (account_id, person_id) for pk, account_id, person_id in rows}


def _moved_on(context: Context, ref: Ref, object_id: int, mark: str) -> Change:
    return Change(
        entity="external_ref",
        object_id=ref.ref_id,
        before={"fingerprint": ref.fingerprint, "object_id": ref.object_id},
        after={"fingerprint": mark, "object_id": object_id},
    )


def _chunks(ids: Collection[int], size: int = 1_000) -> list[list[int]]:
    listed = list(ids)
    return [listed[start : start + size] for start in range(0, len(listed), size)]
