"""Creating and changing companies and people: identity keys and search text kept in step."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Final, Self

from django.db import transaction
from django.db.models import F

from tasuki.core import contacts, names
from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Account, Journey, Person
from tasuki.journeys.operations import journal
from tasuki.journeys.operations.receipts import claim

SORT_KEY_LENGTH: Final = 100
_PLAIN_JAPANESE: Final = re.compile(r"0(?!10)[1-9][0-9]{8,9}", re.ASCII)


class RecordChangedMeanwhile(Exception):
    """Somebody else saved the record first; nothing was written."""

    def __init__(self, *, entity: str, record_id: int) -> None:
        super().__init__(f"{entity} {record_id} was changed by somebody else")
        self.entity = entity
        self.record_id = record_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDetails:
    """What a person states about a company; keys are derived from it."""

    name: str
    name_kana: str = ""
    domain: str = ""
    corporate_number: str = ""
    phone: str = ""
    industry: str = ""
    employees: int | None = None
    prefecture: str = ""
    segment: str = ""
    is_named: bool = False
    motion: str = ""
    owner_id: int | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, account: Account) -> Self:
        """This will read the details of a stored company."""
        return cls(**{f.name: getattr(account, f.name) for f in fields(cls)})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """What is stated about a person; keys are derived from it."""

    account_id: int | None = None
    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    email: str = ""
    phone: str = ""
    title: str = ""
    department: str = ""
    role: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, person: Person) -> Self:
        """This will read the details of a stored person."""
        return cls(**{f.name: getattr(person, f.name) for f in fields(cls)})


def create_account(*, details: AccountDetails, act: Act) -> Account:
    """This will store a new company and return it."""
    account = Account(**account_columns(details), created_at=act.now, updated_at=act.now)
    with transaction.atomic():
        claim(act=act, operation="create_account")
        account.save(force_insert=True)
    return account


def update_account(*, account_id: int, details: AccountDetails, revision: int, act: Act) -> Account:
    """This will change a company, journal what changed and refresh what its journeys show.

    Raises:
        RecordChangedMeanwhile: `revision` is not the stored one.
    """
    with transaction.atomic():
        claim(act=act, operation="update_account")
        account = Account.objects.get(pk=account_id)
        before = AccountDetails.of(account)
        columns = account_columns(details)
        changed = Account.objects.filter(pk=account_id, revision=revision).update(
            **columns, revision=F("revision") + 1, updated_at=act.now
        )
        if changed != 1:
            raise RecordChangedMeanwhile(entity="account", record_id=account_id)
        _record_change(
            about=journal.About(account_id=account_id), before=before, after=details, act=act
        )
        account.refresh_from_db()
        refresh_journeys_of(account_ids=[account_id], now=act.now)
    return account


def create_person(*, details: PersonDetails, act: Act) -> Person:
    """This will store a new person and return them."""
    person = Person(**person_columns(details), created_at=act.now, updated_at=act.now)
    with transaction.atomic():
        claim(act=act, operation="create_person")
        person.save(force_insert=True)
    return person


def update_person(*, person_id: int, details: PersonDetails, revision: int, act: Act) -> Person:
    """This will change a person and journal what changed.

    Raises:
        RecordChangedMeanwhile: `revision` is not the stored one.
    """
    with transaction.atomic():
        claim(act=act, operation="update_person")
        person = Person.objects.get(pk=person_id)
        before = PersonDetails.of(person)
        changed = Person.objects.filter(pk=person_id, revision=revision).update(
            **person_columns(details), revision=F("revision") + 1, updated_at=act.now
        )
        if changed != 1:
            raise RecordChangedMeanwhile(entity="person", record_id=person_id)
        _record_change(
            about=journal.About(person_id=person_id), before=before, after=details, act=act
        )
        person.refresh_from_db()
        refresh_journeys_of(person_ids=[person_id], now=act.now)
    return person


def account_columns(details: AccountDetails) -> dict[str, object]:
    """This will return the columns of an account row, derived keys included.

    Raises:
        InvalidContact: the domain, phone or corporate number cannot be one.
    """
    domain = contacts.company_domain(details.domain) if details.domain else ""
    corporate_number = (
        contacts.normalise_corporate_number(details.corporate_number)
        if details.corporate_number
        else ""
    )
    return {
        **_stated(replace(details, domain=domain, corporate_number=corporate_number)),
        "company_key": names.company_key(details.name),
        "sort_key": names.kana_key(details.name_kana or details.name)[:SORT_KEY_LENGTH],
        "phone_key": _phone_key(details.phone),
        "search_text": names.search_text(
            details.name, details.name_kana, domain, corporate_number, details.phone
        ),
    }


def person_columns(details: PersonDetails) -> dict[str, object]:
    """This will return the columns of a person row, derived keys included.

    Raises:
        InvalidContact: the e-mail address or phone cannot be one.
    """
    reading = f"{details.family_kana}{details.given_kana}"
    return {
        **_stated(details),
        "email_key": contacts.normalise_email(details.email) if details.email else "",
        "phone_key": _phone_key(details.phone),
        "sort_key": names.kana_key(reading or f"{details.family_name}{details.given_name}")[
            :SORT_KEY_LENGTH
        ],
        "search_text": names.search_text(
            f"{details.family_name}{details.given_name}", reading, details.email, details.phone
        ),
    }


def journey_search_columns(
    *, account: Account, person: Person | None, title: str
) -> dict[str, str]:
    """This will return what a journey is searched and sorted by: its company, person and title."""
    parts = [account.search_text, person.search_text if person else "", names.search_text(title)]
    return {"search_text": " ".join(p for p in parts if p), "sort_key": account.sort_key}


def write_summaries(*, journeys: Sequence[Journey]) -> None:
    """This will write the latest contact and the search text that were set on these journeys."""
    fields = ["last_activity_at", "search_text", "sort_key"]
    Journey.objects.bulk_update(journeys, fields, batch_size=500)


def refresh_journeys_of(
    *, now: datetime, account_ids: list[int] | None = None, person_ids: list[int] | None = None
) -> None:
    """This will rewrite the search text of the journeys of these companies or people."""
    journeys = Journey.objects.select_related("account", "person")
    touched = journeys.filter(account_id__in=account_ids or []) | journeys.filter(
        person_id__in=person_ids or []
    )
    changed = []
    for journey in touched:
        columns = journey_search_columns(
            account=journey.account, person=journey.person, title=journey.title
        )
        journey.search_text, journey.sort_key = columns["search_text"], columns["sort_key"]
        journey.updated_at = now
        changed.append(journey)
    Journey.objects.bulk_update(changed, ["search_text", "sort_key", "updated_at"], batch_size=500)


def _phone_key(phone: str) -> str:
    # Most numbers are plain Japanese ones; the library would take its time to say the same.
    digits = phone.replace("-", "")
    if _PLAIN_JAPANESE.fullmatch(digits):
        return f"+81{digits[1:]}"
    return contacts.parse_phone(phone).key if phone else ""


def _stated(details: AccountDetails | PersonDetails) -> dict[str, object]:
    return {f.name: getattr(details, f.name) for f in fields(details)} | {
        "attributes": dict(details.attributes)
    }


def _record_change(
    *,
    about: journal.About,
    before: AccountDetails | PersonDetails,
    after: AccountDetails | PersonDetails,
    act: Act,
) -> None:
    old, new = asdict(before), asdict(after)
    differences = {k: [old[k], new[k]] for k in new if old[k] != new[k]}
    if differences:
        journal.record(
            about=about,
            kind=EventKind.DETAILS_CHANGED,
            act=act,
            payload={"changes": differences},
        )
