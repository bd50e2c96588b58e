"""My own settings: name, language, look, password, absences, where I am signed in."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tasuki.people.access import access_of, user_of
from tasuki.people.labels import grant_text
from tasuki.people.models import Absence, RoleGrant, User, WorkingCalendar
from tasuki.people.operations import cancel_absence
from tasuki.people.queries import calendar_of, upcoming_absences, work_time_of_calendar
from tasuki.ui.preferences import bring_preferences
from tasuki.ui.render import page
from tasuki.workspace.forms.accounts import MeForm
from tasuki.workspace.forms.working_time import WEEKDAYS, AbsenceForm


@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Show my settings; store what I changed."""
    user = user_of(request)
    if request.method != "POST":
        return _settings(request, form=MeForm(instance=_fresh(user)))
    form = MeForm(request.POST, instance=_fresh(user))
    if not form.is_valid():
        return _settings(request, form=form, status=422)
    changed = form.save()
    with translation.override(changed.language):
        response = _done(request, _("Your settings are saved."))
    bring_preferences(response=response, user=changed)
    return response


@require_POST
def add_my_absence(request: HttpRequest) -> HttpResponse:
    """Enter when I am away."""
    form = AbsenceForm(request.POST, user=user_of(request))
    if not form.is_valid():
        user = _fresh(user_of(request))
        return _settings(request, form=MeForm(instance=user), absence_form=form, status=422)
    form.absence.save()
    return _done(request, _("Your absence is entered."))


@require_POST
def cancel_my_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Take one of my absences back."""
    absence = get_object_or_404(Absence, pk=absence_id, user=user_of(request))
    cancel_absence(absence=absence, now=timezone.now())
    return _done(request, _("The absence is taken back."))


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign me out everywhere but here."""
    for session in UserSession.objects.filter(user=user_of(request)):
        if session.session_key != request.session.session_key:
            session.end()
    return _done(request, _("You are signed out everywhere else."))


def _settings(
    request: HttpRequest,
    *,
    form: MeForm,
    absence_form: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = user_of(request)
    now = timezone.now()
    calendar = calendar_of(user)
    context = {
        "form": form,
        "absence_form": absence_form or AbsenceForm(user=user),
        "absences": list(upcoming_absences(since=now).filter(user=user)),
        "calendar": calendar,
        "week": list(zip(WEEKDAYS, _week(calendar), strict=True)),
        "grants": [grant_text(item) for item in _grants(user)],
        "departments": sorted(access_of(user).departments),
        "sessions": _devices(request, user),
    }
    return page(request, "workspace/me.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Device:
    """One place where somebody is signed in."""

    device: str
    ip: str
    created_at: datetime
    is_here: bool


def _devices(request: HttpRequest, user: User) -> list[Device]:
    sessions = UserSession.objects.purge_and_list(user)
    return [
        Device(
            device=_device_name(item.user_agent),
            ip=item.ip,
            created_at=item.created_at,
            is_here=item.session_key == request.session.session_key,
        )
        for item in sorted(sessions, key=lambda item: item.created_at, reverse=True)
    ]


def _device_name(agent: str) -> str:
    """Return browser and system from a user agent: enough to tell one's devices apart."""
    browsers = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
    systems = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
    names = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS"}
    found = [
        next((names.get(name, name) for name in known if name in agent), "")
        for known in (browsers, systems)
    ]
    return " · ".join(part for part in found if part) or agent[:60] or _("Unknown device")


def _grants(user: User) -> list[RoleGrant]:
    return list(RoleGrant.objects.filter(user=user).select_related("team"))


def _week(calendar: WorkingCalendar | None) -> list[str]:
    hours = work_time_of_calendar(calendar).hours
    return [", ".join(span.label for span in hours.of(weekday)) for weekday in range(7)]


def _fresh(user: User) -> User:
    # The form writes into its instance even when it is refused; the header must not show that.
    return User.objects.get(pk=user.pk)


def _done(request: HttpRequest, text: str) -> HttpResponseRedirect:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("workspace:me"))
