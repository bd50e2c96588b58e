"""What the inputs of several parts have in common: names of codes, codes, labels, reasons."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasuki.blueprint.forms.slots import LongSlot, OneSlot, Options, RowsSlot, Slot
from tasuki.blueprint.sheet import Entry, Sheet
from tasuki.core.conditions.fields import ANSWERS_PREFIX, STANDARD_FIELDS
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.people.models import Team
from tasuki.ui.speaking import language

Text = str | Promise

ITEMS: Final = {"stages": "gate", "contracts": "items"}
"""The parts that ask for items, and under which key they list them."""


class Names:
    """What codes are called in a draft, sound or not."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def of(self, part: str) -> Options:
        """Return the codes of a part with their names."""
        return [
            (str(entry.get("code") or entry.get("key")), named(entry))
            for entry in self._sheet.entries(part)
            if isinstance(entry, dict) and (entry.get("code") or entry.get("key"))
        ]

    @property
    def ends(self) -> Options:
        """Return what a return rule may speak of: departments and stages."""
        return [*departments(), *self.of("stages")]

    @property
    def fields(self) -> Options:
        """Return every path an item may ask for: columns, and the answers of this draft."""
        standard = [(path, spec.label.text(language())) for path, spec in STANDARD_FIELDS.items()]
        answers = {
            str(item["field"]): named(item)
            for item in self._items()
            if str(item.get("field", "")).startswith(ANSWERS_PREFIX)
        }
        return [*answers.items(), *standard]

    @property
    def teams(self) -> Options:
        """Return the teams by the name that the file knows them by."""
        teams = Team.objects.filter(is_active=True)
        return [(team.name_ja, team.name) for team in teams]

    def _items(self) -> Iterator[Entry]:
        for part, inner in ITEMS.items():
            for index in range(len(self._sheet.entries(part))):
                for item in self._sheet.entries(part, index, inner):
                    if isinstance(item, dict):
                        yield item


def named(entry: Entry) -> str:
    """Return the name of an entry in the language of the page, else its code."""
    label = entry.get("label")
    names: dict[str, Any] = label if isinstance(label, dict) else {}
    other = names.get("ja") or names.get("en")
    return str(names.get(language()) or other or entry.get("code") or entry.get("key") or "")


def departments() -> Options:
    """Return the four departments."""
    return [(each.value, each.label.text(language())) for each in Department]


CODE_HELP = gettext_lazy(
    "Letters, digits and _, beginning with a letter. Journeys remember it, so keep it once it is "
    "in use; the name can change at any time."
)


def code_slot(name: str = "code") -> Slot:
    return Slot(name=name, path=(name,), label=gettext_lazy("Code"), help=CODE_HELP, required=True)


def label_slots(label: Text, name: str = "label", *, long: bool = False) -> tuple[Slot, Slot]:
    made = LongSlot if long else Slot
    ja, en = (
        made(name=f"{name}_{code}", path=(name, code), label=text, required=True)
        for code, text in (
            ("ja", _("%(what)s (Japanese)") % {"what": label}),
            ("en", _("%(what)s (English)") % {"what": label}),
        )
    )
    return ja, en


def department_slot(name: str, label: Text) -> OneSlot:
    return OneSlot(
        name=name,
        path=(name,),
        label=label,
        options=departments(),
        blank=_("Choose"),
        required=True,
    )


def options_of(labels: Iterable[tuple[Any, Label]]) -> Options:
    return [(str(each), label.text(language())) for each, label in labels]


REASON_FLAGS: Final = (("needs_note", gettext_lazy("Asks for a note")),)
RETURN_FLAGS: Final = (
    *REASON_FLAGS,
    ("names_item", gettext_lazy("Names the missing item")),
)


def reasons_slot(flags: tuple[tuple[str, Text], ...] = REASON_FLAGS) -> RowsSlot:
    return RowsSlot(
        name="reasons",
        path=("reasons",),
        label=_("Reasons"),
        help=_("Few, and each one calls for a different act. An emptied row is left out."),
        flags=flags,
        required=True,
        wide=True,
    )
