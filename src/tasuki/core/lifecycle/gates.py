"""Whether a stage may be entered: its gate items answered, its entry condition met."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasuki.core.blueprint.items import GateItem
from tasuki.core.blueprint.types import Stage
from tasuki.core.conditions.evaluate import Facts, is_known, unmet_parts
from tasuki.core.conditions.fields import FieldKind
from tasuki.core.conditions.tree import Condition


@dataclass(frozen=True, slots=True)
class Unmet:
    """What stands in the way: items without an answer, and conditions by stage."""

    items: tuple[GateItem, ...] = ()
    conditions: tuple[tuple[str, Condition], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items or self.conditions)

    def with_items(self, items: tuple[GateItem, ...]) -> "Unmet":
        """Add items, each field asked for once."""
        asked = {item.fields for item in self.items}
        more = tuple(item for item in items if item.fields not in asked)
        return Unmet((*self.items, *more), self.conditions)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages whose entry condition does not hold, each once."""
        return tuple(dict.fromkeys(stage for stage, _condition in self.conditions))


def unmet_gates(*, stages: Iterable[Stage], facts: Facts, today: date) -> Unmet:
    """Find what is missing for entering the last of these stages over all before it.

    Shape: each item once, though several stages may ask for the same field, in stage order.
    """
    items: dict[tuple[str, ...], GateItem] = {}
    conditions: list[tuple[str, Condition]] = []
    for stage in stages:
        for item in stage.required_items:
            if not is_answered(item=item, facts=facts):
                items.setdefault(item.fields, item)
        if stage.entry is not None:
            parts = unmet_parts(condition=stage.entry, facts=facts, today=today)
            conditions += [(stage.code, part) for part in parts]
    return Unmet(tuple(items.values()), tuple(conditions))


def is_answered(*, item: GateItem, facts: Facts) -> bool:
    """Tell whether any field of the item has a real answer.

    A text needs a letter or a digit ("-" is no answer), a flag must be true, and a choice must
    be one of the choices.
    """
    return any(_is_real(facts.get(field), item) for field in item.fields)


def _is_real(value: object, item: GateItem) -> bool:
    if item.kind is FieldKind.FLAG:
        return value is True
    if item.choices:
        return value in {choice.code for choice in item.choices}
    return has_content(value) if isinstance(value, str) else is_known(value)


def has_content(text: str) -> bool:
    """Tell whether a text says anything: it has a letter or a digit of some script."""
    return any(character.isalnum() for character in text)
