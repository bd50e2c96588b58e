"""One- and two-character pieces of a text: the index of the partial-word search.

A text contains a query only if it contains all the query's pieces, so an index over the pieces (a
GIN index over `tasuki_grams(text)` in PostgreSQL) narrows a search from a single Japanese character
on, where trigrams need three. The pieces are necessary, not sufficient: the search still compares
the text itself.
"""

from __future__ import annotations

from itertools import pairwise

from tasuki.core.names import search_text


def grams(text: str) -> list[str]:
    """Return the distinct 1- and 2-character substrings of the text's search form, sorted.

    Spaces do not count: the pieces run across them. Equal to the SQL function `tasuki_grams`.
    """
    compact = _compact(text)
    return sorted(set(compact) | set(_pairs(compact)))


def query_grams(text: str) -> list[str]:
    """Return the pieces that a text must have to contain the query, sorted.

    The query's 2-character pieces, or its one character; none for an empty query, which every text
    contains.
    """
    compact = _compact(text)
    return sorted(set(_pairs(compact)) or set(compact))


def _compact(text: str) -> str:
    return search_text(text).replace(" ", "")


def _pairs(text: str) -> list[str]:
    return [first + second for first, second in pairwise(text)]
