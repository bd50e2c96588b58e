"""Keeping what people chose, and the addresses that notices are posted to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tasuki.notices.kinds import Channel, Group, NoticeKind, Pace
from tasuki.notices.models import Notice, Preference, QuietTime, Webhook, new_message
from tasuki.notices.operations.writing import queue_test
from tasuki.notices.sending.webhooks import new_secret
from tasuki.people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseWebhook:
    """What is stated about a webhook of the company, a department or a team."""

    name: str
    url: str
    department: str
    team_id: int | None
    groups: tuple[str, ...]
    pace: str
    is_active: bool


@transaction.atomic
def keep_choices(
    *, user: User, paces: Mapping[tuple[Group, Channel], Pace], is_quiet: bool
) -> None:
    """Keep how soon each group reaches a person by each way."""
    Preference.objects.bulk_create(
        [
            Preference(user=user, group=group, channel=channel, pace=pace)
            for (group, channel), pace in paces.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "group", "channel"],
        update_fields=["pace"],
    )
    QuietTime.objects.update_or_create(user=user, defaults={"is_kept": is_quiet})


def keep_own_webhook(*, user: User, url: str, now: datetime) -> Webhook:
    """Keep a person's own address; its secret stays when the address changes."""
    hook, _is_new = Webhook.objects.update_or_create(
        user=user,
        defaults={"url": url, "is_active": True, "stopped_because": ""},
        create_defaults={
            "url": url,
            "name": user.full_name[:80],
            "secret": new_secret(),
            "created_by": user,
            "created_at": now,
        },
    )
    return hook


def remove_own_webhook(*, user: User) -> None:
    """Forget a person's own address, and what still waits for it."""
    Webhook.objects.filter(user=user).delete()


def keep_house_webhook(
    *, stated: HouseWebhook, by: User, now: datetime, webhook_id: int | None = None
) -> Webhook:
    """Keep a webhook of the company; without an id it is a new one with a new secret."""
    known = Webhook.objects.filter(pk=webhook_id or 0, user__isnull=True).first()
    hook = known or Webhook(secret=new_secret(), created_by=by, created_at=now)
    hook.name, hook.url = stated.name, stated.url
    hook.department, hook.team_id = stated.department, stated.team_id
    hook.groups, hook.pace = list(stated.groups), stated.pace
    hook.is_active = stated.is_active
    hook.stopped_because = ""
    hook.save()
    return hook


def remove_house_webhook(*, webhook_id: int) -> None:
    """Forget a webhook of the company, and what still waits for it."""
    Webhook.objects.filter(pk=webhook_id, user__isnull=True).delete()


@transaction.atomic
def send_test(*, user: User, webhook: Webhook | None, url: str, now: datetime) -> Notice:
    """Queue a test message to a person by mail, or to a webhook."""
    is_house = webhook is not None and webhook.user_id is None
    notice = Notice.objects.create(
        user=None if is_house else user,
        key=f"test:{new_message()}",
        kind=NoticeKind.TEST,
        url=url,
        is_listed=False,
        created_at=now,
    )
    queue_test(notice=notice, webhook=webhook, now=now)
    return notice
