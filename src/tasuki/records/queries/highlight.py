"""Where the words of a search stand in a name as it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tasuki.core.names import search_text


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `hit` when a word of the search stands there."""

    text: str
    hit: bool


def pieces_of(text: str, words: Sequence[str]) -> list[Piece]:
    """Cut a text at the places where a word stands, whatever its width, case or kana."""
    folded, origin = "", []
    for position, character in enumerate(text):
        form = _form(character)
        folded += form
        origin += [position] * len(form)
    marked = [False] * len(text)
    for word in words:
        start = folded.find(word)
        if start >= 0:
            for position in range(origin[start], origin[start + len(word) - 1] + 1):
                marked[position] = True
    return _joined(text, marked)


def _joined(text: str, marked: Sequence[bool]) -> list[Piece]:
    pieces: list[Piece] = []
    for character, hit in zip(text, marked, strict=True):
        if pieces and pieces[-1].hit is hit:
            pieces[-1] = Piece(pieces[-1].text + character, hit)
        else:
            pieces.append(Piece(character, hit))
    return pieces


@lru_cache(maxsize=8192)
def _form(character: str) -> str:
    return search_text(character)
