"""How the demo company's process behaves: volumes, odds and times, all in one place."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ChannelProfile:
    """A channel: its share of leads, how good they are, and what a month of it costs (yen).

    `qualifies` is the chance of a lead becoming an MQL, `quality` a factor on later odds.
    """

    share: float
    qualifies: float
    quality: float
    monthly_yen: int


CHANNELS: Final = {
    "seo": ChannelProfile(0.16, 0.30, 1.05, 450_000),
    "content": ChannelProfile(0.10, 0.20, 0.90, 380_000),
    "white_paper": ChannelProfile(0.19, 0.25, 0.85, 900_000),
    "search_ads": ChannelProfile(0.12, 0.35, 1.00, 1_500_000),
    "display_ads": ChannelProfile(0.06, 0.12, 0.70, 600_000),
    "social": ChannelProfile(0.04, 0.14, 0.75, 200_000),
    "webinar": ChannelProfile(0.12, 0.42, 1.05, 350_000),
    "event": ChannelProfile(0.09, 0.38, 0.95, 0),
    "referral": ChannelProfile(0.02, 0.80, 1.60, 50_000),
    "partner": ChannelProfile(0.02, 0.65, 1.35, 150_000),
    "outbound": ChannelProfile(0.04, 0.30, 0.90, 250_000),
    "inquiry": ChannelProfile(0.04, 0.78, 1.40, 100_000),
}
FAIR_YEN: Final = 4_800_000
WEBINAR_YEN: Final = 180_000

MONTH_WEIGHTS: Final = (0.85, 1.0, 1.2, 1.05, 0.85, 1.05, 1.0, 0.75, 1.15, 1.15, 1.1, 0.8)
"""January to December: budgets in March, quiet August and New Year."""
YEARLY_GROWTH: Final = 1.35


@dataclass(frozen=True, slots=True)
class StageProfile:
    """What happens in a stage: odds of the ways out (the rest waits), and days until then."""

    advance: float
    days: float
    recycle: float = 0.0
    lose: float = 0.0
    disqualify: float = 0.0
    give_back: float = 0.0


STAGES: Final = {
    "MQL": StageProfile(advance=0.80, days=1.2, recycle=0.10, disqualify=0.08),
    "SAL": StageProfile(advance=0.47, days=6.0, recycle=0.36, disqualify=0.08, give_back=0.06),
    "SQL": StageProfile(advance=0.78, days=7.0, recycle=0.13, lose=0.04, give_back=0.0),
    "SAO": StageProfile(advance=0.80, days=8.0, lose=0.11, recycle=0.03, give_back=0.05),
    "O1": StageProfile(advance=0.78, days=10.0, lose=0.17, recycle=0.03),
    "O2": StageProfile(advance=0.72, days=13.0, lose=0.23, recycle=0.03),
    "O3": StageProfile(advance=0.79, days=11.0, lose=0.16, recycle=0.02),
    "O4": StageProfile(advance=0.86, days=9.0, lose=0.11),
}

HIRING_GAP_MONTHS: Final = 8
"""Since then inside sales is short of people: it follows up late, and worst after trade fairs."""
GAP_ODDS: Final = {"event": 0.38, "white_paper": 0.72}
GAP_ODDS_ELSEWHERE: Final = 0.84
GAP_DELAY: Final = {"event": 3.2, "white_paper": 1.9}
GAP_DELAY_ELSEWHERE: Final = 1.6

ONBOARDING_DAYS_BEFORE: Final = 46.0
ONBOARDING_DAYS_NOW: Final = 27.0
RENEWS: Final = 0.90
CHURN_AFTER_SLOW_ONBOARDING: Final = 0.30
SLOW_ONBOARDING_DAYS: Final = 80
EXPANDS: Final = 0.22
EXPANSION_AGREED: Final = 0.62

REASONS: Final = {
    "recycle": {"timing": 36, "no_budget": 18, "unreachable": 22, "no_need_yet": 12,
                "gathering_information": 12},
    "disqualify": {"no_fit_size": 26, "no_fit_industry": 18, "bad_data": 18, "no_need": 16,
                   "student_or_private": 10, "job_or_sales_pitch": 12},
    "lose": {"competitor": 30, "price": 18, "no_decision": 26, "missing_function": 12,
             "not_approved": 9, "in_house": 5},
    "churn": {"not_adopted": 34, "no_result": 18, "expectation_gap": 20, "price": 12,
              "competitor": 10, "champion_left": 6},
    "to_marketing": {"bad_data": 40, "no_fit": 30, "no_need": 20, "duplicate": 10},
    "to_inside_sales": {"need_unclear": 45, "wrong_contact": 30, "no_next_step": 25},
}  # fmt: skip
