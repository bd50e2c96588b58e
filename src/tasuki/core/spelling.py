"""What a person probably meant by a word that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches

from tasuki.core.labels import Label


def nearest(*, word: str, known: Iterable[str]) -> str | None:
    """Find the known word most like the given one, or None when none is near.

    Shape: one of `known`, unchanged. Two words are near from a similarity of 0.6 on.
    """
    found = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(*, word: str, known: Iterable[str]) -> Label:
    """Word the nearest known word as a question to append; empty when none is near."""
    found = nearest(word=word, known=known)
    if found is None:
        return Label("", "")
    return Label(f"「{found}」のことですか。", f' Did you mean "{found}"?')
