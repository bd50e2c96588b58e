"""Handing on everything that somebody holds, when they leave or change places."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasuki.core.access import Capability
from tasuki.journeys.actor import Act, Actor
from tasuki.journeys.models import Reassignment
from tasuki.journeys.operations.reassigning import (
    HandingOn,
    ReassignmentUnderWay,
    request_reassignment,
)
from tasuki.journeys.queries.holdings import is_interrupted, latest_reassignment
from tasuki.people.access import requires, user_of
from tasuki.people.models import User
from tasuki.ui.render import page
from tasuki.workspace import tasks
from tasuki.workspace.forms.shares import HandOnForm
from tasuki.workspace.queries.holdings import Holdings, holdings_of, taken_in


@require_http_methods(["GET", "POST"])
@requires(Capability.MANAGE_PEOPLE)
def hand_on(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show what somebody holds and how the last handing on went; ask once more, then hand on."""
    subject = get_object_or_404(User, pk=user_id)
    held = holdings_of(user=subject)
    form = _form(request, subject, held)
    is_asked = form.is_valid()
    if is_asked and request.POST.get("sure") == "on":
        _start(request, subject, form)
        return _to_page(subject)
    context = {**_progress(subject), "held": held, "form": form, "is_asked": is_asked}
    status = 422 if form.is_bound and not is_asked else 200
    return page(request, "workspace/hand_on.html", context, status=status)


@require_safe
@requires(Capability.MANAGE_PEOPLE)
def hand_on_progress(request: HttpRequest, user_id: int) -> HttpResponse:
    """Answer how far it is; once it is over, have the whole page shown anew."""
    subject = get_object_or_404(User, pk=user_id)
    status = _progress(subject)
    if not status["is_running"]:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return page(request, "workspace/hand_on_progress.html", status)


@require_POST
@requires(Capability.MANAGE_PEOPLE)
def hand_on_again(request: HttpRequest, user_id: int) -> HttpResponse:
    """Go on with what was interrupted."""
    subject = get_object_or_404(User, pk=user_id)
    run = latest_reassignment(from_user_id=subject.pk)
    if run is not None and is_interrupted(run=run, now=timezone.now()):
        tasks.hand_on.enqueue(reassignment_id=run.pk)
        messages.success(request, _("It goes on."))
    return _to_page(subject)


def _start(request: HttpRequest, subject: User, form: HandOnForm) -> None:
    by, person = user_of(request), form.cleaned_data["person"]
    wish = HandingOn(
        from_user_id=subject.pk,
        to_user_id=person.pk if person else None,
        stages=form.cleaned_data["stages"],
        reason=form.cleaned_data["reason"],
    )
    actor = Actor(user_id=by.pk, kind="user", label=by.full_name)
    try:
        run = request_reassignment(wish=wish, act=Act(actor=actor, now=timezone.now()))
    except ReassignmentUnderWay:
        messages.warning(request, _("This person's work is being handed on already."))
        return
    tasks.hand_on.enqueue(reassignment_id=run.pk)


def _form(request: HttpRequest, subject: User, held: Holdings) -> HandOnForm:
    language = get_language() or "ja"
    stages = [
        (stage.code, f"{stage.label.text(language)} ({stage.journeys:,})") for stage in held.stages
    ]
    return HandOnForm(request.POST or None, subject=subject, stages=stages)


def _progress(subject: User) -> dict[str, object]:
    run = latest_reassignment(from_user_id=subject.pk)
    interrupted = run is not None and is_interrupted(run=run, now=timezone.now())
    is_open = run is not None and run.state != Reassignment.State.DONE
    return {
        "subject": subject,
        "run": run,
        "is_running": is_open and not interrupted,
        "interrupted": interrupted,
        "taken": taken_in(run=run) if run is not None and not is_open else [],
    }


def _to_page(subject: User) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("workspace:hand_on", args=[subject.pk]))
