"""Saving a person's views and columns of a list."""

from collections.abc import Sequence
from datetime import datetime

from tasuki.people.models import User
from tasuki.records.models import ListCode, ListColumns, SavedView, Sharing


def save_view(
    *, user: User, list_code: ListCode, name: str, query: str, sharing: Sharing, now: datetime
) -> SavedView:
    """Save a view under its name; the same name of the same person is replaced."""
    # Somebody without a team shares with nobody.
    if sharing is Sharing.TEAM and user.team_id is None:
        sharing = Sharing.PRIVATE
    view, _created = SavedView.objects.update_or_create(
        user=user,
        list_code=list_code,
        name=name,
        defaults={
            "query": query,
            "sharing": sharing,
            "team_id": user.team_id if sharing is Sharing.TEAM else None,
            "created_at": now,
        },
    )
    return view


def delete_view(*, user: User, view_id: int) -> bool:
    """Delete a person's own view; return whether there was one."""
    deleted, _by_model = SavedView.objects.filter(pk=view_id, user=user).delete()
    return deleted > 0


def choose_columns(*, user: User, list_code: ListCode, columns: Sequence[str]) -> None:
    """Keep the columns of a list; none goes back to the usual ones."""
    if not columns:
        ListColumns.objects.filter(user=user, list_code=list_code).delete()
        return
    ListColumns.objects.update_or_create(
        user=user, list_code=list_code, defaults={"columns": list(columns)}
    )
