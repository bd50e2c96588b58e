"""A tiny company written straight into the tables, for tests that count."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tasuki.core.blueprint import Blueprint, StageKind, read_blueprint
from tasuki.core.lifecycle import Exit
from tasuki.journeys.models import Account, BlueprintVersion, Channel, Journey, Stay
from tasuki.journeys.queries.blueprints import default_blueprint_text
from tasuki.people.models import Team, User

TOKYO = ZoneInfo("Asia/Tokyo")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@cache
def the_model() -> Blueprint:
    return read_blueprint(text=default_blueprint_text())


def at(text: str) -> datetime:
    """Read `2026-04-01` or `2026-04-01 09:30` as Tokyo time."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@dataclass(frozen=True, slots=True)
class Step:
    """One stay: where, when, how it ended; an open one has no `left`."""

    stage: str
    entered: str
    left: str = ""
    exit: Exit | None = None
    to: str = ""
    reason: str = ""
    owner: User | None = None
    team: Team | None = None
    cycle: int = 1


@dataclass(slots=True)
class Company:
    """What every written journey belongs to."""

    version: BlueprintVersion
    channels: dict[str, Channel] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def channel(self, code: str) -> Channel:
        if code not in self.channels:
            self.channels[code] = Channel.objects.create(
                code=code, label_ja=f"{code}（日）", label_en=code.title()
            )
        return self.channels[code]

    def account(self, segment: str = "") -> Account:
        if segment not in self.accounts:
            self.accounts[segment] = Account.objects.create(
                name=f"株式会社{segment or '無区分'}",
                segment=segment,
                created_at=LONG_AGO,
                updated_at=LONG_AGO,
            )
        return self.accounts[segment]

    def journey(
        self, steps: Sequence[Step], *, channel: str = "", segment: str = "", **columns: Any
    ) -> Journey:
        """Write a journey as its steps say; the last step is where it is now."""
        last = steps[-1]
        completed = last.exit is Exit.COMPLETED
        on_main = the_model().place(last.stage).kind is StageKind.MAIN and not completed
        journey = Journey.objects.create(
            **{
                "account": self.account(segment),
                "channel": self.channel(channel) if channel else None,
                "motion": "division",
                "blueprint": self.version,
                "stage": last.stage,
                "department": the_model().department_of(last.stage).value,
                "is_open": on_main,
                "cycle": last.cycle,
                "entered_at": at(last.entered),
                "opened_at": at(steps[0].entered),
                "closed_at": at(last.left) if completed else None,
                "owner": last.owner,
                "team": last.team,
                "next_action": "電話する",
                "next_action_date": at(last.entered).date(),
                "created_at": LONG_AGO,
                "updated_at": LONG_AGO,
                **columns,
            }
        )
        Stay.objects.bulk_create(self._stays(journey, steps))
        return journey

    def _stays(self, journey: Journey, steps: Sequence[Step]) -> list[Stay]:
        visits: dict[tuple[int, str], int] = {}
        stays = []
        for number, step in enumerate(steps, start=1):
            key = (step.cycle, step.stage)
            visits[key] = visits.get(key, 0) + 1
            left_at = at(step.left) if step.left else None
            stays.append(
                Stay(
                    journey=journey,
                    number=number,
                    cycle=step.cycle,
                    visit=visits[key],
                    stage=step.stage,
                    department=the_model().department_of(step.stage).value,
                    owner=step.owner,
                    team=step.team,
                    entered_at=at(step.entered),
                    entered_recorded_at=at(step.entered),
                    left_at=left_at,
                    left_recorded_at=left_at,
                    exit=step.exit.value if step.exit else "",
                    to_stage=step.to,
                    reason=step.reason,
                    blueprint=self.version,
                )
            )
        return stays


def found_company() -> Company:
    """Publish the default process, unless one is live already."""
    live = BlueprintVersion.objects.filter(is_current=True).first()
    return Company(
        live
        or BlueprintVersion.objects.create(
            key="the_model",
            version=1,
            text=default_blueprint_text(),
            is_current=True,
            published_at=LONG_AGO,
        )
    )


def employ(email: str, *, team: Team | None = None) -> User:
    return User.objects.create_user(email, family_name=email.partition("@")[0], team=team)
