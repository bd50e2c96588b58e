"""The lists of companies and of their people, each page in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet

from tasuki.core.access import Access, Capability
from tasuki.core.names import display_person
from tasuki.journeys.models import Account, Journey, Person
from tasuki.journeys.queries.journey_page import visible_accounts, visible_persons
from tasuki.journeys.queries.paging import Search, SortColumn, ValueKind
from tasuki.journeys.queries.search import search_words

PARTY_SORTS: Final[Mapping[str, SortColumn]] = {
    "name": SortColumn("sort_key", ValueKind.TEXT),
    "updated_at": SortColumn("updated_at", ValueKind.MOMENT, descending_first=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFilter:
    """What a list of companies or people is narrowed by; empty means all."""

    q: str = ""
    segment: str = ""
    owner_id: int | None = None
    account_id: int | None = None
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """What a list shows of a company."""

    id: int
    name: str
    name_kana: str
    domain: str
    industry: str
    prefecture: str
    segment: str
    employees: int | None
    is_named: bool
    owner_name: str
    open_journeys: int
    journeys: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """What a list shows of a person."""

    id: int
    family_name: str
    given_name: str
    kana: str
    title: str
    department: str
    email: str
    phone: str
    account_id: int | None
    account_name: str
    updated_at: datetime


def party_search(*, text: str, access: Access) -> Search:
    """This will return the text search of a list, as far as the viewer may look."""
    reach = access.reach(Capability.SEE_PERSONAL_DATA)
    return Search(search_words(text), with_personal_data=reach.everything)


def filtered_accounts(*, chosen: PartyFilter, access: Access) -> QuerySet[Account]:
    """This will return the companies in sight that the filter keeps, its text search apart."""
    found = Q(merged_into__isnull=True)
    if chosen.segment:
        found &= Q(segment=chosen.segment)
    if chosen.owner_id is not None:
        found &= Q(owner_id=chosen.owner_id)
    if chosen.named:
        found &= Q(is_named=True)
    return visible_accounts(access=access).filter(found)


def filtered_persons(*, chosen: PartyFilter, access: Access) -> QuerySet[Person]:
    """This will return the people in sight that the filter keeps, its text search apart."""
    found = Q(merged_into__isnull=True)
    if chosen.account_id is not None:
        found &= Q(account_id=chosen.account_id)
    return visible_persons(access=access).filter(found)


def account_rows(*, ids: Sequence[int]) -> tuple[AccountRow, ...]:
    """This will return companies as rows of a list, in the order of `ids`: two queries."""
    counts: dict[int, Mapping[str, int]] = {
        row["account_id"]: {"open": row["open"], "all": row["all"]}
        for row in Journey.objects.filter(account_id__in=ids)
        .values("account_id")
        .annotate(all=CountOf("pk"), open=CountOf("pk", filter=Q(is_open=True)))
    }
    rows = {
        row["id"]: row
        for row in Account.objects.filter(pk__in=ids).values(
            *_ACCOUNT, "owner__family_name", "owner__given_name"
        )
    }
    none: Mapping[str, int] = {"open": 0, "all": 0}
    return tuple(_account(rows[pk], counts.get(pk, none)) for pk in ids if pk in rows)


def person_rows(*, ids: Sequence[int]) -> tuple[PersonRow, ...]:
    """This will return people as rows of a list, in the order of `ids`: one query."""
    rows = {
        row["id"]: row
        for row in Person.objects.filter(pk__in=ids).values(
            *_PERSON, "family_kana", "given_kana", "account__name"
        )
    }
    return tuple(_person(rows[pk]) for pk in ids if pk in rows)


_ACCOUNT: Final = (
    "id",
    "name",
    "name_kana",
    "domain",
    "industry",
    "prefecture",
    "segment",
    "employees",
    "is_named",
    "updated_at",
)
_PERSON: Final = (
    "id",
    "family_name",
    "given_name",
    "title",
    "department",
    "email",
    "phone",
    "account_id",
    "updated_at",
)


def _account(row: Mapping[str, Any], counts: Mapping[str, int]) -> AccountRow:
    owner = display_person(
        family=row["owner__family_name"] or "", given=row["owner__given_name"] or ""
    )
    return AccountRow(
        **{name: row[name] for name in _ACCOUNT},
        owner_name=owner,
        open_journeys=counts["open"],
        journeys=counts["all"],
    )


def _person(row: Mapping[str, Any]) -> PersonRow:
    return PersonRow(
        **{name: row[name] for name in _PERSON},
        kana=display_person(family=row["family_kana"], given=row["given_kana"]),
        account_name=row["account__name"] or "",
    )
