"""The parts of a blueprint as the editor shows them: their names and their inputs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tasuki.blueprint.forms.agreements import contract_slots, item_slots
from tasuki.blueprint.forms.dividing import assignment_slots, motion_rule_slots, motion_slots
from tasuki.blueprint.forms.places import return_slots, side_slots, stage_slots
from tasuki.blueprint.forms.shared import CODE_HELP, ITEMS, Names, Text, label_slots, named
from tasuki.blueprint.forms.slots import Form, OneSlot, Slot
from tasuki.blueprint.sheet import Entry, Sheet


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the blueprint. `key` is the name of the codes of its entries."""

    slug: str
    title: Text
    singular: Text
    new: Text
    help: Text
    slots: Callable[[Names], tuple[Slot, ...]]
    key: str = "code"

    def form(self, sheet: Sheet, index: int) -> Form:
        """Return the inputs of one entry; the one after the last is a new one.

        Raises: NoSuchPart.
        """
        return Form(self.slots(Names(sheet)), sheet.entry((self.slug,), index))

    def title_of(self, entry: Entry, sheet: Sheet) -> str:
        """Return what an entry is called, as far as it has a name."""
        if self.slug == "returns":
            names = dict(Names(sheet).ends)
            giver, taker = (str(entry.get(end) or "?") for end in ("giver", "taker"))
            return f"{names.get(giver, giver)} → {names.get(taker, taker)}" if entry else ""
        if self.slug == "motion_rules":
            return str(entry.get("when") or "")
        return named(entry)


def whole_form(sheet: Sheet) -> Form:
    """Return the inputs of what belongs to no part: name and usual motion."""
    slots = (
        Slot(name="key", path=("key",), label=_("Short name"), help=CODE_HELP, required=True),
        *label_slots(gettext_lazy("Name of the process")),
        OneSlot(
            name="default_motion",
            path=("default_motion",),
            label=_("Usual motion"),
            help=_("How work is divided when no rule says otherwise."),
            options=Names(sheet).of("motions"),
            blank=_("Choose"),
            required=True,
        ),
    )
    return Form(slots, sheet.tree)


def item_form(sheet: Sheet, part: str, index: int, item: int) -> Form:
    """Return the inputs of one item of a gate or a contract. Raises: NoSuchPart."""
    return Form(item_slots(Names(sheet)), sheet.entry((part, index, ITEMS[part]), item))


PARTS: Final = {
    part.slug: part
    for part in (
        Part(
            "stages",
            gettext_lazy("Stages"),
            pgettext_lazy("part of a process", "Stage"),
            gettext_lazy("Add a stage"),
            gettext_lazy("Where journeys rest on the way forward, in this order."),
            stage_slots,
        ),
        Part(
            "contracts",
            gettext_lazy("Hand-off contracts"),
            gettext_lazy("Hand-off contract"),
            gettext_lazy("Add a contract"),
            gettext_lazy(
                "What is handed over between departments, by when, and why it may return."
            ),
            contract_slots,
            key="key",
        ),
        Part(
            "sides",
            gettext_lazy("Side tracks"),
            gettext_lazy("Side track"),
            gettext_lazy("Add a side track"),
            gettext_lazy("Where journeys go when they cannot go on, and why."),
            side_slots,
        ),
        Part(
            "returns",
            gettext_lazy("Moving back"),
            gettext_lazy("Rule for moving back"),
            gettext_lazy("Add a rule for moving back"),
            gettext_lazy("Who may give back to whom, and why."),
            return_slots,
            key="giver",
        ),
        Part(
            "motions",
            gettext_lazy("Motions"),
            gettext_lazy("Motion"),
            gettext_lazy("Add a motion"),
            gettext_lazy("Ways of dividing the work; they decide who owns and nothing else."),
            motion_slots,
        ),
        Part(
            "motion_rules",
            gettext_lazy("Rules that choose the motion"),
            gettext_lazy("Motion rule"),
            gettext_lazy("Add a motion rule"),
            gettext_lazy("Read from the top; the first that holds counts."),
            motion_rule_slots,
            key="when",
        ),
        Part(
            "assignment",
            gettext_lazy("Who takes a journey"),
            gettext_lazy("Assignment rule"),
            gettext_lazy("Add an assignment rule"),
            gettext_lazy("Read from the top; the first that fits decides."),
            assignment_slots,
            key="key",
        ),
    )
}
"""The lists of a blueprint, in the order in which they are worked on."""
