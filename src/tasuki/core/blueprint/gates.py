"""Judging what a gate or a contract asks for: few items, each about a fact that exists."""

import re
from collections.abc import Iterator, Sequence

from tasuki.core.blueprint.items import MAX_MANDATORY_ITEMS, GateItem
from tasuki.core.blueprint.problems import BlueprintRule, Problem
from tasuki.core.blueprint.types import Blueprint
from tasuki.core.conditions.fields import ANSWERS_PREFIX, STANDARD_FIELDS, FieldKind
from tasuki.core.labels import Label
from tasuki.core.spelling import did_you_mean

_ANSWER = re.compile(r"answers\.[a-z][a-z0-9_]{0,47}")


def check_items(*, path: str, items: Sequence[GateItem], blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the items at a path, in their order."""
    required = sum(item.required for item in items)
    if required > MAX_MANDATORY_ITEMS:
        message = Label(
            f"必須の項目は{MAX_MANDATORY_ITEMS}個までです（今は{required}個）。",
            f"At most {MAX_MANDATORY_ITEMS} items may be mandatory (there are {required}).",
        )
        yield Problem(path, BlueprintRule.TOO_MANY, message)
    for index, item in enumerate(items):
        at = f"{path}[{index}]"
        if item.key and item.key in {earlier.key for earlier in items[:index]}:
            message = Label(
                f"「{item.key}」が二度書かれています。", f'"{item.key}" is given twice.'
            )
            yield Problem(f"{at}.key", BlueprintRule.DUPLICATE, message)
        yield from _fields(at, item, blueprint)
        yield from _kind(at, item, blueprint)
        yield from _choices(at, item)


def _fields(at: str, item: GateItem, blueprint: Blueprint) -> Iterator[Problem]:
    declarable = item.field in STANDARD_FIELDS or _ANSWER.fullmatch(item.field)
    if item.field and not declarable:
        yield _unknown_field(f"{at}.field", item.field)
    known = blueprint.fields
    for index, field in enumerate(item.alternatives):
        if field not in known:
            yield _unknown_field(f"{at}.alternatives[{index}]", field)


def _unknown_field(path: str, field: str) -> Problem:
    hint = did_you_mean(word=field, known=STANDARD_FIELDS)
    message = Label(
        f"「{field}」という項目はありません。自由な項目は answers.… と書きます。{hint.ja}",
        f'There is no field "{field}". An item of your own is written answers.….{hint.en}',
    )
    return Problem(path, BlueprintRule.UNKNOWN_FIELD, message)


def _kind(at: str, item: GateItem, blueprint: Blueprint) -> Iterator[Problem]:
    if item.field.startswith(ANSWERS_PREFIX) and item.kind is FieldKind.DATETIME:
        message = Label(
            "回答には日付だけを残せます。kind: date と書いてください。",
            "An answer keeps a day, not an hour. Write kind: date.",
        )
        yield Problem(f"{at}.kind", BlueprintRule.FIELD_KIND, message)
    declared = STANDARD_FIELDS.get(item.field) or _first_declared(item, blueprint)
    if declared.kind is not item.kind:
        message = Label(
            f"「{item.field}」の種類は {declared.kind} です。",
            f'"{item.field}" is of kind {declared.kind}.',
        )
        yield Problem(f"{at}.kind", BlueprintRule.FIELD_KIND, message)
    elif isinstance(declared, GateItem) and declared.choices != item.choices:
        message = Label(
            f"「{item.field}」の選択肢が、先に書かれたものと違います。",
            f'The choices of "{item.field}" differ from those given earlier.',
        )
        yield Problem(f"{at}.choices", BlueprintRule.FIELD_KIND, message)


def _first_declared(item: GateItem, blueprint: Blueprint) -> GateItem:
    return next(other for other in blueprint.items if other.field == item.field)


def _choices(at: str, item: GateItem) -> Iterator[Problem]:
    is_answer = item.field.startswith(ANSWERS_PREFIX)
    may_choose = is_answer and item.kind is FieldKind.CHOICE
    if may_choose and not item.choices:
        message = Label("選択肢が必要です。", "Choices are needed.")
        yield Problem(f"{at}.choices", BlueprintRule.MISSING, message)
    if item.choices and not may_choose:
        message = Label(
            "選択肢を書けるのは、kind: choice の answers.… だけです。",
            "Only an answers.… item of kind: choice has choices.",
        )
        yield Problem(f"{at}.choices", BlueprintRule.FIELD_KIND, message)
    codes = [choice.code for choice in item.choices]
    for index, code in enumerate(codes):
        if code and code in codes[:index]:
            message = Label(f"「{code}」が二度書かれています。", f'"{code}" is given twice.')
            yield Problem(f"{at}.choices[{index}].code", BlueprintRule.DUPLICATE, message)
