"""One input of the editor: where its value stands in an entry, and how it is read and written.

Nothing is judged here. What was typed goes into the draft as it is, and the one check of
blueprints tells what is wrong with it; so the editor, the file and the command line agree.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import Promise

from tasuki.blueprint.sheet import Entry

Options = Sequence[tuple[str, str]]

SPARE_ROWS: Final = 2
MOST_ROWS: Final = 100
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A line of text. `path` leads to its value inside the entry."""

    name: str
    path: tuple[str, ...]
    label: str | Promise
    help: str | Promise = ""
    required: bool = False
    wide: bool = False

    kind = "line"

    def shown(self, entry: Entry) -> Any:
        """Return what the input holds."""
        found = _at(entry, self.path)
        return "" if found is None else str(found)

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write what was typed into the entry; nothing typed takes the key out."""
        _put(entry, self.path, self.read(posted) or None)

    def read(self, posted: QueryDict) -> Any:
        """Return what was typed as the file is to hold it."""
        return _clean(posted.get(self.name, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class LongSlot(Slot):
    """A text of several lines."""

    kind = "long"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionSlot(Slot):
    """A condition, checked while it is typed."""

    kind = "condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSlot(Slot):
    """A number, kept as a number where it is one."""

    suffix: str | Promise = ""
    divisor: int = 1

    kind = "number"

    def shown(self, entry: Entry) -> Any:
        """Return the number as people type it."""
        found = _at(entry, self.path)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return f"{round(found * self.divisor, 6):g}"
        return "" if found is None else str(found)

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write a whole number, a fraction, or the text that is neither."""
        text = _clean(posted.get(self.name, ""))
        _put(entry, self.path, _number(text, self.divisor) if text else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSlot(Slot):
    """A tick. The file is silent where it stands at its usual value."""

    usual: bool = False

    kind = "flag"

    def shown(self, entry: Entry) -> Any:
        """Return whether it is ticked."""
        found = _at(entry, self.path)
        return self.usual if found is None else found is True

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write it where it is not as usual."""
        ticked = self.name in posted
        _put(entry, self.path, None if ticked is self.usual else ticked)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSlot(Slot):
    """One of several choices; a stored one that is no longer among them stays in sight."""

    options: Options
    blank: str | Promise | None = None
    usual: str = ""

    kind = "one"

    def offered(self, value: str) -> Options:
        """Return the choices, with a stored one that is none of them."""
        return offered(self.options, value)

    def shown(self, entry: Entry) -> Any:
        """Return the choice, the usual one where the file is silent."""
        found = _at(entry, self.path)
        return self.usual if found is None else str(found)

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write it where it is not the usual one."""
        chosen = _clean(posted.get(self.name, ""))
        _put(entry, self.path, chosen if chosen and chosen != self.usual else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManySlot(Slot):
    """Some of several choices. Those that stood there keep their order; new ones follow."""

    options: Options

    kind = "many"

    def offered(self, value: str) -> Options:
        """Return the choices, with a stored one that is none of them."""
        return offered(self.options, value)

    def shown(self, entry: Entry) -> Any:
        """Return the chosen codes."""
        found = _at(entry, self.path)
        return [str(code) for code in found] if isinstance(found, list) else []

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write the codes."""
        chosen = [str(code) for code in posted.getlist(self.name)]
        stood = [code for code in self.shown(entry) if code in chosen]
        _put(entry, self.path, [*stood, *(code for code in chosen if code not in stood)] or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesSlot(Slot):
    """A list of texts, one a line."""

    kind = "long"

    def shown(self, entry: Entry) -> Any:
        """Return the lines."""
        found = _at(entry, self.path)
        return "\n".join(str(line) for line in found) if isinstance(found, list) else ""

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write the lines that are not empty."""
        lines = _clean(posted.get(self.name, "")).split("\n")
        _put(entry, self.path, [line.strip() for line in lines if line.strip()] or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationSlot(Slot):
    """Working time in hours and minutes, written like `4h` or `90m`."""

    kind = "duration"

    def shown(self, entry: Entry) -> Any:
        """Return hours and minutes as typed; what cannot be read stands in the hours."""
        found = _at(entry, self.path)
        minutes = minutes_of(found)
        if minutes is None:
            return ("" if found is None else str(found), "")
        return (str(minutes // 60) if minutes >= 60 else "", str(minutes % 60 or ""))

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write the time in the largest unit that divides it, unless it is the same as before."""
        hours = _clean(posted.get(f"{self.name}_hours", ""))
        minutes = _clean(posted.get(f"{self.name}_minutes", ""))
        written = _duration(hours, minutes)
        same = minutes_of(written) == minutes_of(_at(entry, self.path))
        if not same or minutes_of(written) is None:
            _put(entry, self.path, written)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsSlot(Slot):
    """A short list of named codes, a row each; an emptied row goes."""

    flags: tuple[tuple[str, str | Promise], ...] = ()

    kind = "rows"

    def shown(self, entry: Entry) -> Any:
        """Return the rows there are and some to spare: code, names, ticks."""
        rows = [self._row(each) for each in _entries(entry, self.path)]
        return rows + [self._row({}) for _spare in range(SPARE_ROWS)]

    def take(self, entry: Entry, posted: QueryDict) -> None:
        """Write the rows that say something."""
        stood = _entries(entry, self.path)
        count = _clean(posted.get(f"{self.name}-rows", ""))
        rows = []
        for index in range(min(int(count) if count.isdecimal() else 0, MOST_ROWS)):
            row = dict(stood[index]) if index < len(stood) else {}
            if self._take_row(row, f"{self.name}-{index}", posted):
                rows.append(row)
        _put(entry, self.path, rows or None)

    def _row(self, row: Entry) -> dict[str, Any]:
        texts = {name: _at(row, path) or "" for name, path in _ROW_TEXTS}
        return texts | {name: row.get(name) is True for name, _label in self.flags}

    def _take_row(self, row: Entry, prefix: str, posted: QueryDict) -> bool:
        texts = {name: _clean(posted.get(f"{prefix}-{name}", "")) for name, _path in _ROW_TEXTS}
        for name, path in _ROW_TEXTS:
            _put(row, path, texts[name] or None)
        for name, _label in self.flags:
            _put(row, (name,), True if f"{prefix}-{name}" in posted else None)
        return any(texts.values())


_ROW_TEXTS: Final = (("code", ("code",)), ("ja", ("label", "ja")), ("en", ("label", "en")))


def offered(options: Options, value: str) -> Options:
    """Return choices with a stored value that is none of them, so that saving keeps it."""
    if not value or value in dict(options):
        return options
    return [*options, (value, value)]


@dataclass(frozen=True, slots=True)
class Bound:
    """A slot with what it holds and what is wrong with it."""

    slot: Slot
    value: Any
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The slots of one part."""

    slots: tuple[Slot, ...]
    entry: Entry = field(default_factory=dict)

    def bound(self, problems: Mapping[str, Sequence[str]]) -> tuple[Bound, ...]:
        """Return the inputs; `problems` are messages by the path inside the entry."""
        return tuple(
            Bound(slot, slot.shown(self.entry), _about(".".join(slot.path), problems))
            for slot in self.slots
        )

    def taken(self, posted: QueryDict) -> Entry:
        """Return the entry with what was typed."""
        for slot in self.slots:
            slot.take(self.entry, posted)
        return self.entry


def _about(path: str, problems: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What is wrong at a path, at what lies below it, or at the pair of names it belongs to."""
    above = path.rpartition(".")[0] if path.endswith((".ja", ".en")) else ""
    return tuple(
        text
        for place, texts in problems.items()
        if place == path or place.startswith((f"{path}.", f"{path}[")) or (above and place == above)
        for text in texts
    )


_DURATION = re.compile(r"([1-9][0-9]{0,4})(m|h|d)")
_UNITS: Final = {"m": 1, "h": 60, "d": 480}


def minutes_of(text: object) -> int | None:
    """Return the working minutes of a deadline as the file writes it; None when unreadable."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    return int(match[1]) * _UNITS[match[2]] if match else None


def _duration(hours: str, minutes: str) -> str | None:
    if not hours and not minutes:
        return None
    if not (hours or "0").isdecimal() or not (minutes or "0").isdecimal():
        return f"{hours}h {minutes}m" if hours and minutes else hours or minutes
    total = int(hours or 0) * 60 + int(minutes or 0)
    if total == 0:
        return "0m"
    return f"{total // 60}h" if total % 60 == 0 else f"{total}m"


def _number(text: str, divisor: int) -> int | float | str:
    if not _NUMBER.fullmatch(text) or len(text) > 12:
        return text
    value = float(text) / divisor
    return round(value, 8) if divisor > 1 or value != int(value) else int(value)


def _clean(text: object) -> str:
    return str(text).replace("\r\n", "\n").replace("\x00", "").strip()


def _entries(entry: Entry, path: Sequence[str]) -> list[Entry]:
    found = _at(entry, path)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _at(entry: Entry, path: Sequence[str]) -> Any:
    place: Any = entry
    for step in path:
        if not isinstance(place, dict):
            return None
        place = place.get(step)
    return place


def _put(entry: Entry, path: Sequence[str], value: Any) -> None:
    """Set a value; None takes its key out, and the mapping around it when that is left empty."""
    first, *rest = path
    if rest:
        inner = entry[first] if isinstance(entry.get(first), dict) else {}
        _put(inner, rest, value)
        value = inner or None
    if value is None:
        entry.pop(first, None)
    else:
        entry[first] = value
