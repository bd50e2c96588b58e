"""Saying a condition in words, with the labels of its fields."""

from collections.abc import Iterable
from datetime import date

from tasuki.core.conditions.fields import Fields
from tasuki.core.conditions.printer import print_value
from tasuki.core.conditions.tree import (
    And,
    Between,
    Compare,
    Condition,
    Contains,
    In,
    IsKnown,
    Leaf,
    Not,
    NotIn,
    Operator,
    Or,
    Today,
    Value,
)
from tasuki.core.labels import Label

_COMPARED = {
    Operator.EQ: Label("{field}が{value}である", "{field} is {value}"),
    Operator.NE: Label("{field}が{value}でない", "{field} is not {value}"),
    Operator.LT: Label("{field}が{value}より小さい", "{field} is below {value}"),
    Operator.LE: Label("{field}が{value}以下である", "{field} is at most {value}"),
    Operator.GT: Label("{field}が{value}より大きい", "{field} is above {value}"),
    Operator.GE: Label("{field}が{value}以上である", "{field} is at least {value}"),
}
_ON_DAYS = _COMPARED | {
    Operator.LT: Label("{field}が{value}より前である", "{field} is before {value}"),
    Operator.LE: Label("{field}が{value}以前である", "{field} is on or before {value}"),
    Operator.GT: Label("{field}が{value}より後である", "{field} is after {value}"),
    Operator.GE: Label("{field}が{value}以降である", "{field} is on or after {value}"),
}
_IN = Label("{field}が{value}のどれか", "{field} is one of {value}")
_NOT_IN = Label("{field}が{value}のどれでもない", "{field} is none of {value}")
_BETWEEN = Label("{field}が{value}の間", "{field} is between {value}")
_CONTAINS = Label("{field}が{value}を含む", "{field} contains {value}")
_KNOWN = Label("{field}が分かっている", "{field} is known")
_EMPTY = Label("{field}が空である", "{field} is empty")
_COMMAS = Label("・", ", ")
_ENDS = Label("から", " and ")


def describe_condition(*, condition: Condition, fields: Fields) -> Label:
    """Say a condition in words.

    Shape: one phrase in each language. A field that is not registered is named by its path.
    """
    match condition:
        case And(parts):
            return _joined(parts, fields, Label("、かつ", " and "))
        case Or(parts):
            return _joined(parts, fields, Label("、または", " or "))
        case Not(part):
            inner = describe_condition(condition=part, fields=fields)
            return Label(f"「{inner.ja}」に当てはまらない", f"not ({inner.en})")
        case leaf:
            return _leaf(leaf, fields)


def _joined(parts: Iterable[Condition], fields: Fields, word: Label) -> Label:
    phrases = [_bracketed(part, fields) for part in parts]
    return Label(
        word.ja.join(phrase.ja for phrase in phrases),
        word.en.join(phrase.en for phrase in phrases),
    )


def _bracketed(part: Condition, fields: Fields) -> Label:
    phrase = describe_condition(condition=part, fields=fields)
    if isinstance(part, And | Or):
        return Label(f"（{phrase.ja}）", f"({phrase.en})")
    return phrase


def _leaf(leaf: Leaf, fields: Fields) -> Label:
    spec = fields.get(leaf.field)
    field = spec.label if spec else Label(leaf.field, leaf.field)
    pattern, values, comma = _phrase(leaf)
    names = {choice.code: choice.label for choice in spec.choices} if spec else {}
    told = [_value(value, names) for value in values]
    return Label(
        pattern.ja.format(field=field.ja, value=comma.ja.join(one.ja for one in told)),
        pattern.en.format(field=field.en, value=comma.en.join(one.en for one in told)),
    )


def _phrase(leaf: Leaf) -> tuple[Label, tuple[Value, ...], Label]:
    match leaf:
        case Compare(_, operator, value):
            days = isinstance(value, date | Today)
            return (_ON_DAYS if days else _COMPARED)[operator], (value,), _COMMAS
        case In(_, values):
            return _IN, values, _COMMAS
        case NotIn(_, values):
            return _NOT_IN, values, _COMMAS
        case Between(_, low, high):
            return _BETWEEN, (low, high), _ENDS
        case Contains(_, text):
            return _CONTAINS, (text,), _COMMAS
        case IsKnown():
            return _KNOWN, (), _COMMAS
        case _:
            return _EMPTY, (), _COMMAS


def _value(value: Value, names: dict[str, Label]) -> Label:
    match value:
        case bool():
            return Label("「はい」", "yes") if value else Label("「いいえ」", "no")
        case str():
            name = names.get(value, Label(value, f'"{value}"'))
            return Label(f"「{name.ja}」", name.en)
        case Today(days):
            return _day(days)
        case _:
            text = print_value(value=value)
            return Label(text, text)


def _day(days: int) -> Label:
    if days == 0:
        return Label("今日", "today")
    unit = "day" if abs(days) == 1 else "days"
    if days < 0:
        return Label(f"{-days}日前", f"{-days} {unit} ago")
    return Label(f"{days}日後", f"{days} {unit} from now")
