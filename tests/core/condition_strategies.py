"""Random conditions over known fields, sound by construction."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tasuki.core.conditions import Condition, FieldKind, Fields, FieldSpec
from tasuki.core.conditions.tree import (
    And,
    Between,
    Compare,
    Contains,
    In,
    IsEmpty,
    IsKnown,
    Leaf,
    Not,
    NotIn,
    Operator,
    Or,
    Today,
    Value,
)

TEXTS = st.text(st.sampled_from("aAbＡａ株㈱カｶ%_\\\"' \n"), max_size=4)
NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, places=2, min_value=-400, max_value=400
)
HUGE = st.sampled_from([Decimal(10) ** 30, -(Decimal(10) ** 30), Decimal(2**31), Decimal(2**63)])
DAYS = st.dates(min_value=date(2026, 3, 20), max_value=date(2026, 4, 10))
ENDS = st.sampled_from([date.min, date.max])
RELATIVE = st.builds(Today, st.integers(-15, 15) | st.sampled_from([10**7, -(10**7)]))
EQUALITY = st.sampled_from([Operator.EQ, Operator.NE])
ORDER = st.sampled_from(list(Operator))


def conditions(
    fields: Fields, examples: Mapping[str, Sequence[Value]] | None = None
) -> st.SearchStrategy[Condition]:
    """Draw conditions on these fields; `examples` are values worth meeting."""
    examples = examples or {}
    leaf = st.sampled_from(sorted(fields)).flatmap(
        lambda path: leaves_of(fields[path], examples.get(path, ()))
    )
    return st.recursive(leaf, _joined, max_leaves=8)


def _joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(And, parts) | st.builds(Or, parts)


def leaves_of(spec: FieldSpec, examples: Sequence[Value] = ()) -> st.SearchStrategy[Leaf]:
    """Draw comparisons that make sense for a field."""
    path = st.just(spec.path)
    values = _values(spec)
    if examples:
        values = st.sampled_from(list(examples)) | values
    several = st.lists(values, min_size=1, max_size=3).map(tuple)
    known = st.builds(IsKnown, path) | st.builds(IsEmpty, path)
    member = st.builds(In, path, several) | st.builds(NotIn, path, several)
    compared: st.SearchStrategy[Leaf]
    if spec.kind in (FieldKind.TEXT, FieldKind.CHOICE, FieldKind.FLAG):
        compared = st.builds(Compare, path, EQUALITY, values)
    else:
        compared = st.builds(Compare, path, ORDER, values) | st.builds(
            Between, path, values, values
        )
    if spec.kind is FieldKind.TEXT:
        compared |= st.builds(Contains, path, TEXTS)
    return known | member | compared


def _values(spec: FieldSpec) -> st.SearchStrategy[Value]:
    if spec.choices:
        return st.sampled_from([choice.code for choice in spec.choices])
    match spec.kind:
        case FieldKind.TEXT | FieldKind.CHOICE:
            return TEXTS
        case FieldKind.FLAG:
            return st.booleans()
        case FieldKind.NUMBER | FieldKind.MONEY:
            return NUMBERS | st.integers(-3, 3).map(Decimal) | HUGE
        case FieldKind.DATE | FieldKind.DATETIME:
            return DAYS | RELATIVE | ENDS
