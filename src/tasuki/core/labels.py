"""Text that is data: it carries both languages and needs no catalogue."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Label:
    """One text in Japanese and in English."""

    ja: str
    en: str

    def text(self, language: str) -> str:
        """Give the English text for `en` and its variants, else the Japanese."""
        return self.en if language.lower().startswith("en") else self.ja


Message: TypeAlias = Label
"""A whole sentence for a person, in both languages."""
