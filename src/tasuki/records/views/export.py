"""Lists as CSV: streamed, safe in a spreadsheet, personal data only where the role sees it."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tasuki.core.access import Access, Capability
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.csvsafe import safe_cell
from tasuki.core.labels import Label
from tasuki.core.money import exponent_of
from tasuki.journeys.models import Journey
from tasuki.journeys.queries.filters import read_filter
from tasuki.journeys.queries.listing import JourneyRow, Viewer, journey_rows, matching_journeys
from tasuki.journeys.queries.parties import (
    account_rows,
    filtered_accounts,
    filtered_persons,
    party_search,
    person_rows,
)
from tasuki.journeys.queries.visibility import reachable
from tasuki.people.access import requires, user_of
from tasuki.people.operations import record_export
from tasuki.records.columns import COLUMNS
from tasuki.records.models import ListCode
from tasuki.records.queries import labels
from tasuki.records.views.bulk import chosen_journeys
from tasuki.records.views.frame import viewer_of
from tasuki.records.views.lists import party_filter
from tasuki.ui.formats import mask_email, mask_phone

CHUNK: Final = 500
ENCODINGS: Final = {"utf-8": "utf-8-sig", "cp932": "cp932"}
Row = list[object]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.EXPORT)
def export_journeys(request: HttpRequest) -> StreamingHttpResponse:
    """Answer with the journeys of the list, or those ticked in it, as CSV."""
    viewer = viewer_of(request)
    if request.method == "POST" and request.POST.get("everything") != "1":
        keys = [journey.pk for journey in chosen_journeys(request, viewer)]
        rows = Journey.objects.filter(pk__in=keys)
    else:
        parameters = request.GET
        if request.method == "POST":
            parameters = type(request.GET)(request.POST.get("query", ""))
        chosen = read_filter(parameters=parameters, blueprint=viewer.blueprint)
        rows = matching_journeys(chosen=chosen, viewer=viewer)
    rows = rows.filter(_exportable(viewer.access))
    head = ["ID", _("Company"), _("Family name"), _("Given name"), _("Title"), _("Kind")]
    head += [_("Stage"), _("Department"), _("State"), _("Cycle"), _("Owner"), _("Next action")]
    head += [_("Due on"), _("Amount"), _("Currency"), _("Expected close"), _("Temperature")]
    head += [_("Fit"), _("Channel"), _("Segment"), _("In this stage since"), _("Opened")]

    def lines(keys: list[int]) -> Iterator[Row]:
        return (_journey(row, viewer) for row in journey_rows(ids=keys, access=viewer.access))

    return _answer(request, "journeys", head, rows, lines)


@require_safe
@requires(Capability.EXPORT)
def export_accounts(request: HttpRequest) -> StreamingHttpResponse:
    """Answer with the companies of the list as CSV."""
    viewer = viewer_of(request)
    chosen = party_filter(request)
    search = party_search(text=chosen.q, access=viewer.access)
    rows = filtered_accounts(chosen=chosen, access=viewer.access)
    rows = rows.filter(_of_exportable("account_id", viewer.access))
    rows = rows.filter(search.text) if search.words else rows
    head = ["ID", _("Company"), _("Reading"), *(str(c.label) for c in COLUMNS[ListCode.ACCOUNTS])]

    def lines(keys: list[int]) -> Iterator[Row]:
        for row in account_rows(ids=keys):
            segment = labels.in_words(labels.segment_label(row.segment))
            yield [
                *(row.id, row.name, row.name_kana, row.industry, segment, row.employees),
                *(row.prefecture, row.owner_name, row.open_journeys, row.domain),
                _day(row.updated_at),
            ]

    return _answer(request, "accounts", head, rows, lines)


@require_safe
@requires(Capability.EXPORT)
def export_persons(request: HttpRequest) -> StreamingHttpResponse:
    """Answer with the people of the list as CSV; masked where the role may not see them."""
    viewer = viewer_of(request)
    chosen = party_filter(request)
    search = party_search(text=chosen.q, access=viewer.access)
    rows = filtered_persons(chosen=chosen, access=viewer.access)
    rows = rows.filter(_of_exportable("person_id", viewer.access))
    rows = rows.filter(search.text) if search.words else rows
    sees = search.with_personal_data
    head = ["ID", _("Family name"), _("Given name"), _("Reading")]
    head += [str(column.label) for column in COLUMNS[ListCode.PERSONS]]

    def lines(keys: list[int]) -> Iterator[Row]:
        for row in person_rows(ids=keys):
            email = row.email if sees or not row.email else mask_email(row.email)
            phone = row.phone if sees or not row.phone else mask_phone(row.phone)
            yield [
                *(row.id, row.family_name, row.given_name if sees else ""),
                *(row.kana if sees else "", row.account_name, row.title, row.department),
                *(email, phone, _day(row.updated_at)),
            ]

    return _answer(request, "persons", head, rows, lines)


def _exportable(access: Access) -> Q:
    return reachable(reach=access.reach(Capability.EXPORT), user_id=access.user_id)


def _of_exportable(column: str, access: Access) -> Q:
    """A right that does not reach everything takes only records of journeys that it reaches."""
    if access.reach(Capability.EXPORT).everything:
        return Q()
    journeys = Journey.objects.filter(_exportable(access), **{column: OuterRef("pk")})
    return Q(Exists(journeys))


def _answer(
    request: HttpRequest,
    name: str,
    head: list[str],
    rows: QuerySet[Any],
    lines: Callable[[list[int]], Iterable[Row]],
) -> StreamingHttpResponse:
    if request.method != "HEAD":
        count = rows.count()
        record_export(
            user=user_of(request), at=timezone.now(), address=_address(request), rows=count
        )
    asked = request.GET.get("encoding", "")
    code = asked if asked in ENCODINGS else "utf-8"
    charset = "shift_jis" if code == "cp932" else "utf-8"
    return StreamingHttpResponse(
        _stream(head, rows, lines, ENCODINGS[code], get_language() or "ja"),
        content_type=f"text/csv; charset={charset}",
        headers={"Content-Disposition": f'attachment; filename="tasuki-{name}.csv"'},
    )


def _address(request: HttpRequest) -> str:
    """The list that is taken along, by its filters or the rows ticked in it."""
    if request.method != "POST":
        return request.get_full_path()
    if request.POST.get("everything") == "1":
        return f"{request.path}?{request.POST.get('query', '')}"
    return f"{request.path}?ids={','.join(request.POST.getlist('ids'))}"


def _stream(
    head: list[str],
    rows: QuerySet[Any],
    lines: Callable[[list[int]], Iterable[Row]],
    encoding: str,
    language: str,
) -> Iterator[bytes]:
    """Yield the file piece by piece; the language of the request has ended by then."""
    writer = csv.writer(_Echo())
    yield writer.writerow(map(safe_cell, head)).encode(encoding, "replace")
    rest = encoding.removesuffix("-sig")
    keys = iter(rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK))
    while part := list(islice(keys, CHUNK)):
        with override(language):
            text = "".join(str(writer.writerow(map(safe_cell, row))) for row in lines(part))
        yield text.encode(rest, "replace")


class _Echo:
    def write(self, text: str) -> str:
        return text


def _journey(row: JourneyRow, viewer: Viewer) -> Row:
    blueprint = viewer.blueprint
    stage = blueprint.place(row.stage).label if blueprint.has_place(row.stage) else row.stage
    state = "open" if row.is_open else "closed" if row.is_completed else "side"
    channel = Label(row.channel_ja, row.channel_en)
    amount = row.amount
    major = amount.minor / 10 ** exponent_of(amount.currency) if amount else None
    whole = int(major) if major is not None and major == int(major) else major
    return [
        *(row.id, row.account_name, row.family_name),
        row.given_name if row.sees_personal_data else "",
        row.title,
        *(labels.in_words(labels.VALUE_LABELS["kind"][row.kind]), labels.in_words(stage)),
        labels.in_words(row.department.label),
        labels.in_words(labels.VALUE_LABELS["state"][state]),
        row.cycle,
        *(row.owner_name, row.next_action, row.next_action_date, whole),
        *(amount.currency if amount else "", row.expected_close_date),
        labels.in_words(labels.VALUE_LABELS["temperature"].get(row.temperature, "")),
        *(row.fit, labels.in_words(channel), labels.in_words(labels.segment_label(row.segment))),
        *(_day(row.entered_at), _day(row.opened_at)),
    ]


def _day(moment: datetime) -> date:
    return moment.astimezone(BUSINESS_ZONE).date()
