"""The lists of journeys, companies and people."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tasuki.core.access import Capability
from tasuki.core.departments import Department
from tasuki.journeys.queries.filters import JourneyFilter, read_filter
from tasuki.journeys.queries.listing import (
    JOURNEY_SORTS,
    Viewer,
    journey_count,
    journey_rows,
    journey_slice,
)
from tasuki.journeys.queries.paging import count_of, slice_of
from tasuki.journeys.queries.parties import (
    PARTY_SORTS,
    PartyFilter,
    account_rows,
    filtered_accounts,
    filtered_persons,
    party_search,
    person_rows,
)
from tasuki.people.access import requires, user_of
from tasuki.records.columns import COLUMNS
from tasuki.records.models import ListCode, Sharing
from tasuki.records.operations.preferences import choose_columns, delete_view, save_view
from tasuki.records.queries import labels
from tasuki.records.views.frame import (
    PAGE_SIZE,
    Chip,
    Place,
    address,
    heads_of,
    pager_of,
    pairs_of,
    place_of,
    shown_columns,
    sort_address,
    tabs_of,
    viewer_of,
)
from tasuki.ui.marks import department_mark
from tasuki.ui.render import page

USUAL_SORT = "-entered_at"


@require_safe
@requires(Capability.SEE_JOURNEYS)
def journeys(request: HttpRequest) -> HttpResponse:
    """List the journeys that the address asks for."""
    viewer = viewer_of(request)
    chosen = read_filter(parameters=request.GET, blueprint=viewer.blueprint)
    place = place_of(request, sorts=JOURNEY_SORTS, usual=USUAL_SORT)
    found = journey_slice(
        chosen=chosen, viewer=viewer, order=place.order, cursor=place.cursor, size=PAGE_SIZE
    )
    context = _shared(request, ListCode.JOURNEYS, place) | {
        "chosen": chosen,
        "today": viewer.today,
        "names": labels.names(viewer.blueprint),
        "marks": {each: department_mark(each) for each in Department},
        "rows": journey_rows(ids=found.ids, access=viewer.access),
        "count": journey_count(chosen=chosen, viewer=viewer, exact=_is_exact(request), page=found),
        "pager": pager_of(request, found),
        "chips": _chips(request, chosen, viewer),
        "problems": _problems(chosen, place),
        "may": _abilities(viewer),
    }
    return page(request, "records/journeys.html", context, fragment="list")


@require_safe
@requires(Capability.SEE_JOURNEYS)
def journey_filters(request: HttpRequest) -> HttpResponse:
    """Show every filter of the list of journeys, filled with what is in force."""
    viewer = viewer_of(request)
    chosen = read_filter(parameters=request.GET, blueprint=viewer.blueprint)
    context = {
        "chosen": chosen,
        "sort": request.GET.get("sort", ""),
        "stages": labels.stage_options(viewer.blueprint),
        "departments": labels.department_options(),
        "motions": labels.motion_options(viewer.blueprint),
        "channels": labels.channel_options(),
        "owners": labels.owner_options(),
        "teams": labels.team_options(),
        "segments": labels.SEGMENTS,
        "choices": labels.choices,
    }
    return page(request, "records/journey_filters.html", context, fragment="form")


@require_safe
@requires(Capability.SEE_JOURNEYS)
def accounts(request: HttpRequest) -> HttpResponse:
    """List the companies that the address asks for."""
    viewer = viewer_of(request)
    chosen = party_filter(request)
    place = place_of(request, sorts=PARTY_SORTS, usual="name")
    search = party_search(text=chosen.q, access=viewer.access)
    rows = filtered_accounts(chosen=chosen, access=viewer.access)
    found = slice_of(
        rows=rows, order=place.order, cursor=place.cursor, size=PAGE_SIZE, search=search
    )
    context = _shared(request, ListCode.ACCOUNTS, place) | {
        "chosen": chosen,
        "rows": account_rows(ids=found.ids),
        "count": count_of(rows=rows, search=search, exact=_is_exact(request), page=found),
        "pager": pager_of(request, found),
        "chips": _party_chips(request, chosen),
        "problems": _broken_place(place),
        "segments": labels.SEGMENTS,
        "names": labels.names(viewer.blueprint),
        "may": _abilities(viewer),
    }
    return page(request, "records/accounts.html", context, fragment="list")


@require_safe
@requires(Capability.SEE_JOURNEYS)
def persons(request: HttpRequest) -> HttpResponse:
    """List the people that the address asks for."""
    viewer = viewer_of(request)
    chosen = party_filter(request)
    place = place_of(request, sorts=PARTY_SORTS, usual="name")
    search = party_search(text=chosen.q, access=viewer.access)
    rows = filtered_persons(chosen=chosen, access=viewer.access)
    found = slice_of(
        rows=rows, order=place.order, cursor=place.cursor, size=PAGE_SIZE, search=search
    )
    context = _shared(request, ListCode.PERSONS, place) | {
        "chosen": chosen,
        "rows": person_rows(ids=found.ids),
        "count": count_of(rows=rows, search=search, exact=_is_exact(request), page=found),
        "pager": pager_of(request, found),
        "chips": _party_chips(request, chosen),
        "problems": _broken_place(place),
        "sees_personal_data": search.with_personal_data,
        "may": _abilities(viewer),
    }
    return page(request, "records/persons.html", context, fragment="list")


@require_POST
@requires(Capability.SEE_JOURNEYS)
def keep_view(request: HttpRequest, list_code: str) -> HttpResponse:
    """Save the conditions of a list under a name."""
    code, name = _list_code(list_code), request.POST.get("name", "").strip()[:60]
    back = _back(request, code)
    if name:
        sharing = request.POST.get("sharing", "")
        save_view(
            user=user_of(request),
            list_code=code,
            name=name.replace("\x00", ""),
            query=back.partition("?")[2][:2000],
            sharing=Sharing(sharing) if sharing in Sharing.values else Sharing.PRIVATE,
            now=timezone.now(),
        )
    return redirect(back)


@require_POST
@requires(Capability.SEE_JOURNEYS)
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Delete one's own saved view."""
    delete_view(user=user_of(request), view_id=view_id)
    return redirect(_back(request, ListCode.JOURNEYS))


@require_POST
@requires(Capability.SEE_JOURNEYS)
def keep_columns(request: HttpRequest, list_code: str) -> HttpResponse:
    """Keep which columns of a list the person wants to see."""
    code = _list_code(list_code)
    known = {column.key for column in COLUMNS[code]}
    chosen = [key for key in request.POST.getlist("columns") if key in known]
    choose_columns(user=user_of(request), list_code=code, columns=chosen)
    return redirect(_back(request, code))


def _shared(request: HttpRequest, list_code: ListCode, place: Place) -> dict[str, Any]:
    user = user_of(request)
    columns = shown_columns(user=user, list_code=list_code)
    sorts = JOURNEY_SORTS if list_code is ListCode.JOURNEYS else PARTY_SORTS
    return {
        "list_code": list_code.value,
        "user_has_team": user.team_id is not None,
        "here": request.get_full_path(),
        "sort": place.sort,
        "heads": heads_of(request, columns=columns, sort=place.sort, sorts=sorts),
        "name_address": sort_address(request, "name", place.sort, sorts),
        "columns": [(c.key, c.label, c in columns) for c in COLUMNS[list_code]],
        "tabs": tabs_of(request, user=user, list_code=list_code),
        "query": urlencode([p for p in pairs_of(request) if p[0] not in ("after", "at")]),
        "clear": request.path,
        "exact": address(request, count="exact"),
        "kept": [p for p in pairs_of(request) if p[0] not in ("q", "after", "at", "count")],
    }


def _abilities(viewer: Viewer) -> dict[str, bool]:
    rights = (
        Capability.WORK_JOURNEYS,
        Capability.REASSIGN,
        Capability.BULK_EDIT,
        Capability.EXPORT,
    )
    return {right.value: viewer.access.allows(right) for right in rights}


def _chips(request: HttpRequest, chosen: JourneyFilter, viewer: Viewer) -> list[Chip]:
    names = labels.values_of(chosen=chosen, blueprint=viewer.blueprint)
    sort = [("sort", request.GET["sort"])] if request.GET.get("sort") else []
    return [
        Chip(
            labels.FILTER_LABELS[name],
            names[name, value],
            f"{request.path}?{urlencode([*chosen.without(name, value).parameters(), *sort])}",
        )
        for name, value in chosen.parameters()
    ]


def _problems(chosen: JourneyFilter, place: Place) -> list[str]:
    told = [
        _("“%(value)s” is not a known value of “%(name)s” and was left out.")
        % {"value": each.value, "name": labels.FILTER_LABELS[each.name]}
        for each in chosen.problems
    ]
    return told + _broken_place(place)


def _broken_place(place: Place) -> list[str]:
    if not place.is_broken:
        return []
    return [_("The place in the list could not be read; this is the first page.")]


def party_filter(request: HttpRequest) -> PartyFilter:
    """Return what a list of companies or people is narrowed by."""
    owner, account = request.GET.get("owner", ""), request.GET.get("account", "")
    return PartyFilter(
        q=request.GET.get("q", "").replace("\x00", "").strip()[:100],
        segment=request.GET.get("segment", "").replace("\x00", "")[:32],
        owner_id=user_of(request).pk if owner == "me" else _key(owner),
        account_id=_key(account),
        named=request.GET.get("named") == "1",
    )


def _party_chips(request: HttpRequest, chosen: PartyFilter) -> list[Chip]:
    values: dict[str, Any] = {
        "q": chosen.q,
        "segment": chosen.segment and labels.segment_label(chosen.segment),
        "owner": chosen.owner_id and (_("Me") if request.GET["owner"] == "me" else chosen.owner_id),
        "account": chosen.account_id,
    }
    named = {"named": _("Target accounts")} if chosen.named else {}
    texts = {**labels.FILTER_LABELS, "named": _("Show")}
    return [
        Chip(texts[name], value, address(request, drop=[name]))
        for name, value in {**values, **named}.items()
        if value
    ]


def _is_exact(request: HttpRequest) -> bool:
    return request.GET.get("count") == "exact"


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _list_code(text: str) -> ListCode:
    return ListCode(text) if text in ListCode.values else ListCode.JOURNEYS


def _back(request: HttpRequest, list_code: ListCode) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if safe and target else reverse(f"records:{list_code.value}")
