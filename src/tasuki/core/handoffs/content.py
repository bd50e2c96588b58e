"""Whether what stands in a packet says anything.

A contract that asks for seven things and gets seven dashes has handed over nothing. Only real
content counts: no filler, no text pasted from another item.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from tasuki.core.blueprint.items import GateItem
from tasuki.core.conditions.evaluate import Facts, is_known
from tasuki.core.conditions.fields import FieldKind
from tasuki.core.labels import Label

_FILLER_WORDS: Final = """
    なし 無し 無 ない 特になし 特に無し 特にない とくになし 該当なし 該当無し 不明 未定 未確認
    未入力 確認中 あとで 後で 後日 同上 上記 同様 テスト ダミー サンプル
    ああ あああ ほげ test tests testing dummy sample none nothing null nil na tbd tba todo
    unknown unclear later
    ditto same asdf qwerty hoge foo bar foobar xxx yes no ok
"""
_NOISE: Final = re.compile(r"[\W_]+")
_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


class ContentState(StrEnum):
    """What an item of a packet holds."""

    REAL = "real"
    MISSING = "missing"
    FILLER = "filler"
    """Says nothing: a dash, "なし", "test", one letter over and over."""
    COPIED = "copied"
    """The same text as in another item."""

    @property
    def label(self) -> Label:
        """Say what is wrong, for a person."""
        return _STATES[self]


_STATES: Final = {
    ContentState.REAL: Label("記入済み", "Filled in"),
    ContentState.MISSING: Label("未記入です", "Not filled in"),
    ContentState.FILLER: Label(
        "内容がありません（「なし」「-」「test」などは数えません）",
        'Says nothing ("-", "none" and "test" do not count)',
    ),
    ContentState.COPIED: Label("ほかの項目と同じ文章です", "The same text as in another item"),
}


@dataclass(frozen=True, slots=True)
class ItemContent:
    """One item of a packet: its value, and whether it counts."""

    item: GateItem
    field: str
    value: object
    state: ContentState
    same_as: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the item says something real."""
        return self.state is ContentState.REAL


def judge_content(*, items: Sequence[GateItem], facts: Facts) -> tuple[ItemContent, ...]:
    """Judge every item of a packet on the facts of its journey.

    Shape: one entry for each item, in order; `field` is the path that answered, the main one when
    none did. Of two items with the same text the later one is the copy.
    """
    judged: list[ItemContent] = []
    earlier: dict[str, str] = {}
    for item in items:
        field, value = _answering(item, facts)
        state = _state(item, value)
        same_as = None
        if state is ContentState.REAL and _is_prose(item, field):
            text = _bare(str(value))
            same_as = earlier.get(text)
            earlier.setdefault(text, item.key)
        if same_as is not None:
            state = ContentState.COPIED
        judged.append(ItemContent(item, field, value, state, same_as))
    return tuple(judged)


def completeness_ratio(content: Sequence[ItemContent]) -> float:
    """Return the part of the required items that say something real, 0 to 1 (充足率).

    Nothing required means complete.
    """
    required = [entry for entry in content if entry.item.required]
    if not required:
        return 1.0
    return sum(entry.counts for entry in required) / len(required)


def lacking(content: Sequence[ItemContent]) -> tuple[ItemContent, ...]:
    """List the required items that do not count yet, in order."""
    return tuple(entry for entry in content if entry.item.required and not entry.counts)


def says_something(text: str) -> bool:
    """Tell whether a text is more than filler.

    It needs a letter or digit, more than one character of which some differ, and is none of the
    words that people write to get past a form.
    """
    bare = _bare(text)
    return len(bare) > 1 and len(set(bare)) > 1 and bare not in _fillers()


def snapshot(content: Sequence[ItemContent]) -> dict[str, object]:
    """Give the values by item key as they stood, for keeping with the offer.

    Shape: JSON values; days and instants as ISO texts, unknown ones left out.
    """
    values: dict[str, object] = {}
    for entry in content:
        if is_known(entry.value):
            told = getattr(entry.value, "isoformat", None)
            values[entry.item.key] = told() if told else entry.value
    return values


def _answering(item: GateItem, facts: Mapping[str, object]) -> tuple[str, object]:
    known = [(field, facts.get(field)) for field in item.fields if is_known(facts.get(field))]
    real = [(field, value) for field, value in known if _state(item, value) is ContentState.REAL]
    return next(iter(real or known), (item.field, None))


def _state(item: GateItem, value: object) -> ContentState:
    if not is_known(value) or value is False:
        return ContentState.MISSING
    if item.choices:
        known = value in {choice.code for choice in item.choices}
        return ContentState.REAL if known else ContentState.MISSING
    if item.kind is FieldKind.TEXT and isinstance(value, str) and not says_something(value):
        return ContentState.FILLER
    return ContentState.REAL


def _is_prose(item: GateItem, field: str) -> bool:
    """Copies are looked for among sentences people write, not among codes and addresses."""
    return item.kind is FieldKind.TEXT and field.startswith("answers.")


@cache
def _fillers() -> frozenset[str]:
    return frozenset(_bare(word) for word in _FILLER_WORDS.split())


def _bare(text: str) -> str:
    """Leave only letters and digits, without width, case or the two kinds of kana."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_HIRAGANA)
    return _NOISE.sub("", folded)
