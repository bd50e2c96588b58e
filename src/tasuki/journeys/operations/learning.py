"""Facts told together with a move, each by its field path, kept where they belong.

A gate asks for facts of the journey, its person, its company and for answers alike. Whoever moves
a journey tells them in one go: either all of it is written and the journey moves, or nothing is.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final, cast

from django.db import transaction

from tasuki.core.lifecycle import Move
from tasuki.core.money import Money
from tasuki.journeys.actor import Act
from tasuki.journeys.models import Account, Channel, Journey, Person
from tasuki.journeys.operations import guard
from tasuki.journeys.operations.details import JourneyDetails, update_journey
from tasuki.journeys.operations.facts import change_deal, record_answers
from tasuki.journeys.operations.flow import HandOn, carry_on
from tasuki.journeys.operations.receipts import claim
from tasuki.journeys.operations.records import (
    AccountDetails,
    PersonDetails,
    create_person,
    update_account,
    update_person,
)
from tasuki.journeys.queries.blueprints import current_blueprint

AMOUNT: Final = "journey.amount_minor"
CLOSE_DATE: Final = "journey.expected_close_date"
CHANNEL: Final = "journey.channel"
LEARNABLE: Final = frozenset(
    {
        AMOUNT,
        CLOSE_DATE,
        CHANNEL,
        "journey.source",
        "journey.temperature",
        "journey.fit",
        *(f"person.{name}" for name in ("email", "phone", "title", "department", "role")),
        *(
            f"account.{name}"
            for name in ("domain", "corporate_number", "industry", "employees", "prefecture")
        ),
        "account.segment",
    }
)
"""Paths that `learn` writes, besides `answers.*`."""


class UnableToLearn(Exception):
    """A fact of this path is not told by hand."""

    def __init__(self, *, path: str) -> None:
        super().__init__(f"{path} cannot be told along with a move")
        self.path = path


def move_knowing(
    *, journey_id: int, move: Move, facts: Mapping[str, object], hand_on: HandOn, act: Act
) -> Journey:
    """This will keep the facts and move the journey, both or neither; returns it as it now is.

    `facts` by field path: `Money` for the amount, the code for the channel, dates as dates, an
    answer as its JSON value.

    Raises:
        TransitionRefused: a rule or gate is not met; nothing was written.
        JourneyChangedMeanwhile: somebody else was first; nothing was written.
        RequestRepeated: the same request was carried out before.
        InvalidContact, MissingRate, UnableToLearn: a fact cannot be kept; nothing was written.
    """
    with transaction.atomic():
        claim(act=act, operation="move_journey", journey_id=journey_id)
        act = replace(act, request_key=None)
        journey = guard.load(journey_id=journey_id, revision=hand_on.revision)
        if facts:
            learn(journey_id=journey_id, facts=facts, act=act)
            journey = guard.load(journey_id=journey_id)
        carry_on(
            journey=journey, move=move, hand_on=hand_on, published=current_blueprint(), act=act
        )
    return journey


def learn(*, journey_id: int, facts: Mapping[str, object], act: Act) -> None:
    """This will keep each fact where it belongs; what is already known so changes nothing.

    A fact about a person of a journey that has none yet makes that person.

    Raises:
        UnableToLearn: a path that is not told by hand.
        InvalidContact, MissingRate: a value that cannot be kept.
    """
    for path in facts:
        if path not in LEARNABLE and not path.startswith("answers."):
            raise UnableToLearn(path=path)
    with transaction.atomic():
        journey = guard.load(journey_id=journey_id)
        if answers := _of("answers.", facts):
            record_answers(journey_id=journey_id, answers=answers, act=act)
        if AMOUNT in facts or CLOSE_DATE in facts:
            _learn_deal(journey, facts, act)
        _learn_people(journey, facts, act)
        _learn_details(guard.load(journey_id=journey_id), facts, act)


def _learn_deal(journey: Journey, facts: Mapping[str, object], act: Act) -> None:
    known = (
        Money(journey.amount_minor, journey.currency) if journey.amount_minor is not None else None
    )
    amount = cast("Money | None", facts.get(AMOUNT, known))
    close_date = cast("date | None", facts.get(CLOSE_DATE, journey.expected_close_date))
    if (amount, close_date) != (known, journey.expected_close_date):
        change_deal(journey_id=journey.pk, amount=amount, expected_close_date=close_date, act=act)


def _learn_people(journey: Journey, facts: Mapping[str, object], act: Act) -> None:
    if told := _of("account.", facts):
        account = Account.objects.get(pk=journey.account_id)
        company = AccountDetails.of(account)
        update_account(
            account_id=account.pk,
            details=replace(company, **told),
            revision=account.revision,
            act=act,
        )
    told = _of("person.", facts)
    if told and journey.person_id is None:
        made = create_person(details=PersonDetails(account_id=journey.account_id, **told), act=act)
        details = replace(JourneyDetails.of(journey), person_id=made.pk)
        update_journey(journey_id=journey.pk, details=details, act=act)
    elif told:
        person = cast("Person", journey.person)
        update_person(
            person_id=person.pk,
            details=replace(PersonDetails.of(person), **told),
            revision=person.revision,
            act=act,
        )


def _learn_details(journey: Journey, facts: Mapping[str, object], act: Act) -> None:
    names = {f.name for f in fields(JourneyDetails)}
    told = {name: value for name, value in _of("journey.", facts).items() if name in names}
    if CHANNEL in facts:
        told["channel_id"] = Channel.objects.get(code=facts[CHANNEL]).pk
    update_journey(
        journey_id=journey.pk, details=replace(JourneyDetails.of(journey), **told), act=act
    )


def _of(prefix: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        path.removeprefix(prefix): value for path, value in facts.items() if path.startswith(prefix)
    }
