"""What the pages of one journey, company and person show besides their timeline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from tasuki.core.access import Access, Capability
from tasuki.core.departments import Department
from tasuki.journeys.models import (
    Account,
    DealChange,
    Event,
    Journey,
    Merge,
    Person,
    RequestReceipt,
    Stay,
    SubscriptionPeriod,
)
from tasuki.journeys.queries.visibility import visible_journeys

RELATED: Final = 30


def find_journey(*, journey_id: int, access: Access) -> Journey | None:
    """This will return a journey that the person may see, with all that its page names."""
    # Planning a join of nine tables takes longer than asking for the few that are there.
    return (
        visible_journeys(access=access)
        .select_related("account", "person", "owner", "team")
        .prefetch_related("channel", "campaign", "parent")
        .filter(pk=journey_id)
        .first()
    )


def stays_of(*, journey_ids: Sequence[int]) -> list[Stay]:
    """This will return the stays of these journeys, each journey's in order."""
    return list(
        Stay.objects.filter(journey_id__in=journey_ids)
        .select_related("owner", "team")
        .order_by("journey_id", "number")
    )


def related_journeys(*, journey: Journey, access: Access) -> list[Journey]:
    """This will return other journeys of the same company, newest first, at most `RELATED`.

    Its parent and its children are among them: a renewal stays with the company it renews.
    """
    return list(
        visible_journeys(access=access)
        .filter(Q(account_id=journey.account_id) | Q(parent_id=journey.pk))
        .exclude(pk=journey.pk)
        .select_related("owner")
        .order_by("-opened_at", "-id")[:RELATED]
    )


def deal_history(*, journey_id: int) -> list[DealChange]:
    """This will return the amounts and close dates a deal has had, newest first."""
    changes = DealChange.objects.filter(journey_id=journey_id).select_related("actor")
    return list(changes.order_by("-happened_at", "-id")[:RELATED])


def subscription_periods(*, journey_ids: Sequence[int]) -> list[SubscriptionPeriod]:
    """This will return the recurring revenue of these journeys, the latest period first."""
    periods = SubscriptionPeriod.objects.filter(journey_id__in=journey_ids)
    return list(periods.order_by("-starts_date", "-id")[: RELATED * 4])


@dataclass(frozen=True, slots=True)
class Company:
    """A company with the shadows that were merged into it."""

    account: Account
    ids: tuple[int, ...]


def visible_accounts(*, access: Access) -> QuerySet[Account]:
    """This will return the companies a person may see.

    All of them when their right reaches everything; otherwise those they own and those with a
    journey that they see.
    """
    if access.reach(Capability.SEE_JOURNEYS).everything:
        return Account.objects.all()
    seen = visible_journeys(access=access).filter(account_id=OuterRef("pk"))
    return Account.objects.filter(Q(owner_id=access.user_id) | Q(Exists(seen)))


def visible_persons(*, access: Access) -> QuerySet[Person]:
    """This will return the people at companies that may be seen, or on a visible journey."""
    if access.reach(Capability.SEE_JOURNEYS).everything:
        return Person.objects.all()
    journeys = visible_journeys(access=access)
    return Person.objects.filter(
        Q(Exists(journeys.filter(person_id=OuterRef("pk"))))
        | Q(account_id__in=visible_accounts(access=access).values("pk"))
    )


def find_company(*, account_id: int, access: Access) -> Company | None:
    """This will return a company that the person may see, with its merged-away shadows.

    A shadow is found as well, as long as its winner may be seen; its page sends there.
    """
    account = Account.objects.select_related("owner").filter(pk=account_id).first()
    if account is None:
        return None
    shown = visible_accounts(access=access).filter(pk=winner_of(account)).exists()
    return Company(account, shadows_of_account(account_id)) if shown else None


def find_person(*, person_id: int, access: Access) -> Person | None:
    """This will return a person that the asking one may see; a shadow if its winner is."""
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    if person is None:
        return None
    shown = visible_persons(access=access).filter(pk=winner_of(person)).exists()
    return person if shown else None


def winner_of(record: Account | Person) -> int:
    """This will return the id of the record that stands for this one now, itself if unmerged."""
    current = record
    while current.merged_into_id is not None:
        current = type(current)._default_manager.get(pk=current.merged_into_id)
    return int(current.pk)


def shadows_of_account(account_id: int) -> tuple[int, ...]:
    """This will return the company and all that were merged into it, directly or through others."""
    return _with_shadows(Account.objects.all(), account_id)


def shadows_of_person(person_id: int) -> tuple[int, ...]:
    """This will return the person and all that were merged into them."""
    return _with_shadows(Person.objects.all(), person_id)


def _with_shadows(records: QuerySet[Account] | QuerySet[Person], pk: int) -> tuple[int, ...]:
    found, fresh = [pk], [pk]
    while fresh:
        fresh = list(records.filter(merged_into_id__in=fresh).values_list("pk", flat=True))
        found += fresh
    return tuple(found)


def journeys_of_account(*, account_ids: Sequence[int], access: Access) -> list[Journey]:
    """This will return the visible journeys of a company, open ones first, then the newest."""
    return list(
        visible_journeys(access=access)
        .filter(account_id__in=account_ids)
        .select_related("owner", "person")
        .order_by("-is_open", "-entered_at", "-id")[: RELATED * 4]
    )


def journeys_of_person(*, person_ids: Sequence[int], access: Access) -> list[Journey]:
    """This will return the visible journeys that a person is the contact of."""
    return list(
        visible_journeys(access=access)
        .filter(person_id__in=person_ids)
        .select_related("owner", "account")
        .order_by("-is_open", "-entered_at", "-id")[: RELATED * 4]
    )


def people_of_account(*, account_ids: Sequence[int]) -> list[Person]:
    """This will return the people known at a company, by their reading."""
    people = Person.objects.filter(account_id__in=account_ids, merged_into__isnull=True)
    return list(people.order_by("sort_key", "id")[: RELATED * 4])


def merges_of(*, entity: str, record_ids: Sequence[int]) -> list[Merge]:
    """This will return the merges a record took part in as the winner, newest first."""
    merges = Merge.objects.filter(entity=entity, winner_id__in=record_ids).select_related("actor")
    return list(merges.order_by("-id")[:RELATED])


def sees_person_of(*, journey: Journey, owner_ids: Collection[int], access: Access) -> bool:
    """This will tell whether personal data on this journey is shown, given all who ever held it."""
    return access.may_see(
        owner_ids=owner_ids,
        team_id=journey.team_id,
        department=Department(journey.department) if journey.department else None,
        capability=Capability.SEE_PERSONAL_DATA,
    )


def sees_people(
    *, access: Access, account_ids: Sequence[int] = (), person_ids: Sequence[int] = ()
) -> bool:
    """This will tell whether personal data of a company's people, or of a person, is shown.

    It is when the right reaches everything, or one of the journeys that they are part of.
    """
    if access.reach(Capability.SEE_PERSONAL_DATA).everything:
        return True
    reached = visible_journeys(access=access, capability=Capability.SEE_PERSONAL_DATA)
    of_them = Q(account_id__in=account_ids) | Q(person_id__in=person_ids)
    return reached.filter(of_them).exists()


def was_carried_out(*, request_key: str) -> bool:
    """This will tell whether a request of this key was carried out before."""
    return bool(request_key) and RequestReceipt.objects.filter(key=request_key).exists()


def latest_event(*, journey_id: int) -> Event | None:
    """This will return what was last recorded of a journey, with who did it."""
    events = Event.objects.filter(journey_id=journey_id).select_related("actor")
    return events.order_by("-id").first()
