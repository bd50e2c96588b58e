"""A marketer with a lead that is ready, and inside sales that could take it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.core.lifecycle import Advance
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.operations.flow import HandOn, move_journey
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff
from tasuki.journeys.operations.learning import learn
from tasuki.people.models import Team, User
from tests.journeys import factories
from tests.people.factories import client_of, make_team, make_user

TO_INSIDE_SALES = "marketing_to_inside_sales"
NOW = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
"""9:00 on a Wednesday in Tokyo."""

TOLD = {
    "answers.interest": "3月28日に料金ページを3回見て、資料を請求",
    "answers.consent": "form",
    "journey.fit": "A",
}


@dataclass(frozen=True)
class Scene:
    """Who gives, who takes, who is neither, and the journey."""

    giver: User
    taker: User
    manager: User
    outsider: User
    team: Team
    journey: Journey


def scene(*, told: dict[str, object] | None = None) -> Scene:
    """A journey in MQL held by a marketer; inside sales has a member and a manager."""
    factories.process()
    marketing = make_team("マーケ", department=Department.MARKETING.value)
    sales = make_team("IS", department=Department.INSIDE_SALES.value)
    giver = member(Department.MARKETING, marketing, family_name="藤井")
    taker = member(Department.INSIDE_SALES, sales, family_name="青木")
    manager = make_user(Grant(Role.MANAGER, Department.INSIDE_SALES), family_name="村上")
    outsider = member(Department.SUCCESS, make_team("CS", department="success"))
    return Scene(giver, taker, manager, outsider, sales, lead_of(giver, told=told))


def member(department: Department, team: Team, **fields: Any) -> User:
    """Somebody who works in a department."""
    return make_user(Grant(Role.MEMBER, department), team=team, **fields)


def lead_of(giver: User, *, told: dict[str, object] | None = None) -> Journey:
    """A journey in MQL with what the contract asks for, or with other facts."""
    company = factories.account()
    contact = factories.person(company)
    journey = factories.journey(
        account_id=company.pk,
        person_id=contact.pk,
        holder=Holder(owner_id=giver.pk, team_id=giver.team_id),
    )
    facts = {**TOLD, "account.industry": "manufacturing"}
    learn(journey_id=journey.pk, facts=facts, act=act(giver))
    move_journey(journey_id=journey.pk, move=Advance(), act=act(giver), hand_on=HandOn())
    if told is not None:
        learn(journey_id=journey.pk, facts=told, act=act(giver))
    journey.refresh_from_db()
    return journey


def act(user: User | None, *, now: datetime = NOW) -> Any:
    """Somebody acting at a fixed time."""
    return factories.act(now=now, user=user)


def offered(at: Scene, *, to: User | None = None, now: datetime = NOW) -> Handoff:
    """A packet on its way to inside sales."""
    offer = Offer(receiver_id=to.pk if to else None, message="午前がつながりやすいです。")
    return offer_handoff(
        journey_id=at.journey.pk, contract=TO_INSIDE_SALES, offer=offer, act=act(at.giver, now=now)
    )


def browser(user: User) -> Client:
    """A browser of somebody who reads English."""
    client = client_of(user)
    client.cookies["tasuki_language"] = "en"
    return client


def form_of(journey: Journey, **typed: Any) -> dict[str, Any]:
    """What the form of an offer sends when nothing is changed in it."""
    journey.refresh_from_db()
    return {
        "revision": journey.revision,
        "request_key": "",
        "receiver": "queue",
        "message": "",
        "fact-person-email": "yamada@aoba.example.co.jp",
        "fact-person-phone": "",
        "fact-journey-channel": "webinar",
        "fact-journey-fit": "A",
        "fact-answers-interest": TOLD["answers.interest"],
        "fact-answers-consent": "form",
        "fact-answers-content_read": "",
        "fact-answers-past_deals": "",
        **typed,
    }


def offer_url(journey: Journey) -> str:
    """The address of the form of an offer."""
    return f"/journeys/{journey.pk}/hand-over/{TO_INSIDE_SALES}/"
