"""The inputs of the places where journeys rest, and of moving back."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasuki.blueprint.forms.shared import (
    Names,
    code_slot,
    department_slot,
    label_slots,
    options_of,
    reasons_slot,
)
from tasuki.blueprint.forms.slots import (
    ConditionSlot,
    FlagSlot,
    ManySlot,
    NumberSlot,
    OneSlot,
    Slot,
)
from tasuki.core.blueprint import SideMove
from tasuki.core.blueprint.outline import LINES
from tasuki.core.labels import Label


def stage_slots(names: Names) -> tuple[Slot, ...]:
    """Return the inputs of a stage."""
    return (
        code_slot(),
        department_slot("department", gettext_lazy("Who answers for it")),
        *label_slots(gettext_lazy("Name shown")),
        *label_slots(gettext_lazy("Entered when"), "enter_when", long=True),
        ConditionSlot(
            name="entry",
            path=("entry",),
            label=_("Only when"),
            help=_(
                "A condition that must hold besides the items, such as account.employees >= 50."
            ),
            wide=True,
        ),
        NumberSlot(
            name="stall_days",
            path=("stall_days",),
            label=_("Stalled after"),
            suffix=_("days"),
            help=_("Leave empty where resting is no fault."),
        ),
        NumberSlot(
            name="probability_ratio",
            path=("probability_ratio",),
            label=_("Probability of winning"),
            suffix="%",
            divisor=100,
        ),
        OneSlot(
            name="line",
            path=("line",),
            label=_("Line"),
            options=options_of(LINES.items()),
            usual="new",
            help=_("Renewals and expansions travel along lines of their own."),
        ),
        FlagSlot(name="wins", path=("wins",), label=_("Entering it is winning the contract")),
        ManySlot(
            name="direct_from",
            path=("direct_from",),
            label=_("May be entered directly from"),
            help=_("From these the stages between may be left out."),
            options=names.of("stages"),
            wide=True,
        ),
    )


MOVES: Final = {
    SideMove.RECYCLE: Label("育成に戻す", "Recycle"),
    SideMove.DISQUALIFY: Label("対象外にする", "Disqualify"),
    SideMove.LOSE: Label("失注にする", "Lose"),
    SideMove.CHURN: Label("解約にする", "Churn"),
}


def side_slots(names: Names) -> tuple[Slot, ...]:
    """Return the inputs of a side track."""
    return (
        code_slot(),
        department_slot("department", gettext_lazy("Who looks after it")),
        *label_slots(gettext_lazy("Name shown")),
        OneSlot(
            name="move",
            path=("move",),
            label=_("What puts a journey there"),
            options=options_of(MOVES.items()),
            blank=_("Choose"),
            required=True,
        ),
        *label_slots(gettext_lazy("Entered when"), "enter_when", long=True),
        ManySlot(
            name="from_stages",
            path=("from_stages",),
            label=_("From which stages"),
            options=names.of("stages"),
            required=True,
            wide=True,
        ),
        FlagSlot(
            name="needs_revisit_date",
            path=("needs_revisit_date",),
            label=_("Asks for the date to look again"),
        ),
        ManySlot(
            name="reactivates_to",
            path=("reactivates_to",),
            label=_("Taken up again at"),
            options=names.of("stages"),
            wide=True,
        ),
        reasons_slot(),
    )


def return_slots(names: Names) -> tuple[Slot, ...]:
    """Return the inputs of a rule for moving back."""
    ends = (("giver", _("Given back by")), ("taker", _("Given back to")))
    return (
        *(
            OneSlot(
                name=name,
                path=(name,),
                label=label,
                options=names.ends,
                blank=_("Choose"),
                required=True,
            )
            for name, label in ends
        ),
        reasons_slot(),
    )
