"""Conditions as a filter over journeys: the database gives the answer of `core.conditions`.

Negation is pushed down to the comparisons, so that no NOT ever meets a NULL: every leaf is
written as the rows it holds for and the rows it does not hold for, unknown facts among the latter.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Final, Protocol

from django.db.models import Case, DecimalField, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Collate
from django.db.models.lookups import (
    Contains as ContainsLookup,
)
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Lookup,
    Regex,
)

from tasuki.core.conditions import (
    Condition,
    ConditionProblem,
    FieldKind,
    Fields,
    check_condition,
    tree,
)
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.conditions.fields import ANSWERS_PREFIX
from tasuki.core.conditions.tree import Operator

COLUMNS: Final = {
    "account.name": "account__name",
    "account.domain": "account__domain",
    "account.corporate_number": "account__corporate_number",
    "account.industry": "account__industry",
    "account.employees": "account__employees",
    "account.prefecture": "account__prefecture",
    "account.segment": "account__segment",
    "account.is_named": "account__is_named",
    "person.email": "person__email",
    "person.phone": "person__phone",
    "person.title": "person__title",
    "person.department": "person__department",
    "person.role": "person__role",
    "journey.kind": "kind",
    "journey.stage": "stage",
    "journey.department": "department",
    "journey.motion": "motion",
    "journey.cycle": "cycle",
    "journey.channel": "channel__code",
    "journey.campaign": "campaign__name",
    "journey.source": "source",
    "journey.owner_id": "owner_id",
    "journey.amount_minor": "amount_minor",
    "journey.currency": "currency",
    "journey.temperature": "temperature",
    "journey.fit": "fit",
    "journey.opened_at": "opened_at",
    "journey.entered_at": "entered_at",
    "journey.expected_close_date": "expected_close_date",
    "journey.next_action_date": "next_action_date",
}
"""Where each standard fact is kept, seen from a journey."""

_NOTHING: Final = Q(pk__in=[])
_OPPOSITE: Final = {
    Operator.EQ: Operator.NE,
    Operator.NE: Operator.EQ,
    Operator.LT: Operator.GE,
    Operator.GE: Operator.LT,
    Operator.GT: Operator.LE,
    Operator.LE: Operator.GT,
}
_LOOKUPS: Final = {
    Operator.LT: "lt",
    Operator.LE: "lte",
    Operator.GT: "gt",
    Operator.GE: "gte",
}
_EXPRESSION_LOOKUPS: Final[dict[Operator, type[Lookup[bool]]]] = {
    Operator.LT: LessThan,
    Operator.LE: LessThanOrEqual,
    Operator.GT: GreaterThan,
    Operator.GE: GreaterThanOrEqual,
}
_TEXTS: Final = frozenset({FieldKind.TEXT, FieldKind.CHOICE})
_NUMBERS: Final = frozenset({FieldKind.NUMBER, FieldKind.MONEY})

_Plain = str | bool | Decimal | date


class UnableToCompile(ValueError):
    """The condition speaks of unknown fields or compares what cannot be compared."""

    def __init__(self, problems: Sequence[ConditionProblem]) -> None:
        super().__init__("; ".join(problem.message.en for problem in problems))
        self.problems = tuple(problems)


def compile_condition(*, condition: Condition, fields: Fields, today: date) -> Q:
    """This will return the condition as a filter for journeys.

    Shape: a Q over `Journey`; it selects exactly the rows on whose facts `evaluate` says true.
    `today` is the day in Asia/Tokyo. Source: docs/decisions/0003-conditions-language.md.

    Raises:
        UnableToCompile: a field is unknown or a type does not fit.
    """
    problems = check_condition(condition=condition, fields=fields)
    if problems:
        raise UnableToCompile(problems)
    return _Compiler(fields, today).compile(condition, wanted=True)


class _Operand(Protocol):
    """One fact in SQL. Only `is_known` speaks of any value; the rest of values of its kind."""

    def known(self) -> Q: ...

    def unknown(self) -> Q: ...

    def comparable(self) -> Q: ...

    def incomparable(self) -> Q: ...

    def compare(self, operator: Operator, value: _Plain) -> Q:
        """Hold for the rows whose comparable value compares so; for no others."""
        ...

    def contains(self, text: str) -> Q: ...


@dataclass(frozen=True, slots=True)
class _Compiler:
    fields: Fields
    today: date

    def compile(self, condition: Condition, *, wanted: bool) -> Q:
        match condition:
            case tree.And(parts) | tree.Or(parts):
                compiled = [self.compile(part, wanted=wanted) for part in parts]
                both = isinstance(condition, tree.And) == wanted
                return reduce(and_ if both else or_, compiled)
            case tree.Not(part):
                return self.compile(part, wanted=not wanted)
            case leaf:
                return self._leaf(leaf, wanted=wanted)

    def _leaf(self, leaf: tree.Leaf, *, wanted: bool) -> Q:
        operand = self._operand(leaf.field)
        match leaf:
            case tree.IsKnown():
                return operand.known() if wanted else operand.unknown()
            case tree.IsEmpty():
                return operand.unknown() if wanted else operand.known()
            case tree.Contains(_, text):
                if wanted:
                    return operand.comparable() & operand.contains(text)
                return operand.incomparable() | (operand.comparable() & ~operand.contains(text))
            case _:
                return self._comparison(operand, leaf, wanted=wanted)

    def _comparison(
        self,
        operand: _Operand,
        leaf: tree.Compare | tree.In | tree.NotIn | tree.Between,
        *,
        wanted: bool,
    ) -> Q:
        pairs, every = self._pairs(leaf)
        if wanted:
            tests = [operand.compare(compared, value) for compared, value in pairs]
            return reduce(and_ if every else or_, tests)
        tests = [operand.compare(_OPPOSITE[compared], value) for compared, value in pairs]
        return operand.incomparable() | reduce(or_ if every else and_, tests)

    def _pairs(
        self, leaf: tree.Compare | tree.In | tree.NotIn | tree.Between
    ) -> tuple[list[tuple[Operator, _Plain]], bool]:
        """Break a leaf into single comparisons, and say whether every one must hold."""
        match leaf:
            case tree.Compare(_, compared, value):
                return [(compared, self._plain(value))], True
            case tree.In(_, values):
                return [(Operator.EQ, self._plain(value)) for value in values], False
            case tree.NotIn(_, values):
                return [(Operator.NE, self._plain(value)) for value in values], True
            case between:
                low, high = self._plain(between.low), self._plain(between.high)
                return [(Operator.GE, low), (Operator.LE, high)], True

    def _plain(self, value: tree.Value) -> _Plain:
        return value.on(self.today) if isinstance(value, tree.Today) else value

    def _operand(self, path: str) -> _Operand:
        kind = self.fields[path].kind
        if path.startswith(ANSWERS_PREFIX):
            return _Answer(path.removeprefix(ANSWERS_PREFIX), kind)
        return _Column(COLUMNS[path], kind)


@dataclass(frozen=True, slots=True)
class _Column:
    path: str
    kind: FieldKind

    def known(self) -> Q:
        present = self._lookup("isnull", value=False)
        return present & ~self._lookup("exact", "") if self.kind in _TEXTS else present

    def unknown(self) -> Q:
        absent = self._lookup("isnull", value=True)
        return absent | self._lookup("exact", "") if self.kind in _TEXTS else absent

    comparable = known
    incomparable = unknown

    def contains(self, text: str) -> Q:
        return self._lookup("contains", text)

    def compare(self, operator: Operator, value: _Plain) -> Q:
        if self.kind is FieldKind.DATETIME and isinstance(value, date):
            return self._on_day(operator, value)
        if isinstance(value, Decimal):
            return self._whole(operator, value)
        return self._plainly(operator, value)

    def _plainly(self, operator: Operator, value: object) -> Q:
        if operator is Operator.EQ:
            return self.known() & self._lookup("exact", value)
        if operator is Operator.NE:
            return self.known() & ~self._lookup("exact", value)
        # Beyond the range of its column Django drops a comparison, unknown values included.
        return self.known() & self._lookup(_LOOKUPS[operator], value)

    def _whole(self, operator: Operator, value: Decimal) -> Q:
        """Compare a column of whole numbers; a fraction moves to the next whole number."""
        floor = math.floor(value)
        if floor == value:
            return self._plainly(operator, floor)
        match operator:
            case Operator.EQ:
                return _NOTHING
            case Operator.NE:
                return self.known()
            case Operator.LT | Operator.LE:
                return self._plainly(Operator.LE, floor)
            case _:
                return self._plainly(Operator.GE, floor + 1)

    def _on_day(self, operator: Operator, day: date) -> Q:
        """Compare an instant with a day in Asia/Tokyo, from its first instant to the next day's."""
        starts = datetime.combine(day, time(), tzinfo=BUSINESS_ZONE)
        following = day if day == date.max else day + timedelta(days=1)
        ends = datetime.combine(following, time(), tzinfo=BUSINESS_ZONE)
        before, after = self._lookup("lt", starts), self._lookup("gte", ends)
        match operator:
            case Operator.LT:
                return before
            case Operator.LE:
                return self._lookup("lt", ends)
            case Operator.GT:
                return after
            case Operator.GE:
                return self._lookup("gte", starts)
            case Operator.EQ:
                return self._lookup("gte", starts) & self._lookup("lt", ends)
            case _:
                return before | after

    def _lookup(self, lookup: str, value: object) -> Q:
        return Q((f"{self.path}__{lookup}", value))


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer to a gate, kept in JSON; of another JSON type than its kind it is incomparable."""

    key: str
    kind: FieldKind

    def known(self) -> Q:
        return Q(GreaterThan(self._text(), Value("")))

    def unknown(self) -> Q:
        return _is_null(self._text(), wanted=True) | Q(Exact(self._text(), Value("")))

    def comparable(self) -> Q:
        return _is_null(self._typed(), wanted=False)

    def incomparable(self) -> Q:
        return _is_null(self._typed(), wanted=True)

    def contains(self, text: str) -> Q:
        return Q(ContainsLookup(self._typed(), text))

    def compare(self, operator: Operator, value: _Plain) -> Q:
        right = self._right(value)
        if operator is Operator.EQ:
            return Q(Exact(self._typed(), right))
        if operator is Operator.NE:
            return self.comparable() & ~Q(Exact(self._typed(), right))
        return Q(_EXPRESSION_LOOKUPS[operator](self._typed(), right))

    def _text(self) -> KeyTextTransform:
        return KeyTextTransform(self.key, F("answers"))

    def _typed(self) -> Combinable:
        """Give the value where it is of the answer's kind, else NULL."""
        if self.kind in _NUMBERS:
            return self._when("number", _Numeric(self._text()))
        if self.kind is FieldKind.FLAG:
            return self._when("boolean", self._text())
        if self.kind is FieldKind.DATE:
            day = Q(Regex(self._text(), "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))
            return self._when("string", Collate(self._text(), "C"), day)
        return self._when("string", self._text(), Q(GreaterThan(self._text(), Value(""))))

    def _when(self, json_type: str, then: Combinable, also: Q | None = None) -> Combinable:
        is_type = Q(Exact(_JsonType(KeyTransform(self.key, F("answers"))), Value(json_type)))
        return Case(When(is_type & also if also else is_type, then=then))

    def _right(self, value: _Plain) -> Value:
        match value:
            case bool():
                return Value("true" if value else "false")
            case date():
                return Value(value.isoformat())
            case Decimal():
                return Value(value, output_field=DecimalField())
            case _:
                return Value(value)


def _is_null(expression: Combinable, *, wanted: bool) -> Q:
    return Q(IsNull(expression, wanted))


class _JsonType(Func):
    function = "jsonb_typeof"
    output_field = TextField()


class _Numeric(Func):
    template = "(%(expressions)s)::numeric"
    output_field = DecimalField()
