"""Facts in words: fields, choices, reasons, touches and their outcomes, dates and amounts."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasuki.core.blueprint import Blueprint, Reason, SideTrack
from tasuki.core.conditions.fields import FieldKind
from tasuki.core.money import Money
from tasuki.journeys.kinds import ActivityKind
from tasuki.ui import formats
from tasuki.ui.speaking import language

COLUMN_LABELS: Final[Mapping[str, str | Promise]] = {
    "title": gettext_lazy("Title"),
    "person_id": gettext_lazy("Contact"),
    "channel_id": gettext_lazy("Channel"),
    "campaign_id": gettext_lazy("Campaign"),
    "source": gettext_lazy("Source"),
    "temperature": gettext_lazy("Temperature"),
    "fit": gettext_lazy("Fit"),
    "name": gettext_lazy("Account name"),
    "name_kana": gettext_lazy("Reading"),
    "domain": gettext_lazy("Domain"),
    "corporate_number": gettext_lazy("Corporate number"),
    "phone": gettext_lazy("Phone"),
    "industry": gettext_lazy("Industry"),
    "employees": gettext_lazy("Employees"),
    "prefecture": gettext_lazy("Prefecture"),
    "segment": gettext_lazy("Segment"),
    "is_named": gettext_lazy("Target account"),
    "motion": gettext_lazy("Motion"),
    "receiver_id": gettext_lazy("Receiver of the hand-off"),
    "owner_id": gettext_lazy("Owner"),
    "account_id": gettext_lazy("Company"),
    "family_name": gettext_lazy("Family name"),
    "given_name": gettext_lazy("Given name"),
    "family_kana": gettext_lazy("Family name (reading)"),
    "given_kana": gettext_lazy("Given name (reading)"),
    "email": gettext_lazy("E-mail"),
    "department": gettext_lazy("Department at the company"),
    "role": gettext_lazy("Role in the purchase"),
    "attributes": gettext_lazy("Further facts"),
}

TOUCHES: Final[Mapping[ActivityKind, str | Promise]] = {
    ActivityKind.CALL: gettext_lazy("Call"),
    ActivityKind.MAIL: gettext_lazy("Mail"),
    ActivityKind.MEETING: gettext_lazy("Meeting"),
    ActivityKind.NOTE: gettext_lazy("Note"),
    ActivityKind.WEB: gettext_lazy("Web visit"),
    ActivityKind.FORM: gettext_lazy("Form sent"),
    ActivityKind.USAGE: gettext_lazy("Use of the product"),
    ActivityKind.TICKET: gettext_lazy("Support ticket"),
}
OUTCOMES: Final[Mapping[str, str | Promise]] = {
    "connected": gettext_lazy("Connected"),
    "no_answer": gettext_lazy("No answer"),
    "voicemail": gettext_lazy("Left a message"),
    "appointment": gettext_lazy("Appointment made"),
    "refused": gettext_lazy("Not interested"),
    "sent": gettext_lazy("Sent"),
    "replied": gettext_lazy("Replied"),
    "bounced": gettext_lazy("Bounced"),
    "held": gettext_lazy("Held"),
    "cancelled": gettext_lazy("Cancelled"),
    "no_show": gettext_lazy("Did not come"),
}


def field_label(*, path: str, blueprint: Blueprint) -> str:
    """Return what a fact is called: by its path, or by the column of its record."""
    spec = blueprint.fields.get(path)
    if spec is not None:
        return spec.label.text(language())
    return str(COLUMN_LABELS.get(path, path.removeprefix("answers.")))


def said_value(*, path: str, value: object, blueprint: Blueprint) -> str:
    """Return a fact as people read it; an unknown one as a dash."""
    if value is None or value == "":
        return formats.MISSING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    spec = blueprint.fields.get(path)
    if spec is not None:
        for choice in spec.choices:
            if choice.code == value:
                return choice.label.text(language())
        if spec.kind is FieldKind.DATE and isinstance(value, str):
            return _said_day(value)
    if isinstance(value, Money):
        return formats.format_money(value)
    if isinstance(value, date):
        return formats.format_date(value, language=language())
    return str(value)


def reason_label(*, code: str, origin: str | None, to: str | None, blueprint: Blueprint) -> str:
    """Return a reason in words; one that the process no longer has goes by its code."""
    reasons: tuple[Reason, ...] = ()
    if to and blueprint.has_place(to):
        place = blueprint.place(to)
        if isinstance(place, SideTrack):
            reasons = place.reasons
        elif origin and blueprint.has_place(origin) and not _is_side(origin, blueprint):
            rule = blueprint.return_rule(origin, to)
            reasons = rule.reasons if rule else ()
    found = next((reason.label for reason in reasons if reason.code == code), None)
    return found.text(language()) if found else code


def _is_side(code: str, blueprint: Blueprint) -> bool:
    return isinstance(blueprint.place(code), SideTrack)


def _said_day(text: str) -> str:
    try:
        return formats.format_date(date.fromisoformat(text), language=language())
    except ValueError:
        return text
