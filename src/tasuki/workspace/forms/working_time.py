"""Forms about teams, calendars, days off and absences."""

import re
from datetime import datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasuki.core.worktime import InvalidHoursError, Span, WeeklyHours
from tasuki.people.models import (
    Absence,
    CalendarException,
    Team,
    User,
    WorkingCalendar,
    department_choices,
)
from tasuki.people.queries import active_people
from tasuki.workspace.forms.accounts import time_zone_choices

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})[-\u2010-\u2015\u301c\uff5e~](\d{1,2}):(\d{2})")


class TeamForm(forms.ModelForm[Team]):
    """A team's names, department, lead and calendar."""

    class Meta:
        """All of a team."""

        model = Team
        fields = ("name_ja", "name_en", "department", "lead", "calendar", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"] = forms.ChoiceField(
            choices=[("", _("Across departments")), *department_choices()],
            label=_("Department"),
            required=False,
        )
        leads = active_people() | User.objects.filter(pk__in=[self.instance.lead_id])
        self.fields["lead"] = forms.ModelChoiceField(
            queryset=leads, required=False, label=_("Team lead"), empty_label=gettext("Nobody yet")
        )
        self.fields["calendar"] = forms.ModelChoiceField(
            queryset=WorkingCalendar.objects.all(),
            required=False,
            label=_("Working calendar"),
            empty_label=gettext("The default one"),
        )


class CalendarForm(forms.ModelForm[WorkingCalendar]):
    """A calendar and its week: for each day its spans, written `09:00-12:00, 13:00-18:00`."""

    class Meta:
        """Everything but the week."""

        model = WorkingCalendar
        fields = ("name", "time_zone", "observes_public_holidays", "is_default")

    def __init__(self, *args: Any, hours: WeeklyHours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours = hours
        self.fields["time_zone"] = forms.ChoiceField(
            choices=time_zone_choices(self.instance.time_zone), label=_("Time zone")
        )
        for weekday, name in enumerate(WEEKDAYS):
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=name,
                required=False,
                max_length=120,
                initial=", ".join(span.label for span in hours.of(weekday)),
            )

    def clean(self) -> dict[str, Any]:
        """Read the week; an unreadable day says so beside that day."""
        cleaned = super().clean() or {}
        found: dict[int, tuple[Span, ...]] = {}
        for weekday in range(7):
            name = f"day_{weekday}"
            try:
                spans = read_spans(cleaned.get(name, ""))
                self.hours = WeeklyHours({weekday: spans})
                found[weekday] = spans
            except InvalidHoursError as error:
                message = gettext("%(span)s overlaps another time or does not fit in the day.")
                self.add_error(name, message % {"span": error.span.label})
            except ValueError as error:
                message = gettext("“%(text)s” is not a time span. Write it as 09:00-12:00.")
                self.add_error(name, message % {"text": str(error)})
        if not self.errors:
            self.hours = WeeklyHours(found)
            if not self.hours.minutes:
                self.add_error(None, _("At least one day must have working hours."))
        return cleaned


class DayForm(forms.ModelForm[CalendarException]):
    """A company holiday, or a day worked out of turn."""

    class Meta:
        """All of it."""

        model = CalendarException
        fields = ("date", "name", "is_working", "calendar")
        widgets: ClassVar = {"date": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_working"] = forms.TypedChoiceField(
            choices=[("0", _("Day off")), ("1", _("Working day"))],
            coerce=lambda value: value == "1",
            label=_("Kind"),
        )
        self.fields["calendar"] = forms.ModelChoiceField(
            queryset=WorkingCalendar.objects.all(),
            required=False,
            label=_("Calendar"),
            empty_label=gettext("All calendars"),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a second rule for the same day."""
        cleaned = super().clean() or {}
        day = cleaned.get("date")
        same = CalendarException.objects.filter(calendar=cleaned.get("calendar"))
        if day is not None and same.filter(date=day).exists():
            self.add_error("date", _("This day is in the list already. Remove it first."))
        return cleaned


class AbsenceForm(forms.Form):
    """From which day to which day somebody is away, both included, and who stands in."""

    starts_date = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_date = forms.DateField(
        label=_("Until (included)"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.ChoiceField(label=_("Reason"))
    deputy = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label=_("Stands in")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        reason = Absence._meta.get_field("reason")
        self.fields["reason"] = forms.ChoiceField(
            choices=list(reason.choices or []), label=_("Reason")
        )
        self.fields["deputy"] = forms.ModelChoiceField(
            queryset=active_people().exclude(pk=user.pk),
            required=False,
            label=_("Stands in"),
            empty_label=gettext("Nobody"),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse an end before its start."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_date"), cleaned.get("ends_date")
        if starts and ends and ends < starts:
            self.add_error("ends_date", _("The last day is before the first."))
        return cleaned

    @property
    def absence(self) -> Absence:
        """Return the absence, whole days in the person's own time zone; not yet stored."""
        zone = ZoneInfo(self.user.time_zone)
        after = self.cleaned_data["ends_date"] + timedelta(days=1)
        return Absence(
            user=self.user,
            starts_at=datetime.combine(self.cleaned_data["starts_date"], time(), tzinfo=zone),
            ends_at=datetime.combine(after, time(), tzinfo=zone),
            reason=self.cleaned_data["reason"],
            deputy=self.cleaned_data["deputy"],
        )


class TeamAbsenceForm(AbsenceForm):
    """An absence of somebody in one's charge."""

    person = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ModelChoiceField(
            queryset=people, label=_("Who"), empty_label=gettext("Choose a person")
        )
        self.fields["deputy"] = forms.ModelChoiceField(
            queryset=active_people(),
            required=False,
            label=_("Stands in"),
            empty_label=gettext("Nobody"),
        )

    def clean(self) -> dict[str, Any]:
        """Take the chosen person; nobody stands in for themselves."""
        cleaned = super().clean()
        person = cleaned.get("person")
        if person is not None:
            self.user = person
            if cleaned.get("deputy") == person:
                self.add_error("deputy", _("Somebody else has to stand in."))
        return cleaned


def read_spans(text: str) -> tuple[Span, ...]:
    """Return the spans written in `text`, in order: `9:00-12:00, 13:00-18:00`; none when empty.

    Full-width digits and dashes are read too. Raises: ValueError with the part not understood.
    """
    plain = text.translate(_HALF_WIDTH).replace(" ", "")
    parts = [part for part in re.split(r"[,、;/]", plain) if part]
    return tuple(sorted(_read_span(part) for part in parts))


def _read_span(part: str) -> Span:
    match = _SPAN.fullmatch(part)
    if match is None or int(match[2]) > 59 or int(match[4]) > 59:
        raise ValueError(part)
    return Span(int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4]))


_HALF_WIDTH = {
    **{ord("０") + digit: str(digit) for digit in range(10)},
    ord("："): ":",
    ord("，"): ",",
    ord("－"): "-",
    ord("\u3000"): " ",
}
