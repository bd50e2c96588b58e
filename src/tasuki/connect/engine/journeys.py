"""Writing journeys: dated stages become stays, newer files carry journeys on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Final

from tasuki.connect.engine.carrying_on import carry_on
from tasuki.connect.engine.context import Context, Ref, unknown_reference
from tasuki.connect.engine.drafts import Draft, Drafting
from tasuki.connect.engine.staying import Planned, StageNames, plan_stays
from tasuki.connect.mapping.types import Entity
from tasuki.connect.problems import RowRefused, Rule
from tasuki.core.blueprint import JourneyKind
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.labels import Label
from tasuki.core.lifecycle import motion_for
from tasuki.core.money import MissingRate, Money, convert
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Account, Journey, Person
from tasuki.journeys.operations.bulk import reserve_ids, stored_rows
from tasuki.journeys.operations.copy_line import looking_ahead
from tasuki.journeys.operations.facts import DEFAULT_NEXT_ACTION, NextAction
from tasuki.journeys.operations.histories import write_histories
from tasuki.journeys.operations.history_plans import (
    JourneyPlan,
    PlannedDeal,
    PlannedEvent,
    PlannedStay,
)
from tasuki.journeys.queries.facts import account_facts, person_facts

_OF_ACCOUNT: Final = (
    *("name", "domain", "corporate_number", "industry", "employees", "prefecture", "segment"),
    *("is_named", "motion", "search_text", "sort_key"),
)
_OF_PERSON: Final = ("email", "phone", "title", "department", "role", "search_text")
"""What a journey takes over from its company and its person, or is judged on."""


@dataclass(frozen=True, slots=True)
class DealLine:
    """One dated amount from a file of amounts."""

    values: Mapping[str, object]


@dataclass(slots=True)
class Gathered:
    """What other rows say about journeys, by journey key: stages, amounts."""

    dates: dict[str, dict[str, datetime]] = field(default_factory=dict)
    deals: dict[str, list[DealLine]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Linked:
    """Everything one draft refers to, found."""

    draft: Draft
    account: Account
    person: Person | None
    parent_id: int | None
    channel_id: int | None
    channel_code: str
    campaign_id: int | None
    owner_id: int | None
    owners: Mapping[str, int]


def write_journey_drafts(
    context: Context, drafting: Drafting, drafts: list[Draft], gathered: Gathered, names: StageNames
) -> None:
    """Write a chunk of journeys: new ones whole, known ones as far as they went on."""
    with looking_ahead():
        known = context.refs(Entity.JOURNEY, [draft.key for draft in drafts])
        ids = reserve_ids(model=Journey, count=len(drafts) - len(known))
        fresh = {draft.key: next(ids) for draft in drafts if draft.key not in known}
        marks = {draft.key: _mark(draft, gathered) for draft in drafts}
        changed = [d for d in drafts if d.key in fresh or known[d.key].fingerprint != marks[d.key]]
        links = _Links(context, drafting, changed, known, fresh)
    context.tally.unchanged[Entity.JOURNEY] += len(drafts) - len(changed)
    plans: list[JourneyPlan] = []
    remembered: list[tuple[str, int, str]] = []
    newer: list[tuple[JourneyPlan, Draft, Ref]] = []
    for draft in changed:
        mark, ref = marks[draft.key], known.get(draft.key)
        try:
            linked = links.of(draft)
            dates = gathered.dates.get(draft.key, {})
            planned = plan_stays(context, drafting, draft, linked_facts(linked), dates, names)
            deals = _deals(context, drafting, draft, planned, gathered)
            plan = _plan(
                context,
                linked,
                planned,
                journey_id=ref.object_id if ref else fresh[draft.key],
                is_known=ref is not None,
                deals=deals,
            )
        except RowRefused as refused:
            drafting.refuse(draft, refused)
            continue
        if ref is None:
            plans.append(plan)
            remembered.append((draft.key, plan.id, mark))
        else:
            newer.append((plan, draft, Ref(ref.ref_id, ref.object_id, mark)))
    write_histories(plans=plans, stamp=context.stamp)
    context.remember(Entity.JOURNEY, remembered)
    context.tally.created[Entity.JOURNEY] += len(plans)
    carry_on(context, drafting, newer, known)


def linked_facts(linked: Linked) -> dict[str, object]:
    """Return what gates are judged on, as far as a file can tell."""
    draft = linked.draft
    amount = draft.values.get("amount")
    return {
        **account_facts(linked.account),
        **person_facts(linked.person),
        "journey.kind": draft.text("kind") or "new",
        "journey.channel": linked.channel_code,
        "journey.campaign": draft.text("campaign"),
        "journey.source": draft.text("source"),
        "journey.owner_id": linked.owner_id,
        "journey.amount_minor": amount.minor if isinstance(amount, Money) else None,
        "journey.currency": amount.currency if isinstance(amount, Money) else "",
        "journey.temperature": draft.text("temperature"),
        "journey.fit": draft.text("fit"),
        "journey.expected_close_date": draft.values.get("expected_close_date"),
        **{name: value for name, value in draft.values.items() if name.startswith("answers.")},
    }


class _Links:
    """Finds what the drafts of a chunk refer to, one query a kind."""

    def __init__(
        self,
        context: Context,
        drafting: Drafting,
        drafts: list[Draft],
        known: Mapping[str, Ref],
        fresh: Mapping[str, int],
    ) -> None:
        self._context = context
        self._drafting = drafting
        self._accounts = _loaded(context, Entity.ACCOUNT, Account, drafts, _OF_ACCOUNT)
        self._persons = _loaded(context, Entity.PERSON, Person, drafts, _OF_PERSON)
        self._fresh, self._known = fresh, known
        self._wanted = {text for draft in drafts if (text := draft.text("parent"))}

    @cached_property
    def parents(self) -> Mapping[str, int]:
        """Return the journeys that others go on from; the chunk before may have made them."""
        found = self._context.refs(Entity.JOURNEY, self._wanted)
        return {
            **{key: ref.object_id for key, ref in found.items()},
            **{key: pk for key, pk in self._fresh.items() if key in self._wanted},
            **{key: ref.object_id for key, ref in self._known.items()},
        }

    def of(self, draft: Draft) -> Linked:
        """Return the draft with everything it refers to. Raises: RowRefused."""
        context, column = self._context, self._drafting.column_of
        account = self._accounts.get(draft.text("account"))
        if account is None:
            raise unknown_reference(Entity.ACCOUNT, draft.text("account"), column("account"))
        person_key, parent_key = draft.text("person"), draft.text("parent")
        if person_key and person_key not in self._persons:
            raise unknown_reference(Entity.PERSON, person_key, column("person"))
        if parent_key and parent_key not in self.parents:
            raise unknown_reference(Entity.JOURNEY, parent_key, column("parent"))
        person, channel = self._persons.get(person_key), draft.text("channel")
        owners = {
            department: context.demand(Entity.USER, key, department)
            for department, key in draft.owners.items()
        }
        return Linked(
            draft=draft,
            account=account,  # type: ignore[arg-type]
            person=person,  # type: ignore[arg-type]
            parent_id=self.parents.get(parent_key) if parent_key else None,
            channel_id=context.demand(Entity.CHANNEL, channel, column("channel")),
            channel_code=channel,
            campaign_id=context.demand(Entity.CAMPAIGN, draft.text("campaign"), column("campaign")),
            owner_id=context.demand(Entity.USER, draft.text("owner"), column("owner")),
            owners={department: pk for department, pk in owners.items() if pk is not None},
        )


def _loaded(
    context: Context,
    entity: Entity,
    model: type[Account] | type[Person],
    drafts: list[Draft],
    columns: tuple[str, ...],
) -> dict[str, Account | Person]:
    name = entity.value
    refs = context.refs(entity, {text for draft in drafts if (text := draft.text(name))})
    ids = {ref.object_id for ref in refs.values()}
    rows: dict[int, Account | Person] = stored_rows(model=model, ids=ids, columns=columns)
    return {key: rows[ref.object_id] for key, ref in refs.items() if ref.object_id in rows}


def _plan(
    context: Context,
    linked: Linked,
    planned: Planned,
    *,
    journey_id: int,
    is_known: bool,
    deals: tuple[PlannedDeal, ...],
) -> JourneyPlan:
    draft = linked.draft
    last = planned.stays[-1]
    stays = tuple(_held(stay, linked, context, is_last=stay is last) for stay in planned.stays)
    answers = {
        name.removeprefix("answers."): value
        for name, value in draft.values.items()
        if name.startswith("answers.")
    }
    return JourneyPlan(
        id=journey_id,
        account=linked.account,
        person=linked.person,
        parent_id=linked.parent_id,
        kind=JourneyKind(draft.text("kind") or "new"),
        title=draft.text("title"),
        channel_id=linked.channel_id,
        campaign_id=linked.campaign_id,
        source=draft.text("source"),
        motion=draft.text("motion")
        or linked.account.motion
        or motion_for(
            blueprint=context.stamp.blueprint,
            facts=account_facts(linked.account),
            today=context.today,
        ),
        stays=stays,
        next_action=_next_action(context, draft),
        revisit_date=draft.values.get("revisit_date"),
        temperature=draft.text("temperature"),
        fit=draft.text("fit"),
        answers=answers,
        deals=deals,
        events=(_imported(context, draft, is_known=is_known),),
    )


def _held(stay: PlannedStay, linked: Linked, context: Context, *, is_last: bool) -> PlannedStay:
    department = context.stamp.blueprint.department_of(stay.stage)
    owner = linked.owners.get(department) or (linked.owner_id if is_last else None)
    return replace(stay, owner_id=owner) if owner is not None else stay


def _next_action(context: Context, draft: Draft) -> NextAction | None:
    what, due = draft.text("next_action"), draft.values.get("next_action_date")
    if not what and due is None:
        return None
    return NextAction(what=what or DEFAULT_NEXT_ACTION, due_date=due or context.today)


def _deals(
    context: Context, drafting: Drafting, draft: Draft, planned: Planned, gathered: Gathered
) -> tuple[PlannedDeal, ...]:
    lines = [
        PlannedDeal(
            amount=line.values.get("amount"),  # type: ignore[arg-type]
            happened_at=line.values["happened_at"],  # type: ignore[arg-type]
            expected_close_date=line.values.get("expected_close_date"),  # type: ignore[arg-type]
        )
        for line in gathered.deals.get(draft.key, ())
    ]
    if "amount" in draft.values or "expected_close_date" in draft.values:
        since = draft.values.get("amount_date") or planned.stays[-1].entered_at
        lines.append(
            PlannedDeal(
                amount=draft.values.get("amount"),
                happened_at=since,
                expected_close_date=draft.values.get("expected_close_date"),
            )
        )
    lines.sort(key=lambda deal: deal.happened_at)
    _warn_of_missing_rate(context, drafting, draft, lines)
    return tuple(lines)


def _warn_of_missing_rate(
    context: Context, drafting: Drafting, draft: Draft, deals: list[PlannedDeal]
) -> None:
    amount = deals[-1].amount if deals else None
    if amount is None:
        return
    stamp = context.stamp
    on = deals[-1].happened_at.astimezone(BUSINESS_ZONE).date()
    try:
        convert(amount, to=stamp.reporting_currency, rates=stamp.rates, on=on)
    except MissingRate:
        message = Label(
            f"{on:%Y/%m/%d}の{amount.currency}から{stamp.reporting_currency}へのレートがありません。"
            "金額は残りますが、集計には入りません。",
            f"There is no rate from {amount.currency} to {stamp.reporting_currency} on {on}. "
            "The amount is kept but not part of reports.",
        )
        context.warn(drafting, draft.row, Rule.NO_RATE, message, "amount")


def _imported(context: Context, draft: Draft, *, is_known: bool) -> PlannedEvent:
    return PlannedEvent(
        kind=EventKind.IMPORTED,
        happened_at=context.act.now,
        payload={
            "source": context.mapping.source,
            "key": draft.key,
            "row": draft.row,
            "again": is_known,
        },
    )


def _mark(draft: Draft, gathered: Gathered) -> str:
    if draft.key not in gathered.dates and draft.key not in gathered.deals:
        return blake2b(f"{draft.fingerprint}([], [])".encode(), digest_size=16).hexdigest()
    more = (
        sorted(gathered.dates.get(draft.key, {}).items()),
        [sorted(line.values.items(), key=str) for line in gathered.deals.get(draft.key, ())],
    )
    stated = f"{draft.fingerprint}{more!r}"
    return blake2b(stated.encode(), digest_size=16).hexdigest()
