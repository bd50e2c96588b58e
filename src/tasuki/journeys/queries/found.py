"""One search over companies, people and journeys, ranked as people look for things.

A name that begins with the query comes before one that holds it further in; open journeys come
before closed ones; what was touched last comes first. Only a bounded number of candidates is
ranked, so that one frequent character costs no more than a rare word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tasuki.core.access import Access, Capability
from tasuki.core.names import kana_key, search_text
from tasuki.journeys.queries.journey_page import visible_accounts, visible_persons
from tasuki.journeys.queries.listing import JOURNEY_SORTS, JourneyRow, journey_rows
from tasuki.journeys.queries.paging import Order, Search, SortColumn, ValueKind, slice_of
from tasuki.journeys.queries.parties import (
    AccountRow,
    PersonRow,
    account_rows,
    party_search,
    person_rows,
)
from tasuki.journeys.queries.visibility import visible_journeys

CANDIDATES: Final = 60
_RECENT: Final = Order(SortColumn("updated_at", ValueKind.MOMENT), descending=True)
_ENTERED: Final = Order(JOURNEY_SORTS["entered_at"], descending=True)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found, each kind ranked."""

    words: tuple[str, ...] = ()
    accounts: tuple[AccountRow, ...] = ()
    persons: tuple[PersonRow, ...] = ()
    journeys: tuple[JourneyRow, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.accounts or self.persons or self.journeys)


def find_everywhere(*, text: str, access: Access, limit: int) -> Found:
    """This will return the best `limit` companies, people and journeys for a query."""
    search = party_search(text=text, access=access)
    if not search.words or not access.allows(Capability.SEE_JOURNEYS):
        return Found()
    return Found(
        words=search.words,
        accounts=_accounts(search, access, limit),
        persons=_persons(search, access, limit),
        journeys=_journeys(search, access, limit),
    )


def _accounts(search: Search, access: Access, limit: int) -> tuple[AccountRow, ...]:
    rows = visible_accounts(access=access).filter(merged_into__isnull=True)
    page = slice_of(rows=rows, order=_RECENT, cursor=None, size=CANDIDATES, search=search)
    # A frequent word has more candidates than are ranked; those that begin with it come in anyway.
    beginning = kana_key(search.words[0])
    first = rows.filter(search.text, sort_key__startswith=beginning) if beginning else rows.none()
    keys = first.order_by("sort_key", "id").values_list("pk", flat=True)[:CANDIDATES]
    ranked = sorted(
        account_rows(ids=list(dict.fromkeys([*page.ids, *keys]))),
        key=lambda row: (_place(search.words, row.name, row.name_kana), -min(row.open_journeys, 1)),
    )
    return tuple(ranked[:limit])


def _persons(search: Search, access: Access, limit: int) -> tuple[PersonRow, ...]:
    rows = visible_persons(access=access).filter(merged_into__isnull=True)
    page = slice_of(rows=rows, order=_RECENT, cursor=None, size=CANDIDATES, search=search)
    ranked = sorted(
        person_rows(ids=page.ids),
        key=lambda row: _place(search.words, f"{row.family_name}{row.given_name}", row.kana),
    )
    return tuple(ranked[:limit])


def _journeys(search: Search, access: Access, limit: int) -> tuple[JourneyRow, ...]:
    rows = visible_journeys(access=access)
    page = slice_of(rows=rows, order=_ENTERED, cursor=None, size=CANDIDATES, search=search)
    ranked = sorted(
        journey_rows(ids=page.ids, access=access),
        key=lambda row: (not row.is_open, _place(search.words, row.account_name, row.title)),
    )
    return tuple(ranked[:limit])


def _place(words: Sequence[str], *names: str) -> int:
    """0: a name begins with the first word; 1: holds it; 2: it stands elsewhere in the record."""
    forms = [search_text(name) for name in names]
    plain = [_without_form(form) for form in forms]
    if any(form.startswith(words[0]) for form in (*forms, *plain)):
        return 0
    return 1 if any(words[0] in form for form in forms) else 2


def _without_form(name: str) -> str:
    for form in ("株式会社", "合同会社", "有限会社", "(株)", "(有)"):
        name = name.removeprefix(form)
    return name
