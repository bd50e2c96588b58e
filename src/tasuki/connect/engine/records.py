"""Writing companies and people: found by key, then by certain identity, made otherwise.

What merely looks alike is left to the page of duplicates; a person decides there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from django.db.models import Q

from tasuki.connect.engine.context import Context, Ref, unknown_reference
from tasuki.connect.engine.drafts import Draft, Drafting
from tasuki.connect.mapping.types import Entity
from tasuki.connect.problems import RowRefused, Rule
from tasuki.core.contacts import InvalidContact, Problem
from tasuki.core.labels import Label
from tasuki.core.names import split_full_name
from tasuki.journeys.models import Account, Person
from tasuki.journeys.operations.bulk import one_of, reserve_ids
from tasuki.journeys.operations.changes import Change, change_of
from tasuki.journeys.operations.copy_line import looking_ahead
from tasuki.journeys.operations.histories import write_accounts, write_persons
from tasuki.journeys.operations.history_rows import account_row, person_row
from tasuki.journeys.operations.records import (
    AccountDetails,
    PersonDetails,
    account_columns,
    person_columns,
)

_ACCOUNT_FIELDS: Final = frozenset(f.name for f in fields(AccountDetails))
_PERSON_FIELDS: Final = frozenset(f.name for f in fields(PersonDetails))
_FIELD_OF_PROBLEM: Final = {
    Problem.NOT_AN_EMAIL: "email",
    Problem.NOT_A_PHONE: "phone",
    Problem.NOT_A_DOMAIN: "domain",
    Problem.CORPORATE_NUMBER_LENGTH: "corporate_number",
    Problem.CORPORATE_NUMBER_CHECK: "corporate_number",
}


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Drafts told apart: new, or about a stored record."""

    new: list[Draft]
    stored: list[tuple[Draft, int, Ref | None]]


def write_account_drafts(context: Context, drafting: Drafting, drafts: list[Draft]) -> None:
    """Write a chunk of companies."""
    stated = {draft.key: _account_stated(context, drafting, draft) for draft in drafts}
    usable = [draft for draft in drafts if stated[draft.key] is not None]
    with looking_ahead():
        known = context.refs(Entity.ACCOUNT, stated)
        ids = reserve_ids(model=Account, count=len(usable) - len(known))
    rows: dict[str, Account] = {}
    for draft in usable:
        if draft.key not in known:
            values = stated[draft.key] or {}
            row = _tolerant(context, drafting, draft, values, _account_builder(context, next(ids)))
            rows[draft.key] = row  # type: ignore[assignment]
    identical = _identical_accounts(rows)
    _write_new(context, Entity.ACCOUNT, usable, rows, identical)
    stored = _stored(usable, known, identical)
    loaded = Account.objects.in_bulk(_outdated(stored))
    changes: list[Change | None] = []
    for draft, pk, ref in stored:
        if ref is not None and ref.fingerprint == draft.fingerprint:
            context.tally.unchanged[Entity.ACCOUNT] += 1
            continue
        account, values = loaded[pk], stated[draft.key] or {}

        def columns(extra: Mapping[str, object], account: Account = account) -> dict[str, object]:
            details = replace(AccountDetails.of(account), **_merged(account, extra))
            return account_columns(details)

        wanted = _tolerant(context, drafting, draft, values, columns)
        change = change_of(entity="account", row=account, values=wanted, now=context.act.now)  # type: ignore[arg-type]
        if change and {"search_text", "sort_key"} & set(change.after):
            context.renamed_accounts.add(pk)
        changes += _changed(context, Entity.ACCOUNT, draft, change, ref)
    context.change(changes)
    _remember_found(context, Entity.ACCOUNT, stored)


def write_person_drafts(context: Context, drafting: Drafting, drafts: list[Draft]) -> None:
    """Write a chunk of people."""
    named = {text for draft in drafts if (text := draft.text("account"))}
    with looking_ahead():
        accounts = context.refs(Entity.ACCOUNT, named)
        known = context.refs(Entity.PERSON, [draft.key for draft in drafts])
        ids = reserve_ids(model=Person, count=len(drafts) - len(known))
    stated = {}
    for draft in drafts:
        try:
            stated[draft.key] = _person_stated(drafting, draft, accounts)
        except RowRefused as refused:
            drafting.refuse(draft, refused)
    usable = [draft for draft in drafts if draft.key in stated]
    rows: dict[str, Person] = {}
    for draft in usable:
        if draft.key not in known:
            build = _person_builder(context, next(ids))
            row = _tolerant(context, drafting, draft, stated[draft.key], build)
            rows[draft.key] = row  # type: ignore[assignment]
    identical = _identical_persons(rows)
    _write_new(context, Entity.PERSON, usable, rows, identical)
    stored = _stored(usable, known, identical)
    loaded = Person.objects.in_bulk(_outdated(stored))
    changes: list[Change | None] = []
    for draft, pk, ref in stored:
        if ref is not None and ref.fingerprint == draft.fingerprint:
            context.tally.unchanged[Entity.PERSON] += 1
            continue
        person = loaded[pk]

        def columns(extra: Mapping[str, object], person: Person = person) -> dict[str, object]:
            details = replace(PersonDetails.of(person), **_merged(person, extra))
            return person_columns(details)

        wanted = _tolerant(context, drafting, draft, stated[draft.key], columns)
        change = change_of(entity="person", row=person, values=wanted, now=context.act.now)  # type: ignore[arg-type]
        if change and {"search_text", "sort_key"} & set(change.after):
            context.renamed_persons.add(pk)
        changes += _changed(context, Entity.PERSON, draft, change, ref)
    context.change(changes)
    _remember_found(context, Entity.PERSON, stored)


def _account_stated(context: Context, drafting: Drafting, draft: Draft) -> dict[str, object] | None:
    values = _split_attributes(draft, _ACCOUNT_FIELDS)
    try:
        owner = draft.text("owner")
        if owner:
            column = drafting.column_of("owner")
            values["owner_id"] = context.demand(Entity.USER, owner, column)
    except RowRefused as refused:
        drafting.refuse(draft, refused)
        return None
    return values


def _person_stated(
    drafting: Drafting, draft: Draft, accounts: Mapping[str, Ref]
) -> dict[str, object]:
    values = _split_attributes(draft, _PERSON_FIELDS)
    if name := draft.text("full_name"):
        parts = split_full_name(name)
        values |= {"family_name": parts.family[:100], "given_name": parts.given[:100]}
    if kana := draft.text("full_kana"):
        parts = split_full_name(kana)
        values |= {"family_kana": parts.family[:100], "given_kana": parts.given[:100]}
    if account := draft.text("account"):
        if account not in accounts:
            raise unknown_reference(Entity.ACCOUNT, account, drafting.column_of("account"))
        values["account_id"] = accounts[account].object_id
    if not any(values.get(name) for name in ("family_name", "given_name", "email")):
        message = Label(
            "氏名かメールアドレスが要ります。", "A name or an e-mail address is needed."
        )
        raise RowRefused(Rule.MISSING_VALUE, message)
    return values


def _split_attributes(draft: Draft, known: frozenset[str]) -> dict[str, object]:
    values = {name: value for name, value in draft.values.items() if name in known}
    own = {
        name.removeprefix("attributes."): value
        for name, value in draft.values.items()
        if name.startswith("attributes.")
    }
    return values | ({"attributes": own} if own else {})


def _merged(record: Account | Person, stated: Mapping[str, object]) -> dict[str, Any]:
    """What a newer row states, on top of what is stored; own attributes are kept beside it."""
    own = stated.get("attributes")
    if not isinstance(own, dict):
        return dict(stated)
    return {**stated, "attributes": {**record.attributes, **own}}


def _tolerant(
    context: Context,
    drafting: Drafting,
    draft: Draft,
    values: Mapping[str, object],
    build: Callable[[Mapping[str, object]], object],
) -> object:
    """Build; a contact detail that cannot be one is told, kept aside as given and left empty."""
    usable = dict(values)
    while True:
        try:
            return build(usable)
        except InvalidContact as error:
            name = _FIELD_OF_PROBLEM[error.problem]
            if name not in usable:
                raise
            given = str(usable.pop(name))
            kept = usable.get("attributes")
            own = kept if isinstance(kept, dict) else {}
            usable["attributes"] = {**own, f"{name}_as_given": given}
            label = error.problem.label
            message = Label(
                f"{label.ja}: 「{given}」。空のままにし、元の値は属性に残します。",
                f'{label.en}: "{given}". Left empty; the text is kept among the attributes.',
            )
            context.warn(drafting, draft.row, Rule.INVALID_CONTACT, message, name)


def _account_builder(
    context: Context, account_id: int
) -> Callable[[Mapping[str, object]], Account]:
    return lambda values: account_row(
        account_id=account_id,
        details=AccountDetails(**values),  # type: ignore[arg-type]
        stamp=context.stamp,
    )


def _person_builder(context: Context, person_id: int) -> Callable[[Mapping[str, object]], Person]:
    return lambda values: person_row(
        person_id=person_id,
        details=PersonDetails(**values),  # type: ignore[arg-type]
        stamp=context.stamp,
    )


def _identical_accounts(rows: Mapping[str, Account]) -> dict[str, int]:
    """Keys of new rows that certainly are a stored company: by corporate number, or by domain
    together with the name."""
    numbers = {row.corporate_number for row in rows.values() if row.corporate_number}
    domains = {row.domain for row in rows.values() if row.domain}
    if not numbers and not domains:
        return {}
    live = Account.objects.filter(merged_into__isnull=True).order_by("-pk")
    by_number = dict(
        live.filter(one_of("corporate_number", numbers), ~Q(corporate_number="")).values_list(
            "corporate_number", "pk"
        )
    )
    by_name = {
        (domain, key): pk
        for domain, key, pk in live.filter(one_of("domain", domains), ~Q(domain="")).values_list(
            "domain", "company_key", "pk"
        )
    }
    found: dict[str, int] = {}
    for key, row in rows.items():
        pk = by_number.get(row.corporate_number) if row.corporate_number else None
        if pk is None and row.domain and row.company_key:
            pk = by_name.get((row.domain, row.company_key))
        if pk is not None:
            found[key] = pk
            continue
        by_number.setdefault(row.corporate_number, row.pk)
        by_name.setdefault((row.domain, row.company_key), row.pk)
    return found


def _identical_persons(rows: Mapping[str, Person]) -> dict[str, int]:
    """Keys of new rows that certainly are a stored person: by e-mail address."""
    addresses = {row.email_key for row in rows.values() if row.email_key}
    if not addresses:
        return {}
    live = Person.objects.filter(
        one_of("email_key", addresses), ~Q(email_key=""), merged_into__isnull=True
    )
    known = dict(live.order_by("-pk").values_list("email_key", "pk"))
    found: dict[str, int] = {}
    for key, row in rows.items():
        if row.email_key and row.email_key in known:
            found[key] = known[row.email_key]
        elif row.email_key:
            known[row.email_key] = row.pk
    return found


def _write_new(
    context: Context,
    entity: Entity,
    drafts: list[Draft],
    rows: Mapping[str, Account] | Mapping[str, Person],
    identical: Mapping[str, int],
) -> None:
    new = [draft for draft in drafts if draft.key in rows and draft.key not in identical]
    made = [rows[draft.key] for draft in new]
    if entity is Entity.ACCOUNT:
        write_accounts(accounts=made)  # type: ignore[arg-type]
    else:
        write_persons(persons=made)  # type: ignore[arg-type]
    context.remember(entity, [(d.key, rows[d.key].pk, d.fingerprint) for d in new])
    context.tally.created[entity] += len(new)


def _stored(
    drafts: list[Draft], known: Mapping[str, Ref], identical: Mapping[str, int]
) -> list[tuple[Draft, int, Ref | None]]:
    return [
        (draft, ref.object_id if ref else identical[draft.key], ref)
        for draft in drafts
        if (ref := known.get(draft.key)) is not None or draft.key in identical
    ]


def _outdated(stored: list[tuple[Draft, int, Ref | None]]) -> list[int]:
    """The stored records of which a row says something else than the last one did."""
    return [pk for draft, pk, ref in stored if ref is None or ref.fingerprint != draft.fingerprint]


def _changed(
    context: Context, entity: Entity, draft: Draft, change: Change | None, ref: Ref | None
) -> list[Change | None]:
    (context.tally.updated if change else context.tally.unchanged)[entity] += 1
    return [change, context.refreshed(ref, draft.fingerprint) if ref else None]


def _remember_found(
    context: Context, entity: Entity, stored: list[tuple[Draft, int, Ref | None]]
) -> None:
    context.remember(
        entity, [(draft.key, pk, draft.fingerprint) for draft, pk, ref in stored if ref is None]
    )
