"""The inputs of how work is divided: motions, what chooses one, and who takes a journey."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasuki.blueprint.forms.shared import (
    Names,
    code_slot,
    department_slot,
    label_slots,
    options_of,
)
from tasuki.blueprint.forms.slots import ConditionSlot, FlagSlot, LinesSlot, OneSlot, Slot
from tasuki.core.blueprint.outline import OWNERSHIPS


def motion_slots(_names: Names) -> tuple[Slot, ...]:
    """Return the inputs of a motion."""
    return (
        code_slot(),
        *label_slots(gettext_lazy("Name shown")),
        OneSlot(
            name="ownership",
            path=("ownership",),
            label=_("Who owns a journey"),
            options=options_of(OWNERSHIPS.items()),
            blank=_("Choose"),
            required=True,
        ),
    )


def motion_rule_slots(names: Names) -> tuple[Slot, ...]:
    """Return the inputs of a rule that chooses the motion."""
    return (
        ConditionSlot(
            name="when",
            path=("when",),
            label=_("When"),
            help=_("The first rule that holds counts."),
            required=True,
            wide=True,
        ),
        OneSlot(
            name="motion",
            path=("motion",),
            label=_("Motion"),
            options=names.of("motions"),
            blank=_("Choose"),
            required=True,
        ),
    )


def assignment_slots(names: Names) -> tuple[Slot, ...]:
    """Return the inputs of a rule that chooses who takes a journey."""
    return (
        code_slot("key"),
        *label_slots(gettext_lazy("Name shown")),
        department_slot("department", gettext_lazy("For journeys that come to")),
        ConditionSlot(
            name="when",
            path=("when",),
            label=_("When"),
            help=_("Leave empty for all of them; such a rule comes last in its department."),
            wide=True,
        ),
        OneSlot(
            name="team",
            path=("team",),
            label=_("Team"),
            options=names.teams,
            blank=_("The whole department"),
        ),
        LinesSlot(
            name="people",
            path=("people",),
            label=_("Or these people"),
            help=_("One mail address a line."),
        ),
        FlagSlot(
            name="keep_account",
            path=("keep_account",),
            label=_("Whoever has carried the company before carries on"),
        ),
    )
