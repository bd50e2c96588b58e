"""Deciding a packet: accept, give back, withdraw; then rate it and tick what was asked again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tasuki.core.access import Capability
from tasuki.core.departments import Department
from tasuki.core.handoffs import RATINGS, HandoffRefused, PacketState
from tasuki.core.lifecycle import TransitionRefused
from tasuki.handoffs.forms.returning import ReturnForm
from tasuki.handoffs.views.day import day_page
from tasuki.handoffs.views.frame import (
    act_of,
    go,
    may_give,
    packet_seen,
    packet_to_take,
    packet_url,
    with_word,
)
from tasuki.handoffs.views.packet import packet_page
from tasuki.handoffs.views.queue import row_page
from tasuki.journeys.models import Handoff
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.operations.handoffs import deciding, quality
from tasuki.journeys.operations.handoffs.ending import HandoffDecidedMeanwhile
from tasuki.journeys.operations.receipts import RequestRepeated
from tasuki.people.access import CapabilityDenied
from tasuki.people.managing import manages
from tasuki.ui.render import page, wants_fragment
from tasuki.ui.speaking import language


@require_POST
def accept(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """Take the sash."""
    packet_to_take(request, handoff_id)
    act = act_of(request, key=request.POST.get("request_key", ""))
    return _decided(
        request,
        handoff_id,
        lambda: deciding.accept_handoff(handoff_id=handoff_id, act=act),
        _("Accepted. The sash is yours: the first contact is your next step."),
    )


@require_POST
def withdraw(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """Take an offered packet back."""
    handoff, access = packet_seen(request, handoff_id)
    if not may_give(journey=handoff.journey, access=access):
        raise CapabilityDenied(Capability.WORK_JOURNEYS)
    act = act_of(request, key=request.POST.get("request_key", ""))
    note = request.POST.get("note", "")[:2_000]
    return _decided(
        request,
        handoff_id,
        lambda: deciding.withdraw_handoff(handoff_id=handoff_id, act=act, note=note),
        _("Withdrawn. You can offer it again at any time."),
    )


@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """Ask why a packet is given back, and give it back."""
    handoff, access = packet_to_take(request, handoff_id)
    contract = deciding.contract_of(handoff)
    data = request.POST if request.method == "POST" else None
    form = ReturnForm(data, contract=contract, round_number=handoff.round)
    if not form.is_valid():
        return _return_sheet(request, handoff, form, status=422 if form.is_bound else 200)
    if form.cleaned_data["round"] not in (None, handoff.round):
        return _refused(request, handoff_id, _("This hand-off was offered anew meanwhile."))
    step = form.step(
        by_manager=manages(access=access, department=Department(handoff.taker_department))
    )
    act = act_of(request, key=form.cleaned_data["request_key"])
    try:
        deciding.return_handoff(handoff_id=handoff_id, step=step, act=act)
    except HandoffRefused as refusal:
        if handoff.state != PacketState.OFFERED:
            return _refused(request, handoff_id, refusal.message.text(language()))
        form.refuse(refusal)
        return _return_sheet(request, handoff, form, status=422)
    except HandoffDecidedMeanwhile:
        return _refused(request, handoff_id, _("Somebody else was quicker."))
    except RequestRepeated:
        return _answer(request, handoff_id, _("This was saved before."))
    return _answer(request, handoff_id, _("Given back with the reason."))


@require_POST
def rate(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """Keep how useful the packet was."""
    packet_to_take(request, handoff_id)
    typed = request.POST.get("usefulness", "")
    usefulness = int(typed) if typed in {str(one) for one in RATINGS} else 0
    return _said_of_quality(
        request,
        handoff_id,
        lambda: quality.rate_handoff(
            handoff_id=handoff_id, usefulness=usefulness, act=act_of(request)
        ),
        _("Thank you. The giver sees it, and the weekly review counts it."),
    )


@require_POST
def asked_again(request: HttpRequest, handoff_id: int, item: str) -> HttpResponse:
    """Tick that the customer had to say something again, or take the tick back."""
    packet_to_take(request, handoff_id)
    change = quality.unmark_asked_again if request.POST.get("undo") else quality.mark_asked_again
    said = _("Taken back.") if request.POST.get("undo") else _("Noted as asked again.")
    return _said_of_quality(
        request,
        handoff_id,
        lambda: change(handoff_id=handoff_id, item=item, act=act_of(request)),
        said,
    )


def _decided(
    request: HttpRequest, handoff_id: int, decide: Callable[[], Handoff], said: str
) -> HttpResponse:
    try:
        decide()
    except (HandoffRefused, TransitionRefused) as refusal:
        return _refused(request, handoff_id, refusal.message.text(language()))
    except (HandoffDecidedMeanwhile, JourneyChangedMeanwhile):
        return _refused(request, handoff_id, _("Somebody else was quicker."))
    except RequestRepeated:
        return _answer(request, handoff_id, _("This was saved before."))
    return _answer(request, handoff_id, said)


def _said_of_quality(
    request: HttpRequest, handoff_id: int, change: Callable[[], object], said: str
) -> HttpResponse:
    try:
        change()
    except HandoffRefused as refusal:
        return _refused(request, handoff_id, refusal.message.text(language()))
    return _answer(request, handoff_id, said)


def _answer(
    request: HttpRequest, handoff_id: int, said: str, *, status: int = 200, level: str = "success"
) -> HttpResponse:
    """Answer with the packet as it is now: its row in a list, or its page."""
    if not wants_fragment(request):
        told = messages.SUCCESS if status == 200 else messages.WARNING
        return go(request, packet_url(handoff_id), text=said, level=told)
    if request.POST.get("as") == "row":
        response = row_page(request, handoff_id, status=status)
        response["HX-Retarget"] = f"#packet-{handoff_id}"
    elif request.POST.get("as") == "day":
        response = day_page(request, status=status)
        response["HX-Retarget"] = "#day"
    else:
        response = packet_page(request, handoff_id, status=status)
        response["HX-Retarget"] = "#packet"
    response["HX-Reswap"] = "outerHTML"
    return with_word(response, said, level=level)


def _refused(request: HttpRequest, handoff_id: int, text: str) -> HttpResponse:
    return _answer(request, handoff_id, text, status=409, level="warning")


def _return_sheet(
    request: HttpRequest, handoff: Handoff, form: ReturnForm, *, status: int
) -> HttpResponse:
    context = {
        "handoff": handoff,
        "contract": deciding.contract_of(handoff),
        "form": form,
        "as_row": (request.POST.get("as") or request.GET.get("as", "")) == "row",
    }
    return page(request, "handoffs/return.html", context, fragment="sheet", status=status)
