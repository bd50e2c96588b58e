"""Reading a condition that a person wrote: recursive descent over the tokens.

    condition  = all ("or" all)*
    all        = single ("and" single)*
    single     = "not" single | "(" condition ")" | comparison
    comparison = field ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "before" | "after" ) value
               | field ["not"] "in" "[" value ("," value)* "]"
               | field "between" value "and" value
               | field "contains" text
               | field "is" ["not"] ("known" | "empty")
    value      = "text" | number | true | false | 2026-04-01 | today [("+" | "-") n days|weeks]

The rules are in docs/decisions/0003-conditions-language.md.
"""

from datetime import date
from decimal import Decimal

from tasuki.core.conditions.fields import STANDARD_FIELDS
from tasuki.core.conditions.tokens import ConditionSyntaxError, Token, TokenKind, tokenize
from tasuki.core.conditions.tree import (
    And,
    Between,
    Compare,
    Condition,
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
from tasuki.core.labels import Label, Message
from tasuki.core.spelling import did_you_mean

MAX_DEPTH = 40

_OPERATORS = {operator.value: operator for operator in Operator} | {
    "before": Operator.LT,
    "after": Operator.GT,
}
_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}


def parse_condition(*, text: str) -> Condition:
    """Read the text of a condition into its tree.

    Shape: one tree; what `print_condition` writes is read back equal. Field names and types are
    not judged here, that is `check_condition`.

    Raises: ConditionSyntaxError with the position and what was expected there.
    """
    parser = _Parser(tokenize(text=text))
    condition = parser.condition(depth=0)
    parser.expect_end()
    return condition


class _Parser:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._index = 0

    def condition(self, *, depth: int) -> Condition:
        parts = [self._all(depth)]
        while self._take("or"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def expect_end(self) -> None:
        if self._token.kind is not TokenKind.END:
            raise self._expected("「and」か「or」、または条件の終わり", '"and", "or" or the end')

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def _all(self, depth: int) -> Condition:
        parts = [self._single(depth)]
        while self._take("and"):
            parts.append(self._single(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _single(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise self._refused(Label("括弧や not が深すぎます。", "This is nested too deeply."))
        if self._take("not"):
            return Not(self._single(depth + 1))
        if self._take("("):
            inner = self.condition(depth=depth + 1)
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Leaf:
        field = self._field()
        if (operator := _OPERATORS.get(self._token.text)) and not self._at_text():
            self._advance()
            return Compare(field, operator, self._value())
        if self._take("between"):
            low = self._value()
            self._need("and")
            return Between(field, low, self._value())
        if self._take("contains"):
            return Contains(field, self._text())
        if self._take("is"):
            return self._is(field)
        return self._membership(field)

    def _field(self) -> str:
        token = self._token
        if token.kind is not TokenKind.WORD:
            raise self._expected(
                "項目名（例 account.employees）", "a field such as account.employees"
            )
        if "." not in token.text:
            hint = did_you_mean(word=token.text, known=STANDARD_FIELDS)
            raise self._refused(
                Label(
                    f"「{token.text}」は項目名ではありません。account.employees のように書きます。"
                    f"{hint.ja}",
                    f'"{token.text}" is no field. Fields are written like account.employees.'
                    f"{hint.en}",
                )
            )
        self._advance()
        return token.text

    def _is(self, field: str) -> Leaf:
        negated = self._take("not")
        if self._take("known"):
            return IsEmpty(field) if negated else IsKnown(field)
        if self._take("empty"):
            return IsKnown(field) if negated else IsEmpty(field)
        raise self._expected("「known」か「empty」", '"known" or "empty"')

    def _membership(self, field: str) -> Leaf:
        negated = self._take("not")
        if not self._take("in"):
            raise self._expected(
                "比較（= != < <= > >= before after in between contains is）",
                "a comparison (= != < <= > >= before after in between contains is)",
            )
        values = self._list()
        return NotIn(field, values) if negated else In(field, values)

    def _list(self) -> tuple[Value, ...]:
        self._need("[")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._need("]")
        return tuple(values)

    def _text(self) -> str:
        if not self._at_text():
            raise self._expected("引用符で囲んだ文字", "a text in quotation marks")
        return self._advance().text

    def _value(self) -> Value:
        token = self._token
        match token.kind:
            case TokenKind.TEXT:
                return self._advance().text
            case TokenKind.DATE:
                return self._date()
            case TokenKind.NUMBER:
                return Decimal(self._advance().text)
            case _:
                return self._word_value()

    def _word_value(self) -> Value:
        if self._take("true"):
            return True
        if self._take("false"):
            return False
        if self._take("today"):
            return self._today()
        if self._take("-"):
            return -Decimal(self._number())
        if self._token.kind is TokenKind.WORD:
            word = self._token.text
            raise self._refused(
                Label(
                    f'文字は引用符で囲み、"{word}" と書きます。',
                    f'Write texts in quotes: "{word}".',
                )
            )
        raise self._expected("値", "a value")

    def _date(self) -> date:
        try:
            found = date.fromisoformat(self._token.text)
        except ValueError:
            raise self._refused(
                Label(
                    f"{self._token.text} という日付はありません。",
                    f"There is no such date as {self._token.text}.",
                )
            ) from None
        self._advance()
        return found

    def _today(self) -> Today:
        sign = 1 if self._take("+") else -1 if self._take("-") else 0
        if sign == 0:
            return Today()
        number = self._number()
        days = _UNITS.get(self._token.text, 0)
        if not days or "." in number:
            raise self._expected("「days」か「weeks」と整数", 'a whole number of "days" or "weeks"')
        self._advance()
        return Today(sign * int(number) * days)

    def _number(self) -> str:
        if self._token.kind is not TokenKind.NUMBER:
            raise self._expected("数", "a number")
        return self._advance().text

    def _at_text(self) -> bool:
        return self._token.kind is TokenKind.TEXT

    def _advance(self) -> Token:
        token = self._token
        self._index += 1
        return token

    def _take(self, text: str) -> bool:
        if self._token.text != text or self._at_text():
            return False
        self._advance()
        return True

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise self._expected(f"「{text}」", f'"{text}"')

    def _expected(self, ja: str, en: str) -> ConditionSyntaxError:
        found = self._token.text
        if self._token.kind is TokenKind.END:
            return self._refused(
                Label(
                    f"{ja}が必要ですが、ここで終わっています。", f"Expected {en}, but it ends here."
                )
            )
        return self._refused(
            Label(
                f"{ja}が必要ですが、「{found}」があります。", f'Expected {en}, but found "{found}".'
            )
        )

    def _refused(self, message: Message) -> ConditionSyntaxError:
        return ConditionSyntaxError(position=self._token.position, message=message)
