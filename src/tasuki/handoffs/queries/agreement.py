"""What an offer is made from: the contract of today's process, and who could receive it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tasuki.core.blueprint import Blueprint, Contract, ContractKind, Reason
from tasuki.core.departments import Department
from tasuki.journeys.models import Channel, Journey
from tasuki.journeys.queries.rates import reporting_settings
from tasuki.people.capacity import department_members
from tasuki.people.models import Team, User
from tasuki.people.queries import upcoming_absences
from tasuki.ui.speaking import language


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could receive; `away_until` while they are absent."""

    user: User
    away_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the form is made from: the contract, who could receive, and what fields choose from."""

    contract: Contract
    blueprint: Blueprint
    currency: str
    channels: Mapping[str, str]
    people: Sequence[Candidate]
    teams: Sequence[Team]
    reasons: Sequence[Reason]


def agreement_of(
    *, journey: Journey, contract: Contract, blueprint: Blueprint, now: datetime
) -> Agreement:
    """Return everything that the form of an offer chooses from."""
    rule = None
    if contract.kind is ContractKind.BACK:
        rule = blueprint.return_rule(journey.stage, contract.enters or "")
    return Agreement(
        contract=contract,
        blueprint=blueprint,
        currency=journey.currency or reporting_settings().reporting_currency,
        channels=_channels(),
        people=_candidates(contract.taker, now),
        teams=list(Team.objects.filter(is_active=True, department=contract.taker.value)),
        reasons=rule.reasons if rule else (),
    )


def _candidates(department: Department, now: datetime) -> list[Candidate]:
    users = [member.user for member in department_members(department=department)]
    absences = upcoming_absences(since=now).filter(user__in=users, starts_at__lte=now)
    away = dict(absences.order_by("ends_at").values_list("user_id", "ends_at"))
    return [Candidate(user, away.get(user.pk)) for user in users]


def _channels() -> dict[str, str]:
    rows = Channel.objects.filter(is_active=True)
    return {row.code: row.label_en if language() == "en" else row.label_ja for row in rows}
