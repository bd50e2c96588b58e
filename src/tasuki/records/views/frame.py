"""What all lists share: order and place from the address, chips, views and columns for the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.journeys.actor import Act, Actor
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.listing import Viewer
from tasuki.journeys.queries.paging import (
    Cursor,
    Order,
    Slice,
    SortColumn,
    cursor_at,
    read_cursor,
    write_cursor,
)
from tasuki.people.access import access_of, user_of
from tasuki.people.models import User
from tasuki.records.columns import COLUMNS, USUAL_VIEWS, Column
from tasuki.records.models import ListCode, SavedView
from tasuki.records.queries.preferences import columns_of, views_of

PAGE_SIZE: Final = 50
PAGING: Final = frozenset({"after", "at", "count", "problem"})


@dataclass(frozen=True, slots=True)
class Place:
    """Order and place in a list, as the address says; `is_broken`: the place could not be read."""

    order: Order
    sort: str
    cursor: Cursor | None
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force and the address without it."""

    label: Any
    value: Any
    remove: str


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A view to switch to; `own` is the id by which its owner can delete it."""

    label: Any
    href: str
    is_current: bool
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column with the address that sorts by it."""

    column: Column
    label: str
    edit_label: str
    href: str | None


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who looks, when, and by which process."""
    return Viewer(
        access=access_of(user_of(request)),
        now=timezone.now(),
        zone=BUSINESS_ZONE,
        blueprint=current_blueprint().blueprint,
    )


def act_of(request: HttpRequest, *, key: str | None = None) -> Act:
    """Return the signed-in person acting now; `key` makes a retry do nothing twice."""
    user = user_of(request)
    actor = Actor(user_id=user.pk, kind="user", label=user.full_name)
    return Act(actor=actor, now=timezone.now(), request_key=key)


def place_of(request: HttpRequest, *, sorts: Mapping[str, SortColumn], usual: str) -> Place:
    """Return the order and place that the address asks for; what is unknown is the usual."""
    asked = request.GET.get("sort", "") or usual
    name = asked.removeprefix("-")
    if name not in sorts:
        asked, name = usual, usual.removeprefix("-")
    order = Order(sorts[name], asked.startswith("-"))
    after, at = request.GET.get("after", ""), request.GET.get("at", "")
    cursor = None
    if after:
        cursor = read_cursor(text=after, column=order.column)
    elif at:
        cursor = cursor_at(text=at, order=order)
    return Place(order, asked, cursor, is_broken=bool(after or at) and cursor is None)


def pager_of(request: HttpRequest, found: Slice) -> dict[str, str | None]:
    """Return the addresses of the pages before and after."""
    path = request.path
    kept = [pair for pair in pairs_of(request) if pair[0] not in PAGING]
    return {
        name: f"{path}?{urlencode([*kept, ('after', write_cursor(cursor))])}" if cursor else None
        for name, cursor in (("before", found.before), ("after", found.after))
    }


def heads_of(
    request: HttpRequest, *, columns: Sequence[Column], sort: str, sorts: Mapping[str, SortColumn]
) -> list[Head]:
    """Return the heads of columns; pressing the sorted one again turns the order around."""
    return [
        Head(
            column,
            str(column.label),
            _("Edit: %(column)s") % {"column": column.label},
            sort_address(request, column.sort, sort, sorts),
        )
        for column in columns
    ]


def sort_address(
    request: HttpRequest, key: str | None, sort: str, sorts: Mapping[str, SortColumn]
) -> str | None:
    """Return the address that sorts by a column."""
    if key is None:
        return None
    first = f"-{key}" if sorts[key].descending_first else key
    other = key if first.startswith("-") else f"-{key}"
    return address(request, sort=other if sort == first else first)


def address(request: HttpRequest, *, drop: Sequence[str] = (), **changed: str) -> str:
    """Return this address with some parameters changed, back on the first page."""
    left_out = {*PAGING, *changed, *drop}
    kept = [pair for pair in pairs_of(request) if pair[0] not in left_out]
    query = urlencode([*kept, *changed.items()])
    return f"{request.path}?{query}" if query else request.path


def pairs_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the parameters of the address in their order."""
    return [
        (name, value.replace("\x00", ""))
        for name, values in request.GET.lists()
        for value in values
        if value
    ]


def tabs_of(request: HttpRequest, *, user: User, list_code: ListCode) -> list[ViewTab]:
    """Return the views to switch between: everybody's, then the saved ones."""
    here = _essence(request.GET.urlencode())
    tabs = [
        ViewTab(view.label, _address_of(request, view.query), _essence(view.query) == here)
        for view in USUAL_VIEWS[list_code]
    ]
    return tabs + [
        _saved_tab(request, view, user, here) for view in views_of(user=user, list_code=list_code)
    ]


def shown_columns(*, user: User, list_code: ListCode) -> tuple[Column, ...]:
    """Return the columns that the person chose, or the usual ones."""
    every = COLUMNS[list_code]
    known = [column.key for column in every]
    chosen = columns_of(user=user, list_code=list_code, known=known)
    if not chosen:
        return tuple(column for column in every if column.usual)
    return tuple(column for column in every if column.key in chosen)


def _saved_tab(request: HttpRequest, view: SavedView, user: User, here: frozenset[Any]) -> ViewTab:
    return ViewTab(
        view.name,
        _address_of(request, view.query),
        _essence(view.query) == here,
        view.pk if view.user_id == user.pk else None,
    )


def _address_of(request: HttpRequest, query: str) -> str:
    return f"{request.path}?{query}" if query else request.path


def _essence(query: str) -> frozenset[tuple[str, str]]:
    return frozenset(pair for pair in parse_qsl(query) if pair[0] not in PAGING)
