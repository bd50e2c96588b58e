"""Writing the few: users, channels, campaigns; and spend."""

from datetime import timedelta

from tasuki.connect.engine.context import Context
from tasuki.connect.engine.drafts import Draft, Drafting
from tasuki.connect.mapping.types import Entity
from tasuki.connect.problems import RowRefused, Rule
from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.core.money import Money
from tasuki.journeys.models import Spend
from tasuki.journeys.operations.bulk import copy_rows, reserve_ids
from tasuki.journeys.operations.changes import Change, change_of
from tasuki.journeys.operations.sources import ensure_campaign, ensure_channel
from tasuki.people.models import RoleGrant, User
from tasuki.people.operations import grant_role, invite_user


def write_users(context: Context, drafting: Drafting, drafts: list[Draft]) -> None:
    """Find users by key or address; make the others, without a password, to be invited."""
    known = context.refs(Entity.USER, [draft.key for draft in drafts])
    for draft in drafts:
        if draft.key in known:
            _also_in(context, draft, known[draft.key].object_id)
            context.tally.unchanged[Entity.USER] += 1
            continue
        address = draft.text("email").strip().lower()
        found = User.objects.filter(email=address).first()
        user = found or _new_user(context, draft, address)
        (context.tally.unchanged if found else context.tally.created)[Entity.USER] += 1
        context.remember(Entity.USER, [(draft.key, user.pk, draft.fingerprint)])
        context.small[Entity.USER, draft.key] = user.pk


def _new_user(context: Context, draft: Draft, address: str) -> User:
    user = invite_user(
        user=User(
            email=address,
            family_name=draft.text("family_name"),
            given_name=draft.text("given_name"),
            family_kana=draft.text("family_kana"),
            given_kana=draft.text("given_kana"),
        ),
        by=None,
        now=context.act.now,
    )
    _grant(context, draft, user)
    made = Change(
        entity="user", object_id=user.pk, before={"exists": False}, after={"exists": True}
    )
    context.change([made])
    return user


def _also_in(context: Context, draft: Draft, user_id: int) -> None:
    """A person whom this run made and names again works in that department as well (R69)."""
    if ("user", user_id) in context.changed:
        _grant(context, draft, User.objects.get(pk=user_id))


def _grant(context: Context, draft: Draft, user: User) -> None:
    department = draft.text("department")
    if not department or RoleGrant.objects.filter(user=user, department=department).exists():
        return
    grant = Grant(role=Role.MEMBER, department=Department(department))
    grant_role(user=user, grant=grant, by=None, now=context.act.now)


def write_channels(context: Context, drafting: Drafting, drafts: list[Draft]) -> None:
    """Find channels by key or code; make the others, after those there are."""
    known = context.refs(Entity.CHANNEL, [draft.key for draft in drafts])
    for draft in drafts:
        if draft.key in known:
            context.tally.unchanged[Entity.CHANNEL] += 1
            continue
        code = draft.text("code")
        label_ja = draft.text("label_ja") or code
        label = Label(label_ja, draft.text("label_en") or label_ja)
        channel, created = ensure_channel(code=code, label=label, batch_id=context.batch_id)
        (context.tally.created if created else context.tally.unchanged)[Entity.CHANNEL] += 1
        context.remember(Entity.CHANNEL, [(draft.key, channel.pk, draft.fingerprint)])
        context.small[Entity.CHANNEL, draft.key] = channel.pk


def write_campaigns(context: Context, drafting: Drafting, drafts: list[Draft]) -> None:
    """Find campaigns by key or by name within their channel; make the others."""
    known = context.refs(Entity.CAMPAIGN, [draft.key for draft in drafts])
    for draft in drafts:
        if draft.key in known:
            context.tally.unchanged[Entity.CAMPAIGN] += 1
            continue
        try:
            channel_id = context.demand(
                Entity.CHANNEL, draft.text("channel"), drafting.column_of("channel")
            )
        except RowRefused as refused:
            drafting.refuse(draft, refused)
            continue
        assert channel_id is not None  # noqa: S101 - a campaign states its channel
        campaign, created = ensure_campaign(
            channel_id=channel_id,
            name=draft.text("name"),
            starts_date=draft.day("starts_date"),
            ends_date=draft.day("ends_date"),
            batch_id=context.batch_id,
        )
        (context.tally.created if created else context.tally.unchanged)[Entity.CAMPAIGN] += 1
        context.remember(Entity.CAMPAIGN, [(draft.key, campaign.pk, draft.fingerprint)])
        context.small[Entity.CAMPAIGN, draft.key] = campaign.pk


def write_spend(context: Context, drafting: Drafting, drafts: list[Draft]) -> None:
    """Write spend; a newer row of the same key changes the amount and days."""
    known = context.refs(Entity.SPEND, [draft.key for draft in drafts])
    stored = Spend.objects.in_bulk([ref.object_id for ref in known.values()])
    ids = reserve_ids(model=Spend, count=len(drafts))
    rows, remembered, changes = [], [], []
    for draft in drafts:
        try:
            columns = _spend_columns(context, drafting, draft)
        except RowRefused as refused:
            drafting.refuse(draft, refused)
            continue
        ref = known.get(draft.key)
        row = stored.get(ref.object_id) if ref else None
        if row is None or ref is None:
            fresh = Spend(
                id=next(ids), recorded_at=context.act.now, batch_id=context.batch_id, **columns
            )
            rows.append(fresh)
            remembered.append((draft.key, fresh.pk, draft.fingerprint))
            context.tally.created[Entity.SPEND] += 1
        elif ref.fingerprint == draft.fingerprint:
            context.tally.unchanged[Entity.SPEND] += 1
        else:
            changes += [
                change_of(entity="spend", row=row, values=columns, now=context.act.now),
                context.refreshed(ref, draft.fingerprint),
            ]
            context.tally.updated[Entity.SPEND] += 1
    copy_rows(model=Spend, rows=rows)
    context.remember(Entity.SPEND, remembered)
    context.change(changes)


def _spend_columns(context: Context, drafting: Drafting, draft: Draft) -> dict[str, object]:
    amount, starts = draft.values["amount"], draft.values["from_date"]
    ends = draft.values.get("to_date") or starts + timedelta(days=1)
    if ends <= starts:
        raise RowRefused(
            Rule.ENDS_BEFORE_START,
            Label("終了日は開始日より後にしてください。", "The end must be after the start."),
            column=drafting.column_of("to_date"),
        )
    assert isinstance(amount, Money)  # noqa: S101 - read as money
    demand, column = context.demand, drafting.column_of
    return {
        "channel_id": demand(Entity.CHANNEL, draft.text("channel"), column("channel")),
        "campaign_id": demand(Entity.CAMPAIGN, draft.text("campaign"), column("campaign")),
        "from_date": starts,
        "to_date": ends,
        "amount_minor": amount.minor,
        "currency": amount.currency,
    }
