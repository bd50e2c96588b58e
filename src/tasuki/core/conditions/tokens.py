"""Cutting the text of a condition into words, values and signs."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from tasuki.core.labels import Label, Message

MAX_LENGTH = 10_000

# Japanese keyboards give full-width signs and digits; outside quotes they mean the same.
_WIDE = {ord(wide): ord(wide) - 0xFEE0 for wide in "（）［］，＝＜＞！＋－．０１２３４５６７８９"}

_PATTERN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    | (?P<sign><=|>=|!=|[=<>()\[\],+-])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class TokenKind(StrEnum):
    """What a piece of the text is."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One piece, and where it begins (0 is the first character)."""

    kind: TokenKind
    text: str
    position: int


class ConditionSyntaxError(ValueError):
    """The text is no condition; says where (0 is the first character) and what to write."""

    def __init__(self, *, position: int, message: Message) -> None:
        super().__init__(message.en)
        self.position = position
        self.message = message


def tokenize(*, text: str) -> tuple[Token, ...]:
    """Cut a condition into its pieces; the last one marks the end.

    Raises: ConditionSyntaxError for a character that has no meaning, an open quote, a text that
    no database can hold, and a condition longer than `MAX_LENGTH` characters.
    """
    _refuse_unreadable(text)
    narrow = text.translate(_WIDE)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _PATTERN.match(narrow, position)
        if match is None:
            raise _no_meaning(text, position)
        kind = str(match.lastgroup)
        if kind == "text":
            content = _unquote(text[match.start() + 1 : match.end() - 1], position + 1)
            tokens.append(Token(TokenKind.TEXT, content, position))
        elif kind != "space":
            tokens.append(Token(TokenKind(kind), match.group(), position))
        position = match.end()
    return (*tokens, Token(TokenKind.END, "", len(text)))


def quote(text: str) -> str:
    """Write a text so that `tokenize` reads it back."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _refuse_unreadable(text: str) -> None:
    if len(text) > MAX_LENGTH:
        message = Label(
            f"条件が長すぎます（{MAX_LENGTH}文字まで）。",
            f"The condition is too long (at most {MAX_LENGTH} characters).",
        )
        raise ConditionSyntaxError(position=MAX_LENGTH, message=message)
    if found := _UNSTORABLE.search(text):
        message = Label("使えない文字があります。", "This character cannot be used.")
        raise ConditionSyntaxError(position=found.start(), message=message)


def _no_meaning(text: str, position: int) -> ConditionSyntaxError:
    if text[position] == '"':
        message = Label('引用符 " が閉じられていません。', 'The quotation mark " is never closed.')
    else:
        message = Label(
            f'「{text[position]}」はここでは使えません。文字は引用符 " で囲みます。',
            f'"{text[position]}" has no meaning here. Put texts in quotation marks.',
        )
    return ConditionSyntaxError(position=position, message=message)


def _unquote(raw: str, start: int) -> str:
    return _ESCAPE.sub(partial(_unescape, start), raw)


def _unescape(start: int, match: re.Match[str]) -> str:
    if match.group(1) in {'"', "\\"}:
        return match.group(1)
    message = Label(
        '引用符の中の \\ は \\\\、" は \\" と書きます。',
        'Inside quotation marks write \\ as \\\\ and " as \\".',
    )
    raise ConditionSyntaxError(position=start + match.start(), message=message)
