"""Partial-word search: what a query asks for, and the conditions that an index answers.

Stored texts and queries share one form (`core.names.search_text`). A word is found where its form
stands in the stored text; several words must all be found. The index over one- and two-character
pieces (`tasuki_grams`) narrows, the text itself decides.
"""

from collections.abc import Sequence
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, TextField, Value

from tasuki.core.names import search_text
from tasuki.core.ngrams import query_grams

MAX_WORDS: Final = 6
MAX_QUERY: Final = 100
PERSONAL: Final = r"\S*(@|[0-9]{2}-?[0-9]{2})\S*"
"""A piece of a stored text that is an address or a phone number."""


class _Grams(Func):
    function = "tasuki_grams"
    arity = 1


class _Contains(Func):
    template = "%(expressions)s"
    arg_joiner = " @> "
    output_field = BooleanField()


class _WithoutPersonal(Func):
    function = "regexp_replace"
    output_field = TextField()


def search_words(text: str) -> tuple[str, ...]:
    """This will return the words of a query in search form, each once; none for an empty query."""
    words = (search_text(word) for word in text[:MAX_QUERY].split())
    return tuple(dict.fromkeys(word for word in words if word))[:MAX_WORDS]


def containing(*, words: Sequence[str], with_personal_data: bool = True) -> Q:
    """This will return that a row's `search_text` contains every word, by reading the texts.

    Without `with_personal_data`, e-mail addresses and phone numbers do not count, so that nobody
    finds out by searching what they may not see.
    """
    found = Q()
    for word in words:
        found &= Q(search_text__contains=word)
    if with_personal_data:
        return found
    seen = _WithoutPersonal(F("search_text"), Value(PERSONAL), Value(""), Value("g"))
    for word in words:
        found &= Q(_Like(seen, Value(f"%{_escaped(word)}%")))
    return found


def indexed(*, words: Sequence[str]) -> Q:
    """This will return the condition that the index over pieces answers; necessary only."""
    pieces = sorted({piece for word in words for piece in query_grams(word)})
    array = Value(pieces, output_field=ArrayField(TextField()))
    return Q(_Contains(_Grams(F("search_text")), array))


class _Like(Func):
    template = "%(expressions)s"
    arg_joiner = " LIKE "
    output_field = BooleanField()


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
