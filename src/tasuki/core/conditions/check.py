"""Judging a condition before it is used: do its fields exist, do the types fit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tasuki.core.conditions.fields import FieldKind, Fields, FieldSpec
from tasuki.core.conditions.printer import print_value
from tasuki.core.conditions.tree import (
    Between,
    Compare,
    Condition,
    Contains,
    In,
    Leaf,
    NotIn,
    Operator,
    Today,
    Value,
    leaves,
)
from tasuki.core.labels import Label, Message
from tasuki.core.spelling import did_you_mean

_TEXTS = frozenset({FieldKind.TEXT, FieldKind.CHOICE})
_NUMBERS = frozenset({FieldKind.NUMBER, FieldKind.MONEY})
_ORDERED = _NUMBERS | {FieldKind.DATE, FieldKind.DATETIME}
_FOR_EQUALITY = frozenset({Operator.EQ, Operator.NE})

_WANTED = {
    FieldKind.TEXT: Label('引用符で囲んだ文字（"…"）', 'a text in quotes ("…")'),
    FieldKind.CHOICE: Label('引用符で囲んだ選択肢（"…"）', 'one of its choices in quotes ("…")'),
    FieldKind.DATE: Label(
        "日付（2026-04-01 や today - 30 days）", "a date (2026-04-01, today - 30 days)"
    ),
    FieldKind.DATETIME: Label(
        "日付（2026-04-01 や today - 30 days）", "a date (2026-04-01, today - 30 days)"
    ),
    FieldKind.MONEY: Label("数", "a number"),
    FieldKind.NUMBER: Label("数", "a number"),
    FieldKind.FLAG: Label("true か false", "true or false"),
}


class ConditionRule(StrEnum):
    """What a condition may get wrong."""

    UNKNOWN_FIELD = "unknown_field"
    WRONG_TYPE = "wrong_type"
    WRONG_COMPARISON = "wrong_comparison"
    UNKNOWN_CHOICE = "unknown_choice"


@dataclass(frozen=True, slots=True)
class ConditionProblem:
    """One thing that is wrong with one field's comparison."""

    rule: ConditionRule
    field: str
    message: Message


def check_condition(*, condition: Condition, fields: Fields) -> tuple[ConditionProblem, ...]:
    """Find everything that is wrong with a condition.

    Shape: one problem per wrong comparison or value, from left to right; empty when it may be
    evaluated and compiled.
    """
    return tuple(problem for leaf in leaves(condition) for problem in _problems(leaf, fields))


def _problems(leaf: Leaf, fields: Fields) -> list[ConditionProblem]:
    spec = fields.get(leaf.field)
    if spec is None:
        hint = did_you_mean(word=leaf.field, known=fields)
        message = Label(
            f"「{leaf.field}」という項目はありません。{hint.ja}",
            f'There is no field "{leaf.field}".{hint.en}',
        )
        return [ConditionProblem(ConditionRule.UNKNOWN_FIELD, leaf.field, message)]
    if not _comparable(leaf, spec.kind):
        message = Label(
            f"「{spec.label.ja}」はこの比べ方ができません。",
            f'"{spec.label.en}" cannot be compared in this way.',
        )
        return [ConditionProblem(ConditionRule.WRONG_COMPARISON, leaf.field, message)]
    return [problem for value in _values(leaf) if (problem := _judge_value(value, spec))]


def _comparable(leaf: Leaf, kind: FieldKind) -> bool:
    match leaf:
        case Compare(_, operator, _):
            return kind in _ORDERED or operator in _FOR_EQUALITY
        case Between():
            return kind in _ORDERED
        case Contains():
            return kind is FieldKind.TEXT
        case _:
            return True


def _values(leaf: Leaf) -> tuple[Value, ...]:
    match leaf:
        case Compare(_, _, value):
            return (value,)
        case Between(_, low, high):
            return (low, high)
        case In(_, values) | NotIn(_, values):
            return values
        case Contains(_, text):
            return (text,)
        case _:
            return ()


def _judge_value(value: Value, spec: FieldSpec) -> ConditionProblem | None:
    if not _fits(value, spec.kind):
        wanted = _WANTED[spec.kind]
        given = print_value(value=value)
        message = Label(
            f"「{spec.label.ja}」は{wanted.ja}と比べます。{given} とは比べられません。",
            f'"{spec.label.en}" is compared with {wanted.en}, not with {given}.',
        )
        return ConditionProblem(ConditionRule.WRONG_TYPE, spec.path, message)
    codes = [choice.code for choice in spec.choices]
    if codes and value not in codes:
        hint = did_you_mean(word=str(value), known=codes)
        message = Label(
            f"「{spec.label.ja}」に {print_value(value=value)} という選択肢はありません。{hint.ja}",
            f'"{spec.label.en}" has no choice {print_value(value=value)}.{hint.en}',
        )
        return ConditionProblem(ConditionRule.UNKNOWN_CHOICE, spec.path, message)
    return None


def _fits(value: Value, kind: FieldKind) -> bool:
    if kind in _TEXTS:
        return isinstance(value, str)
    if kind in _NUMBERS:
        return isinstance(value, Decimal)
    if kind is FieldKind.FLAG:
        return isinstance(value, bool)
    return isinstance(value, date | Today)
