"""CSV cells that a spreadsheet program shows and never computes.

Rule: a text whose first character is = + - @ tab or carriage return (also a line feed and the
full-width forms, which Excel reads alike) gets an apostrophe before it. Spaces before it do not
count. Source: OWASP, "CSV Injection".
Quoting separators and quotation marks remains the `csv` module's task.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

_LIVE: Final = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n]")
_QUOTED_LIVE: Final = re.compile(r"'+\s*[=+\-@＝＋－＠\t\r\n]")
_PLAIN_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def safe_cell(value: object) -> str:
    """Return the text of a CSV cell for the value, never a live formula.

    Numbers, and texts that are nothing but a plain number, stay as they are; None is empty; truth
    values are `true` and `false`; dates and times are ISO 8601. `original_cell` is the exact way
    back for every text.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case Enum():
            return _safe_text(str(value.value))
        case _:
            return _safe_text(str(value))


def original_cell(text: str) -> str:
    """Return the text that `safe_cell` made the cell from: without the apostrophe it set."""
    return text[1:] if _QUOTED_LIVE.match(text) else text


def _safe_text(text: str) -> str:
    if _LIVE.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
