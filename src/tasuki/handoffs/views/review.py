"""The weekly review: the page of a week, its minutes, and its decisions.

Everybody signed in may read it. Whoever may reassign the work of others, as managers, process
owners and administrators may, holds the meeting and records what was decided.
"""

from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tasuki.core.access import Access, Capability, Scope
from tasuki.core.blueprint.spoken import spoken_minutes
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.labels import Label
from tasuki.core.periods import Period, previous
from tasuki.handoffs.forms.review import DecisionForm, MinutesForm, SettleForm
from tasuki.handoffs.models import ReviewDecision, ReviewMeeting
from tasuki.handoffs.operations.reviewing import (
    MeetingClosed,
    open_meeting,
    record_decision,
    settle_decision,
    write_minutes,
)
from tasuki.handoffs.queries.review import baseline_of, last_whole_week, review_of, week_of
from tasuki.handoffs.views.frame import now_of
from tasuki.handoffs.views.paper import can_print, paper
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.people.access import CapabilityDenied, access_of, user_of
from tasuki.ui.render import page

TEMPLATE: Final = "handoffs/review.html"


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Show a week; by default the last whole one."""
    return _week_page(request, _asked_week(request))


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the meeting on a week."""
    may_hold(request)
    week = _week_in(request.POST.get("week", "")) or last_whole_week(_today())
    _meeting_on(request, week)
    return _back_to(week)


@require_POST
def decide(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Record a decision with its owner, its date and the figure to watch."""
    may_hold(request)
    meeting = get_object_or_404(ReviewMeeting, pk=meeting_id)
    week = week_of(meeting.from_date)
    form = DecisionForm(request.POST, blueprint=current_blueprint().blueprint)
    if not form.is_valid():
        return _week_page(request, week, decision_form=form, status=422)
    decided = baseline_of(decided=form.decided(), week=week, now=now_of())
    try:
        record_decision(meeting=meeting, decided=decided, by=user_of(request), now=now_of())
    except MeetingClosed:
        return _closed(request, week)
    messages.success(request, _("Recorded. The next review shows whether it helped."))
    return _back_to(week, "decisions")


@require_POST
def settle(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Say how far a decision is: its owner may, and whoever may hold the meeting."""
    rows = ReviewDecision.objects.select_related("meeting")
    if not rows.filter(pk=decision_id, owner=user_of(request)).exists():
        may_hold(request)
    decision = get_object_or_404(rows, pk=decision_id)
    shown = _week_in(request.POST.get("week", "")) or week_of(decision.meeting.from_date)
    form = SettleForm(request.POST)
    if form.is_valid():
        settle_decision(
            decision=decision,
            state=ReviewDecision.State(form.cleaned_data["state"]),
            result=form.cleaned_data["result"],
            now=now_of(),
        )
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("That was not understood; nothing was changed."))
    return _back_to(shown, "decisions")


@require_POST
def minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Keep the notes, and close the minutes when asked to."""
    may_hold(request)
    meeting = get_object_or_404(ReviewMeeting, pk=meeting_id)
    week = week_of(meeting.from_date)
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return _week_page(request, week, minutes_form=form, status=422)
    closing = now_of() if form.cleaned_data["close"] else None
    try:
        write_minutes(meeting=meeting, notes=form.cleaned_data["notes"], now=closing)
    except MeetingClosed:
        return _closed(request, week)
    messages.success(request, _("The minutes are closed.") if closing else _("Saved."))
    return _back_to(week, "minutes")


@require_safe
def review_paper(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Answer with the meeting on paper; without the library for it, say so."""
    meeting = get_object_or_404(ReviewMeeting, pk=meeting_id)
    week = week_of(meeting.from_date)
    context = _context(request, week)
    if not can_print():
        messages.warning(
            request,
            _("This server cannot make PDF files. Use Print in your browser instead."),
        )
        return _back_to(week)
    return paper(request, context, f"review-{week.start_date:%Y%m%d}.pdf")


def may_hold(request: HttpRequest) -> Access:
    """Return the access of whoever may hold the meeting. Raises: CapabilityDenied."""
    access = access_of(user_of(request))
    if not _holds(access):
        raise CapabilityDenied(Capability.REASSIGN)
    return access


def _holds(access: Access) -> bool:
    return access.scope(Capability.REASSIGN) > Scope.OWN


def _week_page(
    request: HttpRequest, week: Period, *, status: int = 200, **forms: Any
) -> HttpResponse:
    return page(request, TEMPLATE, _context(request, week) | forms, status=status)


def _context(request: HttpRequest, week: Period) -> dict[str, Any]:
    access = access_of(user_of(request))
    found = review_of(week=week, access=access, now=now_of())
    meeting = found.meeting
    held = _holds(access)
    return {
        "review": found,
        "week": week,
        "earlier_week": previous(week).start_date,
        "later_week": week.end_date if week.end_date <= _today() else None,
        "may_hold": held,
        "is_open": meeting is not None and meeting.closed_at is None,
        "states": ReviewDecision.State.choices,
        "can_print": can_print(),
        "spoken": _spoken,
        "next_meeting": (meeting.held_date if meeting else _today()) + timedelta(days=7),
        "decision_form": DecisionForm(
            blueprint=current_blueprint().blueprint, due_date=_today() + timedelta(days=7)
        ),
        "minutes_form": MinutesForm(initial={"notes": meeting.notes if meeting else ""}),
    }


def _meeting_on(request: HttpRequest, week: Period) -> ReviewMeeting:
    return open_meeting(
        week=(week.start_date, week.last_date), held_date=_today(), by=user_of(request)
    )


def _closed(request: HttpRequest, week: Period) -> HttpResponse:
    messages.error(request, _("The minutes are closed; nothing was added."))
    return _back_to(week)


def _back_to(week: Period, anchor: str = "") -> HttpResponse:
    address = f"{reverse('handoffs:review')}?week={week.start_date}"
    return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)


def _asked_week(request: HttpRequest) -> Period:
    return _week_in(request.GET.get("week", "")) or last_whole_week(_today())


def _week_in(text: str) -> Period | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return week_of(day) if 2000 <= day.year < 2200 else None


def _spoken(minutes: float | None) -> Label | None:
    return spoken_minutes(None if minutes is None else round(minutes))


def _today() -> date:
    return now_of().astimezone(BUSINESS_ZONE).date()
