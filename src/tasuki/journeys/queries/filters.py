"""What a list of journeys is narrowed by, read from an address and written back to one.

Unknown and broken values are left out and told, never an error: an address may be old, shared or
typed by hand. Parameter names are stable; figures link to their records by them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, Protocol, Self

from tasuki.core.blueprint import Blueprint
from tasuki.core.departments import Department
from tasuki.core.lifecycle import Exit

ME: Final = "me"
NOBODY: Final = "none"
STATES: Final = ("open", "side", "closed")
NEXT_ACTIONS: Final = ("overdue", "today", "week", "none")
TEMPERATURES: Final = ("hot", "warm", "cold")
KINDS: Final = ("new", "renewal", "expansion")
LARGEST: Final = 2**63 - 1
MAX_VALUES: Final = 50
MAX_TEXT: Final = 100


@dataclass(frozen=True, slots=True)
class FilterProblem:
    """A value of an address that could not be used."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyFilter:
    """The conditions of a list; all of them hold. Within one, any of the values does.

    `entered_…`, `left_…`, `open_on`, `exit`, `reason`, `to` and `first` speak about a stay: then
    `stage`, `department`, `owner` and `team` are those of that stay, not what the journey shows
    now. `first` is `journey` for the stay that began a journey, `held` for the first one that the
    chosen owners or teams held; `won` keeps journeys that ever reached the winning stage. Days are
    calendar days of the business time zone, the last one included. Amounts are in minor units of
    the reporting currency.
    """

    stage: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    exit: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    campaign: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    motion: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    temperature: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    next_action: tuple[str, ...] = ()
    stalled: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    won: tuple[str, ...] = ()
    open_on: date | None = None
    entered_from: date | None = None
    entered_to: date | None = None
    left_from: date | None = None
    left_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    q: str = ""
    problems: tuple[FilterProblem, ...] = field(default=(), compare=False)

    @property
    def is_about_stays(self) -> bool:
        """Whether a condition speaks about a stay rather than about where the journey is now."""
        dates = (self.entered_from, self.entered_to, self.left_from, self.left_to, self.open_on)
        return bool(self.exit or self.reason or self.to or self.first) or any(dates)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return not any(True for _ in self.parameters())

    def parameters(self) -> Iterator[tuple[str, str]]:
        """This will yield the name and value of each condition, as they stand in an address."""
        for spec in fields(self):
            if spec.name == "problems":
                continue
            value = getattr(self, spec.name)
            if isinstance(value, tuple):
                yield from ((spec.name, each) for each in value)
            elif value not in (None, ""):
                yield spec.name, _written(value)

    def without(self, name: str, value: str | None = None) -> Self:
        """This will return the filter without one condition, or one value of it."""
        present = getattr(self, name)
        rest: Any = "" if name == "q" else None
        if isinstance(present, tuple):
            rest = tuple(each for each in present if value is not None and each != value)
        changed: dict[str, Any] = {name: rest}
        return replace(self, **changed)


class Parameters(Protocol):
    """The parameters of an address: Django's `QueryDict`."""

    def getlist(self, key: str, /) -> Sequence[Any]:
        """Return every value of a name."""


def read_filter(*, parameters: Parameters, blueprint: Blueprint) -> JourneyFilter:
    """This will return the filter that an address asks for; `problems` tells what was left out.

    Several values of a name are repeated or divided by commas.
    """
    reader = _Reader(parameters)
    values: dict[str, Any] = {
        name: reader.chosen(name, allowed) for name, allowed in _choices(blueprint).items()
    }
    for name in ("reason", "channel", "segment"):
        values[name] = reader.texts(name)
    for name, words in _NUMBERED.items():
        values[name] = reader.numbers(name, words)
    for name in ("open_on", "entered_from", "entered_to", "left_from", "left_to"):
        values[name] = reader.day(name)
    for name in ("amount_from", "amount_to"):
        values[name] = reader.amount(name)
    return JourneyFilter(**values, q=reader.text("q"), problems=tuple(reader.problems))


_NUMBERED: Final[Mapping[str, frozenset[str]]] = {
    "campaign": frozenset(),
    "account": frozenset(),
    "team": frozenset({NOBODY}),
    "owner": frozenset({ME, NOBODY}),
}


def _choices(blueprint: Blueprint) -> dict[str, frozenset[str]]:
    return {
        "stage": frozenset(place.code for place in blueprint.places),
        "department": frozenset(Department),
        "state": frozenset(STATES),
        "exit": frozenset(Exit),
        "motion": frozenset(motion.code for motion in blueprint.motions),
        "kind": frozenset(KINDS),
        "temperature": frozenset(TEMPERATURES),
        "next_action": frozenset(NEXT_ACTIONS),
        "stalled": frozenset({"yes"}),
        "to": frozenset(place.code for place in blueprint.places),
        "first": frozenset({"journey", "held"}),
        "won": frozenset({"1"}),
    }


class _Reader:
    """Reads values of an address and keeps what it could not read."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self.problems: list[FilterProblem] = []

    def texts(self, name: str) -> tuple[str, ...]:
        given = [str(text) for text in self._parameters.getlist(name)]
        parts = [part.strip() for text in given for part in text.split(",")]
        usable = list(dict.fromkeys(part for part in parts if part and _is_text(part)))
        self._tell(name, [part for part in parts if part and not _is_text(part)])
        self._tell(name, usable[MAX_VALUES:])
        return tuple(usable[:MAX_VALUES])

    def chosen(self, name: str, allowed: frozenset[str]) -> tuple[str, ...]:
        given = [text for text in self.texts(name) if text != "all"]
        self._tell(name, [text for text in given if text not in allowed])
        return tuple(text for text in given if text in allowed)

    def numbers(self, name: str, words: frozenset[str]) -> tuple[str, ...]:
        given = self.texts(name)
        good = [text for text in given if text in words or _is_key(text)]
        self._tell(name, [text for text in given if text not in good])
        return tuple(good)

    def text(self, name: str) -> str:
        given = " ".join(str(text) for text in self._parameters.getlist(name))
        return given.replace("\x00", "").strip()[:MAX_TEXT]

    def day(self, name: str) -> date | None:
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._tell(name, [text])
            return None

    def amount(self, name: str) -> int | None:
        text = self.text(name).replace(",", "")
        if text and not (_is_number(text) and int(text) <= LARGEST):
            self._tell(name, [text])
            return None
        return int(text) if text else None

    def _tell(self, name: str, values: Sequence[str]) -> None:
        self.problems += [FilterProblem(name, value[:MAX_TEXT]) for value in values]


def _is_text(text: str) -> bool:
    return "\x00" not in text and len(text) <= MAX_TEXT


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < MAX_TEXT


def _is_key(text: str) -> bool:
    return _is_number(text) and 0 < int(text) <= LARGEST


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
