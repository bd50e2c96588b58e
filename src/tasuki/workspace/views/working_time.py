"""Working time: calendars and company days (whole company), absences (those in one's charge)."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasuki.core.access import Access, Capability, Scope
from tasuki.core.worktime import OFFICE_HOURS, WeeklyHours
from tasuki.people.access import CapabilityDenied, access_of, requires, user_of
from tasuki.people.holidays import public_holidays
from tasuki.people.models import Absence, CalendarException, User, WorkingCalendar
from tasuki.people.operations import cancel_absence, save_calendar
from tasuki.people.queries import active_people, calendars, upcoming_absences, weekly_hours
from tasuki.ui.render import page
from tasuki.workspace.forms.working_time import WEEKDAYS, CalendarForm, DayForm, TeamAbsenceForm

RIGHT = Capability.MANAGE_WORKING_TIME


@require_safe
@requires(RIGHT)
def working_time(request: HttpRequest) -> HttpResponse:
    """Show calendars, days off and who is away."""
    return _overview(request)


@require_http_methods(["GET", "POST"])
@requires(RIGHT)
def new_calendar(request: HttpRequest) -> HttpResponse:
    """Make a working calendar."""
    return _edit_calendar(request, WorkingCalendar())


@require_http_methods(["GET", "POST"])
@requires(RIGHT)
def calendar(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Change a working calendar and its week."""
    return _edit_calendar(request, get_object_or_404(WorkingCalendar, pk=calendar_id))


@require_POST
@requires(RIGHT)
def add_day(request: HttpRequest) -> HttpResponse:
    """Add a company holiday or a day worked out of turn."""
    _demand_company(request)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _overview(request, day_form=form)
    form.save()
    return _done(request, _("The day is entered."))


@require_POST
@requires(RIGHT)
def remove_day(request: HttpRequest, day_id: int) -> HttpResponse:
    """Remove such a day."""
    _demand_company(request)
    get_object_or_404(CalendarException, pk=day_id).delete()
    return _done(request, _("The day is removed."))


@require_POST
@requires(RIGHT)
def add_absence(request: HttpRequest) -> HttpResponse:
    """Enter when somebody in my charge is away."""
    form = _absence_form(request)
    if not form.is_valid():
        return _overview(request, absence_form=form)
    form.absence.save()
    return _done(request, _("The absence is entered."))


@require_POST
@requires(RIGHT)
def cancel_team_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Take such an absence back."""
    absence = get_object_or_404(Absence.objects.select_related("user", "user__team"), pk=absence_id)
    if not people_in_charge(access_of(user_of(request))).filter(pk=absence.user_id).exists():
        raise CapabilityDenied(RIGHT)
    cancel_absence(absence=absence, now=timezone.now())
    return _done(request, _("The absence is taken back."))


def people_in_charge(access: Access) -> QuerySet[User]:
    """Return the people whose working time `access` may manage."""
    reach = access.reach(RIGHT)
    if reach.everything:
        return active_people()
    wanted = Q(pk__in=[])
    for area in reach.areas:
        part = Q()
        if area.department is not None:
            part &= Q(team__department__in=[area.department.value, ""])
        if area.team_ids is not None:
            part &= Q(team_id__in=area.team_ids)
        wanted |= part
    return active_people().filter(wanted)


def _overview(
    request: HttpRequest,
    *,
    day_form: DayForm | None = None,
    absence_form: TeamAbsenceForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    access = access_of(user_of(request))
    people = people_in_charge(access)
    context = {
        "may_edit_company": access.scope(RIGHT) is Scope.ALL,
        "calendars": [(item, _week(weekly_hours(list(item.spans.all())))) for item in calendars()],
        "weekdays": WEEKDAYS,
        "days": list(CalendarException.objects.filter(date__gte=today).select_related("calendar")),
        "holidays": [
            (day, name)
            for year in (today.year, today.year + 1)
            for day, name in public_holidays(year).items()
            if day >= today
        ][:10],
        "absences": list(upcoming_absences(since=now).filter(user__in=people)),
        "day_form": day_form or DayForm(),
        "absence_form": absence_form or _absence_form(request, bound=False),
    }
    refused = day_form is not None or absence_form is not None
    return page(request, "workspace/working_time.html", context, status=422 if refused else 200)


def _edit_calendar(request: HttpRequest, subject: WorkingCalendar) -> HttpResponse:
    _demand_company(request)
    hours = weekly_hours(list(subject.spans.all())) if subject.pk else OFFICE_HOURS
    form = CalendarForm(request.POST or None, instance=subject, hours=hours)
    if request.method == "POST" and form.is_valid():
        save_calendar(calendar=form.save(commit=False), hours=form.hours)
        return _done(request, _("The calendar is saved."))
    context = {"form": form, "subject": subject}
    status = 422 if form.is_bound else 200
    return page(request, "workspace/calendar.html", context, status=status)


def _absence_form(request: HttpRequest, *, bound: bool = True) -> TeamAbsenceForm:
    user = user_of(request)
    return TeamAbsenceForm(
        request.POST if bound else None, user=user, people=people_in_charge(access_of(user))
    )


def _week(hours: WeeklyHours) -> list[str]:
    return [", ".join(span.label for span in hours.of(day)) for day in range(7)]


def _demand_company(request: HttpRequest) -> None:
    # Calendars hold for several teams: a manager of one of them may read but not change them.
    if access_of(user_of(request)).scope(RIGHT) is not Scope.ALL:
        raise CapabilityDenied(RIGHT)


def _done(request: HttpRequest, text: str) -> HttpResponseRedirect:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("workspace:working_time"))
