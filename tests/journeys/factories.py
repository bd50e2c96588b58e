"""Small real records for tests; every time is given, nothing is random."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import yaml

from tasuki.journeys.actor import Act, Actor
from tasuki.journeys.models import Account, BlueprintVersion, Channel, Journey, Person
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.operations.facts import NextAction
from tasuki.journeys.operations.flow import NewJourney, open_journey
from tasuki.journeys.operations.records import (
    AccountDetails,
    PersonDetails,
    create_account,
    create_person,
)
from tasuki.journeys.operations.setup import prepare
from tasuki.journeys.queries.blueprints import default_blueprint_text
from tasuki.people.models import Team, User

NOW = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
"""9:00 on a Wednesday in Tokyo."""


def act(
    *,
    now: datetime = NOW,
    user: User | None = None,
    key: str | None = None,
    happened_at: datetime | None = None,
) -> Act:
    """Somebody acting at a fixed time."""
    actor = Actor(user_id=user.pk if user else None, kind="user", label="test")
    return Act(actor=actor, now=now, happened_at=happened_at, request_key=key)


def process(*, contracts: bool = True) -> None:
    """Publish the default process and its channels; without its contracts, nothing needs to be
    handed over."""
    if not contracts:
        publish_as_it_is(lambda text: text.update(contracts=[]))
    prepare(act=act())


def publish_as_it_is(change: Callable[[dict[str, Any]], object]) -> BlueprintVersion:
    """Put the default process into force with a change, whatever the rules for going live say."""
    text = yaml.safe_load(default_blueprint_text())
    change(text)
    BlueprintVersion.objects.filter(is_current=True).update(is_current=False)
    return BlueprintVersion.objects.create(
        key=text["key"],
        version=BlueprintVersion.objects.count() + 1,
        text=yaml.safe_dump(text, allow_unicode=True, sort_keys=False),
        is_current=True,
        published_at=NOW,
    )


def user(email: str = "sato@example.co.jp", *, team: Team | None = None) -> User:
    """A user without any grant."""
    return User.objects.create_user(email, family_name="佐藤", given_name="花子", team=team)


def account(name: str = "株式会社青葉製作所", **details: Any) -> Account:
    """A company."""
    return create_account(details=AccountDetails(name=name, **details), act=act())


def person(at: Account | None = None, **details: Any) -> Person:
    """Somebody at a company, reachable by mail."""
    stated = {"family_name": "山田", "given_name": "太郎", "email": "yamada@aoba.example.co.jp"}
    return create_person(
        details=PersonDetails(account_id=at.pk if at else None, **{**stated, **details}), act=act()
    )


def journey(**stated: Any) -> Journey:
    """A journey at the start of the process, with a reachable person and a channel."""
    if "account_id" not in stated:
        company = account()
        stated |= {"account_id": company.pk, "person_id": person(company).pk}
    new = NewJourney(
        **{
            "next_action": NextAction(what="資料を送る", due_date=date(2026, 4, 2)),
            "channel_id": Channel.objects.get(code="webinar").pk,
            "holder": Holder(owner_id=None, team_id=None),
            **stated,
        }
    )
    return open_journey(new=new, act=act())
