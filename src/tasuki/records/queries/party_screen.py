"""Everything that the pages of a company and of a person show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tasuki.core.access import Access, Capability
from tasuki.core.blueprint import Blueprint, Place
from tasuki.core.money import Money
from tasuki.journeys.models import Account, Journey, Merge, Person
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.identity import Pair, candidates_of
from tasuki.journeys.queries.journey_page import (
    Company,
    journeys_of_account,
    journeys_of_person,
    merges_of,
    people_of_account,
    sees_people,
    shadows_of_person,
    stays_of,
)
from tasuki.journeys.queries.timeline import Topic, Whose, timeline
from tasuki.records.queries.story import Story, story_of
from tasuki.ui.ribbon import RibbonRow
from tasuki.ui.speaking import language
from tasuki.ui.stays import label_of, place_of, ribbons_of


@dataclass(frozen=True, slots=True)
class JourneyCard:
    """A journey on the page of its company or person."""

    journey: Journey
    place: Place | None
    ribbon: tuple[RibbonRow, ...]

    @property
    def amount(self) -> Money | None:
        """The amount of its deal."""
        if self.journey.amount_minor is None:
            return None
        return Money(self.journey.amount_minor, self.journey.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyScreen:
    """The page of a company or a person."""

    record: Account | Person
    blueprint: Blueprint
    cards: tuple[JourneyCard, ...]
    people: tuple[Person, ...]
    story: Story
    topic: Topic | None
    journey_names: Mapping[int, str]
    duplicates: list[Pair]
    merges: list[Merge]
    may_work: bool
    may_merge: bool
    sees_personal_data: bool


def account_screen(
    *,
    company: Company,
    access: Access,
    now: datetime,
    topic: Topic | None = None,
    after: str = "",
) -> PartyScreen:
    """Return the page of a company: its journeys and people, and one history of all of them."""
    journeys = journeys_of_account(account_ids=company.ids, access=access)
    whose = Whose(journey_ids=tuple(journey.pk for journey in journeys), account_ids=company.ids)
    return _screen(
        _Subject(company.account, journeys, whose, "account"),
        access=access,
        now=now,
        page=(topic, after),
        sees=sees_people(access=access, account_ids=company.ids),
    )


def person_screen(
    *,
    person: Person,
    access: Access,
    now: datetime,
    topic: Topic | None = None,
    after: str = "",
) -> PartyScreen:
    """Return the page of a person: their journeys, and one history of all of them."""
    ids = shadows_of_person(person.pk)
    journeys = journeys_of_person(person_ids=ids, access=access)
    whose = Whose(journey_ids=tuple(journey.pk for journey in journeys), person_ids=ids)
    return _screen(
        _Subject(person, journeys, whose, "person"),
        access=access,
        now=now,
        page=(topic, after),
        sees=sees_people(access=access, person_ids=ids),
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    record: Account | Person
    journeys: list[Journey]
    whose: Whose
    entity: str


def _screen(
    subject: _Subject,
    *,
    access: Access,
    now: datetime,
    page: tuple[Topic | None, str],
    sees: bool,
) -> PartyScreen:
    blueprint = current_blueprint().blueprint
    topic, after = page
    may_merge = access.allows(Capability.MERGE)
    is_account = subject.entity == "account"
    history = timeline(whose=subject.whose, topic=topic, after=after)
    return PartyScreen(
        record=subject.record,
        blueprint=blueprint,
        cards=_cards(subject.journeys, blueprint, now),
        people=(
            tuple(people_of_account(account_ids=subject.whose.account_ids)) if is_account else ()
        ),
        story=story_of(page=history, blueprint=blueprint, hides_personal_data=not sees),
        topic=topic,
        journey_names={one.pk: _name(one, blueprint) for one in subject.journeys},
        duplicates=(
            candidates_of(entity="account" if is_account else "person", record_id=subject.record.pk)
            if may_merge
            else []
        ),
        merges=merges_of(entity=subject.entity, record_ids=[subject.record.pk]),
        may_work=access.allows(Capability.WORK_JOURNEYS),
        may_merge=may_merge,
        sees_personal_data=sees,
    )


def _cards(journeys: list[Journey], blueprint: Blueprint, now: datetime) -> tuple[JourneyCard, ...]:
    stays = stays_of(journey_ids=[journey.pk for journey in journeys])
    ribbons = ribbons_of(stays=stays, blueprint=blueprint, now=now)
    return tuple(
        JourneyCard(
            journey=journey,
            place=place_of(code=journey.stage, blueprint=blueprint),
            ribbon=ribbons.get(journey.pk, ()),
        )
        for journey in journeys
    )


def _name(journey: Journey, blueprint: Blueprint) -> str:
    label = label_of(code=journey.stage, blueprint=blueprint).text(language())
    return f"#{journey.pk} {journey.title}".strip() + f" ({label})"
