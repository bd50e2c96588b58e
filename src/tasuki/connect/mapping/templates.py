"""Templates such as "Lead {mql_id:8}": a text with columns in it, each perhaps cut to a length."""

import re
from collections.abc import Callable
from typing import Final

_PIECE: Final = re.compile(r"\{([^{}:]+)(?::([0-9]+))?\}")


def template_columns(template: str) -> list[str]:
    """Return the columns a template speaks of. Raises: ValueError for stray braces."""
    if "{" in _PIECE.sub("", template) or "}" in _PIECE.sub("", template):
        raise ValueError(template)
    return [match[1] for match in _PIECE.finditer(template)]


def fill(template: str, *, column: Callable[[str], str]) -> str:
    """Return the template with its columns filled in; empty when all of them are empty."""
    found = False

    def put(match: re.Match[str]) -> str:
        nonlocal found
        text = column(match[1])
        found = found or bool(text)
        return text[: int(match[2])] if match[2] else text

    text = _PIECE.sub(put, template)
    return text if found else ""
