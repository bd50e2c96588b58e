"""Campaigns of the demo company and what its channels cost, month by month."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tasuki.connect.demo import rates, wording
from tasuki.journeys.models import Campaign, Spend
from tasuki.journeys.operations.bulk import copy_rows, reserve_ids
from tasuki.journeys.operations.history_plans import Stamp


@dataclass(frozen=True, slots=True)
class PlannedCampaign:
    """A campaign with the days on which its leads come in."""

    id: int
    channel: str
    name: str
    starts_date: date
    ends_date: date
    yen: int


@dataclass(frozen=True, slots=True)
class Campaigns:
    """All campaigns of the window."""

    planned: tuple[PlannedCampaign, ...]

    def running(self, *, channel: str, on: date, rng: Random) -> PlannedCampaign | None:
        """This will choose a campaign of the channel that runs on the day, if there is one."""
        fitting = [
            item
            for item in self.planned
            if item.channel == channel and item.starts_date <= on < item.ends_date
        ]
        return rng.choice(fitting) if fitting else None


def plan_campaigns(*, rng: Random, start: date, end: date, channels: dict[str, int]) -> Campaigns:
    """This will plan the window's webinars, white papers and trade fairs."""
    drafts: list[tuple[str, str, date, date, int]] = []
    months = _months(start, end)
    for number, month in enumerate(months):
        topic = wording.WEBINARS[number % len(wording.WEBINARS)]
        name = f"{month:%Y年%-m月} {topic}"
        drafts.append(("webinar", name, month, _next_month(month), rates.WEBINAR_YEN))
        if month.month in {4, 10}:
            fair = wording.FAIRS[0 if month.month == 4 else 1]
            until = _next_month(_next_month(month))
            drafts.append(("event", f"{month.year} {fair}", month, until, rates.FAIR_YEN))
    third = max(1, len(months) // 3)
    for number, title in enumerate(wording.WHITE_PAPERS):
        from_month = months[min(number * third, len(months) - 1)]
        drafts.append(("white_paper", title, from_month, end + timedelta(days=1), 350_000))
    ids = reserve_ids(model=Campaign, count=len(drafts))
    rng.shuffle(drafts)
    return Campaigns(
        tuple(
            PlannedCampaign(next(ids), *draft)
            for draft in sorted(drafts, key=lambda item: (item[2], item[1]))
            if draft[0] in channels
        )
    )


def write_spend(*, campaigns: Campaigns, channels: dict[str, int], stamp: Stamp) -> None:
    """This will write the campaigns and the monthly cost of every channel."""
    copy_rows(
        model=Campaign,
        rows=(
            Campaign(
                id=item.id,
                channel_id=channels[item.channel],
                name=item.name,
                starts_date=item.starts_date,
                ends_date=item.ends_date,
                batch_id=stamp.batch_id,
            )
            for item in campaigns.planned
        ),
    )
    spans: list[tuple[str, int | None, date, date, int]] = [
        (item.channel, item.id, item.starts_date, item.ends_date, item.yen)
        for item in campaigns.planned
    ]
    first = min(item.starts_date for item in campaigns.planned)
    for month in _months(first, stamp.now.date()):
        for code, profile in rates.CHANNELS.items():
            if profile.monthly_yen:
                season = rates.MONTH_WEIGHTS[month.month - 1]
                yen = round(profile.monthly_yen * season, -3)
                spans.append((code, None, month, _next_month(month), int(yen)))
    ids = reserve_ids(model=Spend, count=len(spans))
    copy_rows(
        model=Spend,
        rows=(
            Spend(
                id=next(ids),
                channel_id=channels[code],
                campaign_id=campaign_id,
                from_date=start,
                to_date=stop,
                amount_minor=yen,
                currency="JPY",
                recorded_at=stamp.now,
                batch_id=stamp.batch_id,
            )
            for code, campaign_id, start, stop, yen in spans
        ),
    )


def _months(start: date, end: date) -> list[date]:
    """The firsts of the months that the span touches."""
    months = [start.replace(day=1)]
    while (following := _next_month(months[-1])) <= end:
        months.append(following)
    return months


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
