"""Moving a journey: forward, back, aside, up again, done."""

from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tasuki.core.blueprint import Blueprint
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.lifecycle import TransitionRefused
from tasuki.core.money import MissingRate
from tasuki.journeys.models import Channel, Journey
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.operations.learning import AMOUNT, CHANNEL, move_knowing
from tasuki.journeys.operations.receipts import RequestRepeated
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.handoffs.of_journeys import handed_over
from tasuki.journeys.queries.journey_page import latest_event, was_carried_out
from tasuki.records.forms.journey_facts import RequestForm
from tasuki.records.forms.moves import NAMES, MoveForm, Surroundings
from tasuki.records.queries.moves import LOOKS, MovePlan, Verb, plan_move
from tasuki.records.views.journey_frame import (
    Conflict,
    Group,
    Sheet,
    act_with,
    acting,
    currency_of,
    done,
    people_of,
    seen,
    sheet_page,
)
from tasuki.ui.fact_fields import name_of
from tasuki.ui.render import wants_fragment
from tasuki.ui.speaking import language


@require_http_methods(["GET", "POST"])
@acting()
def move(request: HttpRequest, journey: Journey, *, verb: str) -> HttpResponse:
    """Show the form of a verb, or make the move it describes."""
    if verb not in set(Verb):
        raise Http404
    if request.method == "POST":
        return _make(request, journey, Verb(verb))
    plan = _plan(journey, Verb(verb), request.GET.get("to", ""))
    if plan is None:
        return _not_here(request, journey)
    form = MoveForm(journey=journey, plan=plan, around=_around(journey, plan))
    return _show(request, journey, plan, form)


def _make(request: HttpRequest, journey: Journey, verb: Verb) -> HttpResponse:
    if was_carried_out(request_key=request.POST.get("request_key", "")):
        return done(request, journey.pk, _("This was saved before."))
    if request.POST.get("revision") != str(journey.revision):
        return _conflict(request, journey, verb)
    plan = _plan(journey, verb, request.POST.get("to", ""))
    if plan is None:
        return _conflict(request, journey, verb)
    form = MoveForm(request.POST, journey=journey, plan=plan, around=_around(journey, plan))
    refusal = None
    if form.is_valid():
        try:
            moved = move_knowing(
                journey_id=journey.pk,
                move=form.move,
                facts=form.told,
                hand_on=form.hand_on,
                act=act_with(request, form),
            )
        except RequestRepeated:
            return done(request, journey.pk, _("This was saved before."))
        except JourneyChangedMeanwhile:
            return _conflict(request, seen(request, journey.pk)[0], verb)
        except MissingRate:
            form.add_error(name_of(AMOUNT), _("No exchange rate is known for this currency."))
        except TransitionRefused as refused:
            refusal = refused
            form.refuse(refused)
        else:
            return done(request, moved.pk, _said(plan))
    return _show(request, journey, plan, form, status=422, refusal=refusal)


def _show(
    request: HttpRequest,
    journey: Journey,
    plan: MovePlan,
    form: MoveForm,
    *,
    status: int = 200,
    **told: TransitionRefused | Conflict | None,
) -> HttpResponse:
    """Show the form of a move; `told` is why it was refused or what happened meanwhile."""
    title = _title(plan, journey)
    sheet = Sheet(
        title=title,
        action=reverse("records:journey_move", args=[journey.pk, plan.verb.value]),
        submit="" if plan.handoff else title,
        back=reverse("records:journey", args=[journey.pk]),
        form=form,
        # Nothing is asked before the hand-off, but what was typed already stays to be seen.
        groups=[]
        if plan.handoff and not form.is_bound
        else [
            Group(form.facts, _("What the gate asks for") if form.facts else ""),
            Group(form.grounds),
            Group(
                form.following,
                _("Who carries on, and what is next") if form.following else "",
                in_columns=True,
            ),
            Group([form.when]),
        ],
        is_ending=LOOKS[plan.verb].is_ending,
    )
    return sheet_page(
        request,
        sheet,
        status=status,
        plan=plan,
        blueprint=_blueprint(),
        journey=journey,
        **told,
    )


def _conflict(request: HttpRequest, journey: Journey, verb: Verb) -> HttpResponse:
    """Tell what happened meanwhile and offer the form again as it was filled in."""
    found = Conflict(latest_event(journey_id=journey.pk), journey)
    plan = _plan(journey, verb, request.POST.get("to", "")) or _plan(journey, verb, "")
    if plan is None:
        return _not_here(request, journey, conflict=found)
    around = _around(journey, plan)
    fresh = MoveForm(journey=journey, plan=plan, around=around)
    kept = request.POST.copy()
    for name in ("revision", "request_key", "to"):
        kept[name] = str(fresh[name].value())
    form = MoveForm(kept, journey=journey, plan=plan, around=around)
    form.forget_judgement()
    return _show(request, journey, plan, form, status=409, conflict=found)


def _not_here(
    request: HttpRequest, journey: Journey, *, conflict: Conflict | None = None
) -> HttpResponse:
    """Say that the verb does not fit where the journey rests now; keep the note that was typed."""
    back = reverse("records:journey", args=[journey.pk])
    if conflict is None and not wants_fragment(request):
        messages.warning(request, _("This cannot be done where the journey is now."))
        return HttpResponseRedirect(back)
    sheet = Sheet(
        title=_("This cannot be done where the journey is now."),
        action="",
        submit="",
        back=back,
        form=RequestForm(),
        groups=[],
    )
    return sheet_page(
        request,
        sheet,
        status=409,
        conflict=conflict or Conflict(latest_event(journey_id=journey.pk), journey),
        blueprint=_blueprint(),
        journey=journey,
        kept_note=request.POST.get("note", ""),
    )


def _plan(journey: Journey, verb: Verb, to: str) -> MovePlan | None:
    return plan_move(
        journey=journey,
        blueprint=_blueprint(),
        verb=verb,
        to=to,
        today=_today(timezone.now()),
        handed=handed_over(journey=journey),
    )


def _around(journey: Journey, plan: MovePlan) -> Surroundings:
    asked = {field for item in plan.items for field in item.fields}
    people = people_of(journey, plan.department) if plan.asks_owner else []
    currency = currency_of(journey) if AMOUNT in asked else ""
    return Surroundings(_blueprint(), currency, _channels() if CHANNEL in asked else {}, people)


def _channels() -> dict[str, str]:
    rows = Channel.objects.filter(is_active=True)
    return {row.code: row.label_en if language() == "en" else row.label_ja for row in rows}


def _title(plan: MovePlan, journey: Journey) -> str:
    code = plan.target.code if plan.target else journey.stage
    label = _blueprint().place(code).label.text(language())
    return str(NAMES[plan.verb]) % {"stage": label}


def _said(plan: MovePlan) -> str:
    if plan.target is None:
        return _("The journey is completed.")
    return _("The journey is now in %(stage)s.") % {"stage": plan.target.label.text(language())}


def _blueprint() -> Blueprint:
    return current_blueprint().blueprint


def _today(now: datetime) -> date:
    return now.astimezone(BUSINESS_ZONE).date()
