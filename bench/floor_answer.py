"""What the reference answers; apart, so that reading it does not configure Django."""

from typing import Final

ANSWER: Final = "One row says 1."
