"""Offering a packet: the form, what counts while it is typed, saving for later, handing over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tasuki.core.blueprint import Contract
from tasuki.core.handoffs import (
    HandoffRefused,
    ItemContent,
    PacketState,
    completeness_ratio,
    is_checklist,
    judge_content,
    lacking,
)
from tasuki.core.lifecycle import TransitionRefused
from tasuki.core.money import MissingRate
from tasuki.handoffs.forms.offer import OfferForm
from tasuki.handoffs.queries.agreement import agreement_of
from tasuki.handoffs.views.frame import act_of, go, journey_to_give, now_of, packet_url
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.operations.handoffs.handing import hand_over
from tasuki.journeys.operations.learning import AMOUNT, learn
from tasuki.journeys.operations.receipts import RequestRepeated
from tasuki.journeys.queries.blueprints import Published, current_blueprint
from tasuki.journeys.queries.deadlines import due_times
from tasuki.journeys.queries.facts import journey_facts
from tasuki.journeys.queries.handoffs.detail import earlier_packet, open_packet
from tasuki.journeys.queries.journey_page import latest_event, was_carried_out
from tasuki.ui.fact_fields import name_of
from tasuki.ui.render import page
from tasuki.ui.speaking import language

TEMPLATE = "handoffs/offer.html"


@dataclass(frozen=True, slots=True)
class Giving:
    """A journey about to be handed over by a contract."""

    journey: Journey
    contract: Contract
    published: Published
    now: datetime

    @property
    def is_checklist(self) -> bool:
        """Whether the owner carries on and the items are their own checklist."""
        return is_checklist(
            blueprint=self.published.blueprint,
            contract=self.contract,
            motion=self.journey.motion,
        )

    @property
    def is_from_here(self) -> bool:
        """Whether the contract is given from where the journey rests."""
        return self.journey.stage in self.contract.from_stages and self.contract.is_for(
            self.journey.motion
        )

    def form(self, data: Mapping[str, Any] | None = None) -> OfferForm:
        """Return the form, prefilled with what is known and what was offered before."""
        earlier = earlier_packet(journey=self.journey, contract=self.contract.key)
        initial = {}
        if earlier is not None and earlier.state == PacketState.RETURNED:
            initial = {"message": earlier.message}
            if earlier.receiver is not None and earlier.receiver.is_active:
                initial["receiver"] = f"user:{earlier.receiver_id}"
        return OfferForm(
            data,
            journey=self.journey,
            agreement=agreement_of(
                journey=self.journey,
                contract=self.contract,
                blueprint=self.published.blueprint,
                now=self.now,
            ),
            known=journey_facts(self.journey),
            initial=initial,
        )


@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, journey_id: int, contract: str) -> HttpResponse:
    """Show the form of an offer, keep it for later, or hand over."""
    giving = _giving(request, journey_id, contract)
    waiting = open_packet(journey_id=journey_id, contract=contract)
    if waiting is not None:
        return go(
            request,
            packet_url(waiting.pk),
            text=_("This hand-off is already waiting for acceptance."),
            level=messages.INFO,
        )
    if not giving.is_from_here:
        return _not_here(request, giving)
    if request.method == "POST":
        return _hand_over(request, giving)
    return _show(request, giving, giving.form())


@require_POST
def check(request: HttpRequest, journey_id: int, contract: str) -> HttpResponse:
    """Answer with how complete the offer is as typed so far; nothing is kept."""
    giving = _giving(request, journey_id, contract)
    form = giving.form(request.POST)
    form.is_valid()
    judged = _judged(giving, form)
    form.forget_judgement()
    return page(request, TEMPLATE, _context(giving, form, judged), fragment="judged")


def _giving(request: HttpRequest, journey_id: int, key: str) -> Giving:
    journey = journey_to_give(request, journey_id)
    published = current_blueprint()
    if not published.blueprint.has_contract(key):
        raise Http404
    return Giving(journey, published.blueprint.contract(key), published, now_of())


def _hand_over(request: HttpRequest, giving: Giving) -> HttpResponse:
    if was_carried_out(request_key=request.POST.get("request_key", "")):
        return _done(request, giving)
    if request.POST.get("revision") != str(giving.journey.revision):
        return _conflict(request, giving)
    form = giving.form(request.POST)
    if not form.is_valid():
        return _show(request, giving, form, status=422)
    if "save" in request.POST or giving.is_checklist:
        return _save(request, giving, form)
    return _offered(request, giving, form)


def _offered(request: HttpRequest, giving: Giving, form: OfferForm) -> HttpResponse:
    judged, refusal = _judged(giving, form), None
    try:
        handoff = hand_over(
            journey_id=giving.journey.pk,
            contract=giving.contract.key,
            offer=form.offer,
            act=act_of(request, key=form.cleaned_data["request_key"]),
        )
    except RequestRepeated:
        return _done(request, giving)
    except JourneyChangedMeanwhile:
        return _conflict(request, giving)
    except MissingRate:
        form.add_error(name_of(AMOUNT), _("No exchange rate is known for this currency."))
    except HandoffRefused as refused:
        refusal = refused
        form.refuse(refused)
    except TransitionRefused as refused:
        form.add_error(None, refused.message.text(language()))
    else:
        return go(request, packet_url(handoff.pk), text=_said(handoff))
    return _show(request, giving, form, status=422, judged=judged, refusal=refusal)


def _save(request: HttpRequest, giving: Giving, form: OfferForm) -> HttpResponse:
    """Keep the facts on the journey; who receives and the word to them stay in the form."""
    try:
        learn(
            journey_id=giving.journey.pk,
            facts=form.told,
            act=act_of(request, key=form.cleaned_data["request_key"]),
        )
    except (MissingRate, RequestRepeated):
        form.add_error(None, _("This could not be saved. Please try again."))
        return _show(request, giving, form, status=422)
    fresh = _giving(request, giving.journey.pk, giving.contract.key)
    kept = request.POST.copy()
    renewed = fresh.form()
    for name in ("revision", "request_key"):
        kept[name] = str(renewed[name].value())
    form = fresh.form(kept)
    form.is_valid()
    judged = _judged(fresh, form)
    form.forget_judgement()
    messages.success(request, _("Saved. You can hand over later."))
    return _show(request, fresh, form, judged=judged)


def _conflict(request: HttpRequest, giving: Giving) -> HttpResponse:
    """Tell that somebody was first, and show what was typed over the state of now."""
    fresh = _giving(request, giving.journey.pk, giving.contract.key)
    if not fresh.is_from_here:
        return _not_here(request, fresh)
    renewed = fresh.form()
    kept = request.POST.copy()
    for name in ("revision", "request_key"):
        kept[name] = str(renewed[name].value())
    form = fresh.form(kept)
    form.is_valid()
    judged = _judged(fresh, form)
    form.forget_judgement()
    latest = latest_event(journey_id=giving.journey.pk)
    return _show(request, fresh, form, status=409, judged=judged, latest=latest)


def _show(
    request: HttpRequest, giving: Giving, form: OfferForm, *, status: int = 200, **told: Any
) -> HttpResponse:
    judged = told.pop("judged", None) or _judged(giving, form)
    context = _context(giving, form, judged) | told
    return page(request, TEMPLATE, context, status=status)


def _context(giving: Giving, form: OfferForm, judged: tuple[ItemContent, ...]) -> dict[str, Any]:
    receiver_id, team_id = form.receiver_ids
    earlier = earlier_packet(journey=giving.journey, contract=giving.contract.key)
    return {
        "giving": giving,
        "journey": giving.journey,
        "contract": giving.contract,
        "form": form,
        "judged": {entry.item.key: entry for entry in judged},
        "completeness": completeness_ratio(judged),
        "missing": lacking(judged),
        "due": due_times(
            deadlines=giving.contract.deadlines,
            receiver_id=receiver_id,
            team_id=team_id,
            department=giving.contract.taker,
            start=giving.now,
        ),
        "earlier": earlier,
        "came_back": earlier if earlier and earlier.state == PacketState.RETURNED else None,
        "reason": _reason(giving, earlier),
        "latest": None,
        "refusal": None,
    }


def _judged(giving: Giving, form: OfferForm) -> tuple[ItemContent, ...]:
    facts = form.facts if form.is_bound else journey_facts(giving.journey)
    return judge_content(items=giving.contract.items, facts=facts)


def _reason(giving: Giving, earlier: Handoff | None) -> str:
    if earlier is None or not earlier.reason:
        return ""
    found = {one.code: one.label.text(language()) for one in giving.contract.reasons}
    return found.get(earlier.reason, earlier.reason)


def _not_here(request: HttpRequest, giving: Giving) -> HttpResponse:
    stage = giving.published.blueprint.place(giving.journey.stage).label.text(language())
    text = _("This is not handed over from %(stage)s.") % {"stage": stage}
    messages.warning(request, text)
    return HttpResponseRedirect(reverse("records:journey", args=[giving.journey.pk]))


def _done(request: HttpRequest, giving: Giving) -> HttpResponse:
    waiting = open_packet(journey_id=giving.journey.pk, contract=giving.contract.key)
    address = (
        packet_url(waiting.pk) if waiting else reverse("records:journey", args=[giving.journey.pk])
    )
    return go(request, address, text=_("This was saved before."))


def _said(handoff: Handoff) -> str:
    if handoff.state == PacketState.ACCEPTED:
        return _("Handed over to yourself: it is accepted already.")
    return _("Handed over. The receiver has been asked to accept.")
