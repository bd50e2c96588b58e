"""Walking through loaded YAML: every wrong part becomes a problem, and reading goes on.

Each getter gives a harmless stand-in for a part it had to report, so that one reading finds all.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from tasuki.core.blueprint.problems import BlueprintRule, Problem
from tasuki.core.conditions.parser import parse_condition
from tasuki.core.conditions.tokens import ConditionSyntaxError
from tasuki.core.conditions.tree import Condition
from tasuki.core.labels import Label
from tasuki.core.spelling import did_you_mean

MAX_ENTRIES = 100
MAX_CODE_LENGTH = 32

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_EnumT = TypeVar("_EnumT", bound=StrEnum)

_RULES_OF_CHOICE = {"department": BlueprintRule.NO_OWNER}


class Node:
    """One mapping of the YAML, and where it stands."""

    def __init__(self, value: object, path: str, problems: list[Problem]) -> None:
        self.path = path
        self._problems = problems
        self._values: dict[object, object] = {}
        if isinstance(value, dict):
            self._values = value
        else:
            self._report(
                path,
                BlueprintRule.WRONG_TYPE,
                Label("「項目: 値」の形で書いてください。", 'Write this as "key: value" pairs.'),
            )

    def only(self, *known: str) -> None:
        """Report every key that has no meaning here."""
        for key in self._values:
            if key not in known:
                hint = did_you_mean(word=str(key), known=known)
                self.report(
                    str(key),
                    BlueprintRule.UNKNOWN_KEY,
                    Label(
                        f"「{key}」という項目はありません。{hint.ja}",
                        f'There is no key "{key}".{hint.en}',
                    ),
                )

    def report(self, key: str, rule: BlueprintRule, message: Label) -> None:
        """Add a problem about one of the keys."""
        self._report(self.at(key), rule, message)

    def at(self, key: str) -> str:
        """Write the path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Whether the key is given at all."""
        return self._values.get(key) is not None

    def text(self, key: str) -> str:
        """Read a text that must not be blank."""
        value = self._values.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self._wrong(key, Label("文字", "a text"))
        return ""

    def code(self, key: str) -> str:
        """Read a stable code: letters, digits and underscores."""
        code = self.text(key)
        if code and (not _CODE.fullmatch(code) or len(code) > MAX_CODE_LENGTH):
            self.report(
                key,
                BlueprintRule.WRONG_CODE,
                Label(
                    f"「{code}」は使えません。半角英字で始まる英数字と _ で、"
                    f"{MAX_CODE_LENGTH}文字までです。",
                    f'"{code}" is no code: letters, digits and _ only, beginning with a letter, '
                    f"at most {MAX_CODE_LENGTH} characters.",
                ),
            )
        return code

    def label(self, key: str) -> Label:
        """Read a text in both languages."""
        if not isinstance(self._values.get(key), dict):
            self._wrong(key, Label("{ja: …, en: …}", "{ja: …, en: …}"))
            return Label("", "")
        node = Node(self._values[key], self.at(key), self._problems)
        node.only("ja", "en")
        return Label(node._language("ja"), node._language("en"))

    def optional_label(self, key: str) -> Label | None:
        """Read a text in both languages that may be left out."""
        return self.label(key) if self.has(key) else None

    def flag(self, key: str, *, default: bool) -> bool:
        """Read true or false."""
        value = self._values.get(key, default)
        if isinstance(value, bool):
            return value
        self._wrong(key, Label("true か false", "true or false"))
        return default

    def number(self, key: str) -> float | None:
        """Read a number that may be left out."""
        value = self._values.get(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self._wrong(key, Label("数", "a number"))
        return None

    def choice(self, key: str, options: type[_EnumT], *, default: _EnumT | None = None) -> _EnumT:
        """Read one of a closed set."""
        value = self._values.get(key)
        codes = [option.value for option in options]
        if value is None and default is not None:
            return default
        if value in codes:
            return options(value)
        stand_in = default or next(iter(options))
        rule = _RULES_OF_CHOICE.get(key, BlueprintRule.WRONG_CHOICE)
        hint = did_you_mean(word=str(value), known=codes)
        listed = ", ".join(codes)
        given = "" if value is None else str(value)
        self.report(
            key,
            rule,
            Label(
                f"次のどれかを書いてください。{listed}（今は「{given}」）。{hint.ja}",
                f'Write one of {listed} (it is "{given}").{hint.en}',
            ),
        )
        return stand_in

    def condition(self, key: str) -> Condition | None:
        """Read a condition that may be left out."""
        if not self.has(key):
            return None
        text = self.text(key)
        if not text:
            return None
        try:
            return parse_condition(text=text)
        except ConditionSyntaxError as error:
            where = error.position + 1
            self.report(
                key,
                BlueprintRule.CONDITION,
                Label(
                    f"{where}文字目: {error.message.ja}",
                    f"At character {where}: {error.message.en}",
                ),
            )
            return None

    def mapping(self, key: str) -> "Node":
        """Read a mapping of its own."""
        return Node(self._values.get(key), self.at(key), self._problems)

    def nodes(self, key: str) -> tuple["Node", ...]:
        """Read a list of mappings; left out means empty."""
        return tuple(
            Node(entry, f"{self.at(key)}[{index}]", self._problems)
            for index, entry in enumerate(self._entries(key))
        )

    def codes(self, key: str) -> tuple[str, ...]:
        """Read a list of texts; left out means empty."""
        entries = list(self._entries(key))
        for index, entry in enumerate(entries):
            if not isinstance(entry, str):
                self._wrong(f"{key}[{index}]", Label("文字", "a text"))
        return tuple(entry for entry in entries if isinstance(entry, str))

    def _entries(self, key: str) -> Iterable[object]:
        value = self._values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self._wrong(key, Label("「- 」で始まる一覧", 'a list, each entry beginning with "- "'))
            return ()
        if len(value) > MAX_ENTRIES:
            self.report(
                key,
                BlueprintRule.TOO_MANY,
                Label(f"{MAX_ENTRIES}件までです。", f"At most {MAX_ENTRIES} entries are allowed."),
            )
        return value[:MAX_ENTRIES]

    def _language(self, language: str) -> str:
        value = self._values.get(language)
        if isinstance(value, str) and value.strip():
            return value
        self.report(
            language,
            BlueprintRule.LABEL_LANGUAGE,
            Label(
                "日本語 (ja) と英語 (en) の両方が必要です。",
                "Both Japanese (ja) and English (en) are needed.",
            ),
        )
        return ""

    def _wrong(self, key: str, wanted: Label) -> None:
        if self._values.get(key) is None and "[" not in key:
            self.report(
                key,
                BlueprintRule.MISSING,
                Label(f"{wanted.ja}が必要です。", f"This is missing: {wanted.en}."),
            )
            return
        self.report(
            key,
            BlueprintRule.WRONG_TYPE,
            Label(f"{wanted.ja}を書いてください。", f"Write {wanted.en} here."),
        )

    def _report(self, path: str, rule: BlueprintRule, message: Label) -> None:
        self._problems.append(Problem(path, rule, message))
