"""The input that says where an item's answer is kept."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from tasuki.blueprint.forms.slots import ManySlot, OneSlot
from tasuki.blueprint.sheet import Entry
from tasuki.core.conditions.fields import ANSWERS_PREFIX, STANDARD_FIELDS

OWN: Final = "own"
"""The choice that stands for an answer of one's own, named beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSlot(OneSlot):
    """A column, an answer that exists already, or an answer of one's own by a new name."""

    kind = "field"

    def shown(self, entry: Entry) -> Any:
        """Return the path, and the name of an answer of one's own."""
        found = str(entry.get("field") or "")
        if found.startswith(ANSWERS_PREFIX) and found not in dict(self.options):
            return (OWN, found.removeprefix(ANSWERS_PREFIX))
        return (found, "")

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write the path."""
        chosen = str(posted.get(self.name, "")).strip()
        name = str(posted.get(f"{self.name}_own", "")).strip()
        path = f"{ANSWERS_PREFIX}{name}" if chosen == OWN and name else chosen
        if path and path != OWN:
            entry["field"] = path
        else:
            entry.pop("field", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InsteadSlot(ManySlot):
    """Paths that answer the item as well: a choice for each, and one to spare."""

    kind = "instead"

    def shown(self, entry: Entry) -> Any:
        """Return the chosen paths and an empty one."""
        return [*ManySlot.shown(self, entry), ""]

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write the paths that were chosen, each once."""
        chosen = [str(path) for path in posted.getlist(self.name) if path]
        if chosen:
            entry["alternatives"] = list(dict.fromkeys(chosen))
        else:
            entry.pop("alternatives", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSlot(OneSlot):
    """The kind of an answer of one's own; a column has its kind."""

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write the kind, unless the column says it. Comes after the path."""
        OneSlot.take(self, entry, posted)
        if entry.get("field") in STANDARD_FIELDS:
            entry.pop("kind", None)
