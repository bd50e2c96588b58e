"""The queue: what waits for me, what I gave, what was decided lately."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tasuki.core.access import Access
from tasuki.core.handoffs import PacketState
from tasuki.handoffs.queries.words import (
    PacketRow,
    Reading,
    channel_names,
    contract_options,
    names_of,
    row_in_words,
)
from tasuki.handoffs.views.frame import may_give, now_of
from tasuki.journeys.models import Handoff
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.handoffs.queue import (
    ANYBODY,
    PacketFilter,
    Shelf,
    count_waiting,
    may_take,
    packets_of,
    row_of,
)
from tasuki.people.access import access_of, user_of
from tasuki.ui.render import page

TEMPLATE = "handoffs/queue.html"


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show one shelf of packets."""
    access = access_of(user_of(request))
    chosen = read_filter(request.GET)
    now = now_of()
    found = packets_of(chosen=chosen, access=access, now=now)
    reading = Reading(now, channel_names())
    context = {
        "chosen": chosen,
        "rows": [_row(handoff, access, reading) for handoff in found.rows],
        "waiting": count_waiting(access=access),
        "contracts": contract_options(current_blueprint().blueprint),
        "states": _states(chosen.shelf),
        "people": names_of(found.rows),
        "address": _Address(request.path, chosen),
        "has_more": found.has_more,
        "anybody": ANYBODY,
    }
    return page(request, TEMPLATE, context, fragment="list")


def row_page(request: HttpRequest, handoff_id: int, *, status: int = 200) -> HttpResponse:
    """Answer with one row as it is now."""
    reading = Reading(now_of(), channel_names())
    row = _row(row_of(handoff_id=handoff_id), access_of(user_of(request)), reading)
    return page(request, TEMPLATE, {"row": row}, fragment="one_row", status=status)


def read_filter(asked: Mapping[str, str]) -> PacketFilter:
    """Return the filter that an address describes; what it does not know is left out."""
    shelf = asked.get("shelf", "")
    state = asked.get("state", "")
    page_number = asked.get("page", "")
    person = asked.get("person", "")
    is_person = person == ANYBODY or (person.isdigit() and len(person) < 10)
    return PacketFilter(
        shelf=Shelf(shelf) if shelf in set(Shelf) else Shelf.WAITING,
        contract=asked.get("contract", "")[:32],
        state=state if state in set(PacketState) else "",
        person=person if is_person else "",
        overdue=asked.get("overdue") == "1",
        page=int(page_number) if page_number.isdigit() and len(page_number) < 5 else 1,
    )


class _Address:
    """Addresses of the same list, filtered otherwise."""

    def __init__(self, path: str, chosen: PacketFilter) -> None:
        self._path = path
        self._now = {
            "shelf": chosen.shelf.value,
            "contract": chosen.contract,
            "state": chosen.state,
            "person": chosen.person,
            "overdue": "1" if chosen.overdue else "",
        }

    def __call__(self, **changed: object) -> str:
        asked = {name: value for name, value in (self._now | changed).items() if value}
        return f"{self._path}?{urlencode(asked)}"


def _row(handoff: Handoff, access: Access, reading: Reading) -> PacketRow:
    return row_in_words(
        handoff=handoff,
        reading=reading,
        may_decide=may_take(handoff=handoff, access=access),
        may_offer=may_give(journey=handoff.journey, access=access),
    )


def _states(shelf: Shelf) -> list[PacketState]:
    if shelf is Shelf.WAITING:
        return []
    if shelf is Shelf.GIVEN:
        return [PacketState.OFFERED, PacketState.RETURNED, PacketState.EXPIRED]
    return [each for each in PacketState if each is not PacketState.OFFERED]
