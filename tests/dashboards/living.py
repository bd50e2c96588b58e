"""A company that lives for a while: journeys that go on, back, aside, come again and renew."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tasuki.core.lifecycle import Exit
from tasuki.journeys.models import Journey
from tasuki.people.models import Team, User
from tests.analytics.company import Company, Step

FORWARD: Final = ["LEAD", "MQL", "SAL", "SQL", "SAO", "O1", "O2", "O3", "O4", "WON", "ONB", "ADOPT"]
STAYS: Final[dict[str, tuple[float, float]]] = {
    # Share that goes on, and median days.
    "LEAD": (0.42, 18),
    "MQL": (0.66, 4),
    "SAL": (0.48, 7),
    "SQL": (0.71, 10),
    "SAO": (0.82, 6),
    "O1": (0.74, 12),
    "O2": (0.7, 16),
    "O3": (0.62, 34),
    "O4": (0.8, 15),
    "WON": (0.98, 5),
    "ONB": (0.95, 40),
    "ADOPT": (0.0, 300),
    "RECYCLE": (0.3, 90),
    "DISQ": (0.05, 150),
    "LOST": (0.12, 120),
    "CHURN": (0.06, 150),
}
REASONS: Final = {
    Exit.RECYCLED: ["timing", "no_budget", "no_response"],
    Exit.DISQUALIFIED: ["competitor", "no_fit"],
    Exit.LOST: ["price", "competitor", "no_decision"],
    Exit.CHURNED: ["not_used", "price"],
    Exit.RETURNED: ["missing_information", "need_unclear", "bad_data"],
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in each department."""

    teams: dict[str, Team]
    people: dict[str, list[User]]


def live(
    *, company: Company, staff: Staff, count: int, end: datetime, seed: int = 1
) -> list[Journey]:
    """Write so many journeys of the 540 days before `end`."""
    chance = random.Random(seed)  # noqa: S311 data for a test
    channels = ["seo", "webinar", "white_paper", "event", "referral", "search_ads", ""]
    return [
        company.journey(
            list(_steps(chance, staff, end)),
            channel=chance.choices(channels, [30, 22, 18, 12, 6, 9, 3])[0],
            segment=chance.choice(["small", "mid", "enterprise"]),
            **_deal(chance),
        )
        for _ in range(count)
    ]


def _deal(chance: random.Random) -> dict[str, object]:
    if chance.random() < 0.3:
        return {}
    minor = chance.randrange(20, 900) * 10_000
    return {"amount_minor": minor, "currency": "JPY", "amount_reporting_minor": minor}


def _steps(chance: random.Random, staff: Staff, end: datetime) -> Iterator[Step]:
    moment = end - timedelta(days=chance.uniform(1, 540))
    stage, cycle, department = chance.choices(["LEAD", "MQL"], [8, 1])[0], 1, ""
    owner: User | None = None
    while True:
        where = company_department(stage)
        if where != department:
            department, owner = where, chance.choice(staff.people[where])
        share, median = STAYS[stage]
        left = moment + timedelta(days=median * chance.lognormvariate(0, 0.7))
        held = {"owner": owner, "team": staff.teams[department], "cycle": cycle}
        if left >= end:
            yield Step(stage, _text(moment), **held)  # type: ignore[arg-type]
            return
        way, target = _way(chance, stage, share)
        reason = chance.choice(REASONS[way]) if way in REASONS else ""
        yield Step(stage, _text(moment), _text(left), way, target, reason, **held)  # type: ignore[arg-type]
        cycle += way in (Exit.REACTIVATED, Exit.WON_BACK)
        moment, stage = datetime.fromisoformat(_text(left)).replace(tzinfo=end.tzinfo), target


def company_department(stage: str) -> str:
    if stage in ("LEAD", "MQL", "RECYCLE", "DISQ"):
        return "marketing"
    if stage in ("SAL", "SQL"):
        return "inside_sales"
    return "success" if stage in ("ONB", "ADOPT", "CHURN", "RENEW", "EXPAND") else "field_sales"


def _way(chance: random.Random, stage: str, share: float) -> tuple[Exit, str]:
    if stage == "RECYCLE" or stage == "DISQ":
        return Exit.REACTIVATED, "MQL"
    if stage in ("LOST", "CHURN"):
        return Exit.WON_BACK, "SQL"
    if stage in ("WON", "ONB", "ADOPT") and chance.random() > share:
        return Exit.CHURNED, "CHURN"
    place = FORWARD.index(stage)
    if chance.random() < share:
        if stage == "SAO" and chance.random() < 0.08:
            return Exit.ADVANCED, "WON"
        return Exit.ADVANCED, FORWARD[place + 1]
    if place > 1 and chance.random() < 0.25:
        return Exit.RETURNED, FORWARD[place - 1]
    if stage in ("LEAD", "MQL", "SAL"):
        way = chance.choices([Exit.RECYCLED, Exit.DISQUALIFIED], [3, 2])[0]
    else:
        way = chance.choices([Exit.LOST, Exit.RECYCLED], [4, 1])[0]
    return way, {
        Exit.RECYCLED: "RECYCLE",
        Exit.DISQUALIFIED: "DISQ",
        Exit.LOST: "LOST",
    }[way]


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
