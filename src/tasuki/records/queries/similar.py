"""Records that a new one may already be: by normalised name, domain, e-mail and phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from tasuki.core import contacts
from tasuki.core.access import Access
from tasuki.core.names import company_key, kana_key, person_key
from tasuki.core.similarity import (
    AccountKeys,
    Candidate,
    PersonKeys,
    compare_accounts,
    compare_persons,
)
from tasuki.journeys.models import Account, Person
from tasuki.journeys.queries.journey_page import visible_accounts, visible_persons

LIMIT: Final = 5


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that is there already, and why it may be the same."""

    id: int
    name: str
    note: str
    candidate: Candidate


def similar_accounts(
    *, name: str, domain: str, corporate_number: str, access: Access
) -> Sequence[Similar]:
    """Return companies in sight that the typed one may be, the surest first."""
    mine = AccountKeys(
        company_key=company_key(name),
        domain=_quiet(domain, contacts.company_domain),
        corporate_number=_quiet(corporate_number, contacts.normalise_corporate_number),
    )
    where = Q(pk__in=[])
    for column in ("company_key", "domain", "corporate_number"):
        if value := getattr(mine, column):
            where |= Q(**{column: value})
    rows = visible_accounts(access=access).filter(where, merged_into__isnull=True)
    pairs = [(row, compare_accounts(left=mine, right=_account_keys(row))) for row in rows[:50]]
    found = [
        Similar(row.pk, row.name, row.domain or row.prefecture, candidate)
        for row, candidate in pairs
        if candidate
    ]
    return sorted(found, key=lambda each: each.candidate.strength.rank)[:LIMIT]


def similar_persons(
    *, family: str, given: str, email: str, account_id: int | None, access: Access
) -> Sequence[Similar]:
    """Return people in sight that the typed one may be, the surest first."""
    mine = PersonKeys(
        person_key=person_key(family=family, given=given),
        email_key=_quiet(email, contacts.normalise_email),
        account_id=account_id,
    )
    where = Q(email_key=mine.email_key) if mine.email_key else Q(pk__in=[])
    if account_id is not None and family:
        where |= Q(account_id=account_id)
    rows = (
        visible_persons(access=access)
        .filter(where, merged_into__isnull=True)
        .select_related("account")
    )
    pairs = [(row, compare_persons(left=mine, right=_person_keys(row))) for row in rows[:200]]
    found = [
        Similar(row.pk, str(row), row.account.name if row.account else "", candidate)
        for row, candidate in pairs
        if candidate
    ]
    return sorted(found, key=lambda each: each.candidate.strength.rank)[:LIMIT]


def _account_keys(row: Account) -> AccountKeys:
    return AccountKeys(
        company_key=row.company_key,
        kana_key=kana_key(row.name_kana),
        domain=row.domain,
        corporate_number=row.corporate_number,
        phone_key=row.phone_key,
        prefecture=row.prefecture,
    )


def _person_keys(row: Person) -> PersonKeys:
    return PersonKeys(
        person_key=person_key(family=row.family_name, given=row.given_name),
        kana_key=kana_key(f"{row.family_kana}{row.given_kana}"),
        email_key=row.email_key,
        phone_key=row.phone_key,
        account_id=row.account_id,
    )


def _quiet(text: str, read: object) -> str:
    """Read a detail that is still being typed; empty while it is none yet."""
    if not text or not callable(read):
        return ""
    try:
        return str(read(text))
    except contacts.InvalidContact:
        return ""
