"""Adding and changing the facts of a journey: touches, next step, deal, answers, owner."""

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tasuki.core.access import Capability
from tasuki.core.blueprint import JourneyKind
from tasuki.core.departments import Department
from tasuki.core.money import MissingRate
from tasuki.journeys.kinds import ActivityKind
from tasuki.journeys.models import Activity, Journey, SubscriptionPeriod
from tasuki.journeys.operations import facts as operations
from tasuki.journeys.operations.assignment import Holder, assign_owner
from tasuki.journeys.operations.details import update_journey
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.operations.receipts import RequestRepeated
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.journey_page import latest_event, people_of_account
from tasuki.people.access import access_of, user_of
from tasuki.records.forms.journey_facts import (
    BY_HAND,
    ActivityForm,
    AnswersForm,
    DealForm,
    EndSubscriptionForm,
    JourneyDetailsForm,
    NextActionForm,
    OwnerForm,
    SubscriptionForm,
)
from tasuki.records.queries.journey_screen import journey_screen
from tasuki.records.views.journey_frame import (
    Conflict,
    Sheet,
    act_with,
    acting,
    currency_of,
    done,
    journey_page,
    people_of,
    plain_groups,
    seen,
    sheet_page,
)
from tasuki.ui.fact_words import TOUCHES

Write = Callable[[], object]


@require_http_methods(["GET", "POST"])
@acting()
def next_action(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Set the next step, in place on the page."""
    form = NextActionForm(request.POST or None, journey=journey)
    conflict = None
    if form.is_valid():
        try:
            operations.set_next_action(
                journey_id=journey.pk,
                next_action=form.next_action,
                act=act_with(request, form),
                revision=form.cleaned_data["revision"],
            )
        except RequestRepeated:
            return done(request, journey.pk, _("This was saved before."))
        except JourneyChangedMeanwhile as changed:
            journey, _access = seen(request, journey.pk)
            conflict = Conflict(changed.latest, journey)
            form = NextActionForm(_renewed(request, journey), journey=journey)
        else:
            return done(request, journey.pk, _("The next step is saved."))
    screen = journey_screen(journey=journey, access=access_of(user_of(request)), now=timezone.now())
    status = 409 if conflict else 422 if form.is_bound else 200
    return journey_page(
        request, screen, fragment="next_step", status=status, next_form=form, conflict=conflict
    )


@require_http_methods(["GET", "POST"])
@acting()
def activity(request: HttpRequest, journey: Journey, *, kind: str) -> HttpResponse:
    """Record a call, mail, meeting or note."""
    if kind not in {one.value for one in BY_HAND}:
        raise Http404
    form = ActivityForm(request.POST or None, kind=ActivityKind(kind), now=timezone.now())
    return _sheet(
        request,
        journey,
        form,
        title=str(TOUCHES[ActivityKind(kind)]),
        write=lambda: operations.record_activity(
            journey_id=journey.pk, touch=form.touch(), act=act_with(request, form)
        ),
        said=_("It is recorded."),
    )


@require_http_methods(["GET", "POST"])
@acting()
def correction(request: HttpRequest, journey: Journey, *, activity_id: int) -> HttpResponse:
    """Correct a touch: the first one stays, marked as corrected."""
    first = get_object_or_404(Activity, pk=activity_id, journey_id=journey.pk)
    if first.kind not in {one.value for one in BY_HAND} or hasattr(first, "replaced_by"):
        raise Http404
    form = ActivityForm.correcting(first, request.POST or None, now=timezone.now())
    return _sheet(
        request,
        journey,
        form,
        title=_("Correct: %(what)s") % {"what": TOUCHES[ActivityKind(first.kind)]},
        write=lambda: operations.record_activity(
            journey_id=journey.pk, touch=form.touch(replaces=first), act=act_with(request, form)
        ),
        said=_("The correction is recorded."),
    )


@require_http_methods(["GET", "POST"])
@acting()
def deal(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Change the amount and the expected close date."""
    form = DealForm(request.POST or None, journey=journey, currency=currency_of(journey))
    return _sheet(
        request,
        journey,
        form,
        title=_("Deal"),
        write=lambda: operations.change_deal(
            journey_id=journey.pk,
            amount=form.cleaned_data["amount"],
            expected_close_date=form.cleaned_data["expected_close_date"],
            act=act_with(request, form),
            revision=form.cleaned_data["revision"],
        ),
        said=_("The deal is saved."),
    )


@require_http_methods(["GET", "POST"])
@acting()
def details(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Change where the journey came from, its contact, how warm and fitting it is."""
    people = people_of_account(account_ids=[journey.account_id])
    if journey.person is not None and all(one.pk != journey.person_id for one in people):
        people.insert(0, journey.person)
    form = JourneyDetailsForm(request.POST or None, journey=journey, people=people)
    return _sheet(
        request,
        journey,
        form,
        title=_("Details of the journey"),
        write=lambda: update_journey(
            journey_id=journey.pk,
            details=form.details,
            act=act_with(request, form),
            revision=form.cleaned_data["revision"],
        ),
        said=_("The details are saved."),
    )


@require_http_methods(["GET", "POST"])
@acting()
def answers(request: HttpRequest, journey: Journey, *, stage: str) -> HttpResponse:
    """Record the answers that the gate of a stage asks for."""
    blueprint = current_blueprint().blueprint
    line = {one.code: one for one in blueprint.line(JourneyKind(journey.kind))}
    if stage not in line:
        raise Http404
    form = AnswersForm(
        request.POST or None,
        journey=journey,
        items=line[stage].gate,
        blueprint=blueprint,
        currency=currency_of(journey),
    )
    return _sheet(
        request,
        journey,
        form,
        title=_("Answers"),
        write=lambda: operations.record_answers(
            journey_id=journey.pk,
            answers=form.answers,
            act=act_with(request, form),
            revision=form.cleaned_data["revision"],
        ),
        said=_("The answers are saved."),
    )


@require_http_methods(["GET", "POST"])
@acting()
def subscription(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Add a period of recurring revenue."""
    form = SubscriptionForm(request.POST or None, currency=currency_of(journey))
    return _sheet(
        request,
        journey,
        form,
        title=_("Add a subscription"),
        write=lambda: operations.add_subscription(
            journey_id=journey.pk, subscription=form.subscription, act=act_with(request, form)
        ),
        said=_("The subscription is saved."),
    )


@require_http_methods(["GET", "POST"])
@acting()
def subscription_end(
    request: HttpRequest, journey: Journey, *, subscription_id: int
) -> HttpResponse:
    """Say when a period of recurring revenue ends."""
    period = get_object_or_404(SubscriptionPeriod, pk=subscription_id, journey_id=journey.pk)
    form = EndSubscriptionForm(request.POST or None, starts_date=period.starts_date)
    return _sheet(
        request,
        journey,
        form,
        title=_("End the subscription"),
        write=lambda: operations.end_subscription(
            subscription_id=period.pk,
            ends_date=form.cleaned_data["ends_date"],
            act=act_with(request, form),
        ),
        said=_("The subscription is saved."),
    )


@require_http_methods(["GET", "POST"])
@acting(Capability.REASSIGN)
def owner(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Give the journey to somebody else."""
    people = people_of(journey, Department(journey.department))
    form = OwnerForm(request.POST or None, journey=journey, people=people)
    return _sheet(
        request,
        journey,
        form,
        title=_("Owner"),
        write=lambda: assign_owner(
            journey_id=journey.pk,
            holder=_holder(form),
            reason=form.cleaned_data["reason"],
            act=act_with(request, form),
            revision=form.cleaned_data["revision"],
        ),
        said=_("The owner is changed."),
    )


def _holder(form: OwnerForm) -> Holder:
    owner_id = form.cleaned_data["owner"]
    return Holder(owner_id=owner_id, team_id=form.teams.get(owner_id) if owner_id else None)


def _sheet(
    request: HttpRequest, journey: Journey, form: forms.Form, *, title: str, write: Write, said: str
) -> HttpResponse:
    """Show a small form, or write what it says; nothing typed is lost whatever happens."""
    conflict = None
    if form.is_valid():
        try:
            write()
        except RequestRepeated:
            return done(request, journey.pk, _("This was saved before."))
        except JourneyChangedMeanwhile:
            journey, _access = seen(request, journey.pk)
            conflict = Conflict(latest_event(journey_id=journey.pk), journey)
            form.data = _renewed(request, journey)
        except MissingRate:
            form.add_error("amount", _("No exchange rate is known for this currency."))
        else:
            return done(request, journey.pk, said)
    sheet = Sheet(
        title=title,
        action=request.path,
        submit=_("Save"),
        back=reverse("records:journey", args=[journey.pk]),
        form=form,
        groups=plain_groups(form),
    )
    status = 409 if conflict else 422 if form.is_bound else 200
    return sheet_page(
        request,
        sheet,
        status=status,
        conflict=conflict,
        journey=journey,
        blueprint=current_blueprint().blueprint,
    )


def _renewed(request: HttpRequest, journey: Journey) -> QueryDict:
    """Return what was typed, to be saved over the state as it is now."""
    kept = request.POST.copy()
    kept["revision"] = str(journey.revision)
    return kept
