"""Reading a person's views and columns of a list."""

from collections.abc import Sequence

from django.db.models import Q

from tasuki.people.models import User
from tasuki.records.models import ListCode, ListColumns, SavedView, Sharing


def views_of(*, user: User, list_code: ListCode) -> list[SavedView]:
    """Return the views that the person saved, and those shared with them."""
    theirs = Q(user=user) | Q(sharing=Sharing.ALL)
    if user.team_id is not None:
        theirs |= Q(sharing=Sharing.TEAM, team_id=user.team_id)
    return list(SavedView.objects.filter(theirs, list_code=list_code)[:50])


def columns_of(*, user: User, list_code: ListCode, known: Sequence[str]) -> tuple[str, ...] | None:
    """Return the columns that the person chose, None when they have not chosen."""
    row = ListColumns.objects.filter(user=user, list_code=list_code).values_list("columns").first()
    if row is None:
        return None
    return tuple(key for key in row[0] if key in known)
