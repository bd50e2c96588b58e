"""The columns of the lists as data: what they are called, sorted by, and shown at first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.records.models import ListCode


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list; `sort` is the key that sorts by it."""

    key: str
    label: str | Promise
    sort: str | None = None
    numeric: bool = False
    usual: bool = True


JOURNEY_COLUMNS: Final = (
    Column("stage", _("Stage")),
    Column("owner", _("Owner")),
    Column("next_action", _("Next action"), sort="next_action_date"),
    Column("amount", _("Amount"), sort="amount", numeric=True),
    Column("temperature", _("Temperature")),
    Column("entered_at", _("In this stage since"), sort="entered_at"),
    Column("last_activity_at", _("Last contact"), sort="last_activity_at"),
    Column("expected_close_date", _("Expected close"), usual=False),
    Column("channel", _("Channel"), usual=False),
    Column("segment", _("Segment"), usual=False),
    Column("fit", _("Fit"), usual=False),
    Column("kind", _("Kind"), usual=False),
    Column("motion", _("Motion"), usual=False),
    Column("cycle", _("Cycle"), numeric=True, usual=False),
    Column("opened_at", _("Opened"), sort="opened_at", usual=False),
)
ACCOUNT_COLUMNS: Final = (
    Column("industry", _("Industry")),
    Column("segment", _("Segment")),
    Column("employees", _("Employees"), numeric=True),
    Column("prefecture", _("Prefecture")),
    Column("owner", _("Owner")),
    Column("open_journeys", _("Open journeys"), numeric=True),
    Column("domain", _("Domain"), usual=False),
    Column("updated_at", _("Updated"), sort="updated_at"),
)
PERSON_COLUMNS: Final = (
    Column("account", _("Account")),
    Column("title", _("Job title")),
    Column("department", _("Their department")),
    Column("email", _("E-mail")),
    Column("phone", _("Phone")),
    Column("updated_at", _("Updated"), sort="updated_at", usual=False),
)
COLUMNS: Final[Mapping[ListCode, tuple[Column, ...]]] = {
    ListCode.JOURNEYS: JOURNEY_COLUMNS,
    ListCode.ACCOUNTS: ACCOUNT_COLUMNS,
    ListCode.PERSONS: PERSON_COLUMNS,
}


@dataclass(frozen=True, slots=True)
class UsualView:
    """A view that everybody has."""

    code: str
    label: str | Promise
    query: str


USUAL_VIEWS: Final[Mapping[ListCode, tuple[UsualView, ...]]] = {
    ListCode.JOURNEYS: (
        UsualView("all", _("All"), ""),
        UsualView("mine", _("Mine"), "owner=me&state=open&sort=next_action_date"),
        UsualView("overdue", _("Overdue"), "next_action=overdue&sort=next_action_date"),
        UsualView("week", _("Due this week"), "next_action=week&sort=next_action_date"),
        UsualView("stalled", _("Stalled"), "stalled=yes&sort=entered_at"),
        UsualView("unowned", _("Nobody's yet"), "owner=none&state=open&sort=entered_at"),
    ),
    ListCode.ACCOUNTS: (
        UsualView("all", _("All"), ""),
        UsualView("mine", _("Mine"), "owner=me"),
        UsualView("named", _("Target accounts"), "named=1"),
    ),
    ListCode.PERSONS: (UsualView("all", _("All"), ""),),
}
