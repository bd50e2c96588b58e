"""What followed from packets: whether good ones led to deals that were won, and that stayed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import connection

from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.handoffs.quality import SMALL_SAMPLE

EARLY_CHURN_DAYS: Final = 90
USEFUL: Final = 4
"""From this rating on a packet counts as useful."""


class Trait(StrEnum):
    """What packets are told apart by."""

    COMPLETE = "complete"
    USEFUL = "useful"
    NOT_ASKED_AGAIN = "not_asked_again"


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of the journeys of some accepted packets.

    `decided` are those that were won or lost since; `left_early` those won ones that churned
    within ninety days, of those won at least ninety days ago or gone already.
    """

    journeys: int
    won: int
    decided: int
    left_early: int
    old_enough: int

    @property
    def win_ratio(self) -> float | None:
        """Won of those decided; None for none."""
        return self.won / self.decided if self.decided else None

    @property
    def early_churn_ratio(self) -> float | None:
        """Left early of those old enough to tell; None for none."""
        return self.left_early / self.old_enough if self.old_enough else None

    @property
    def is_small(self) -> bool:
        """Whether there are too few decided journeys to conclude from."""
        return self.decided < SMALL_SAMPLE


@dataclass(frozen=True, slots=True)
class Contrast:
    """Journeys whose packets had a trait against those whose packets had it not."""

    trait: Trait
    having: Followed
    lacking: Followed


_FOLLOWED: Final = """
WITH packet AS (
    SELECT h.journey_id, h.cycle, h.completeness_ratio >= 1 AS complete,
           h.usefulness >= %(useful)s AS useful,
           NOT EXISTS (SELECT 1 FROM journeys_askedagain AS a WHERE a.handoff_id = h.id)
               AS not_asked_again
    FROM journeys_handoff AS h
    WHERE h.state = 'accepted' AND h.kind = 'forward'
      AND h.contract = ANY(%(contracts)s)
      AND h.decided_at >= %(start)s AND h.decided_at < %(end)s
), journey AS (
    SELECT p.journey_id, bool_and(p.complete) AS complete, bool_and(p.useful) AS useful,
           bool_and(p.not_asked_again) AS not_asked_again,
           (SELECT min(s.entered_at) FROM journeys_stay AS s
            WHERE s.journey_id = p.journey_id AND s.stage = %(won)s
              AND s.cycle = min(p.cycle)) AS won_at,
           (SELECT min(s.left_at) FROM journeys_stay AS s
            WHERE s.journey_id = p.journey_id AND s.exit = 'lost'
              AND s.cycle = min(p.cycle)) AS lost_at,
           (SELECT min(s.left_at) FROM journeys_stay AS s
            WHERE s.journey_id = p.journey_id AND s.exit = 'churned'
              AND s.cycle = min(p.cycle)) AS churned_at
    FROM packet AS p GROUP BY p.journey_id
), told AS (
    SELECT trait.name, trait.had, j.won_at, j.lost_at,
           j.churned_at < j.won_at + %(early)s::interval AS left_early,
           j.churned_at < j.won_at + %(early)s::interval
               OR j.won_at <= %(now)s - %(early)s::interval AS old_enough
    FROM journey AS j CROSS JOIN LATERAL (VALUES
        ('complete', j.complete), ('useful', j.useful), ('not_asked_again', j.not_asked_again)
    ) AS trait (name, had) WHERE trait.had IS NOT NULL
)
SELECT name, had, count(*), count(won_at), count(*) FILTER (WHERE won_at IS NOT NULL
           OR lost_at IS NOT NULL),
       count(*) FILTER (WHERE left_early), count(*) FILTER (WHERE old_enough)
FROM told GROUP BY name, had
"""


def what_followed(
    *, start: datetime, end: datetime, now: datetime, contracts: Collection[str]
) -> tuple[Contrast, ...]:
    """This will set the journeys of good packets against those of the others: one query.

    Grain: one entry for each trait. Packets are those accepted from `start` until before `end`,
    of the forward contracts named; a journey with several has a trait when all of them have it.
    What followed is told of the cycle of the packet. Packets without a rating say nothing about
    usefulness.
    """
    winning = current_blueprint().blueprint.winning_stage()
    asked: dict[str, Any] = {
        "start": start,
        "end": end,
        "now": now,
        "won": winning.code if winning else "",
        "useful": USEFUL,
        "early": f"{EARLY_CHURN_DAYS} days",
        "contracts": list(contracts),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED, asked)
        found = {(name, had): Followed(*counts) for name, had, *counts in cursor.fetchall()}
    none = Followed(0, 0, 0, 0, 0)
    return tuple(
        Contrast(trait, found.get((trait, True), none), found.get((trait, False), none))
        for trait in Trait
    )
