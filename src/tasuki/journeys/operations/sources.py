"""Where journeys come from: channels and campaigns, found by name or made."""

from datetime import date

from django.db.models import Max

from tasuki.core.labels import Label
from tasuki.journeys.models import Campaign, Channel

LAST_POSITION = 32_767


def ensure_channel(*, code: str, label: Label, batch_id: int | None) -> tuple[Channel, bool]:
    """This will return the channel of that code and whether it had to be made.

    A new channel takes its place after those there are.
    """
    last = Channel.objects.aggregate(last=Max("position"))["last"] or 0
    return Channel.objects.get_or_create(
        code=code,
        defaults={
            "label_ja": label.ja,
            "label_en": label.en,
            "position": min(last + 1, LAST_POSITION),
            "batch_id": batch_id,
        },
    )


def ensure_campaign(
    *,
    channel_id: int,
    name: str,
    starts_date: date | None,
    ends_date: date | None,
    batch_id: int | None,
) -> tuple[Campaign, bool]:
    """This will return the channel's campaign of that name and whether it had to be made."""
    return Campaign.objects.get_or_create(
        channel_id=channel_id,
        name=name,
        defaults={"starts_date": starts_date, "ends_date": ends_date, "batch_id": batch_id},
    )
