"""Who is acting: always an argument, never a hidden global."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ActorKind = Literal["user", "import", "system", "cli"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or program behind a write."""

    user_id: int | None
    kind: ActorKind
    label: str


@dataclass(frozen=True, slots=True)
class Act:
    """One request to write: who, when it is recorded, when it happened, and its retry key.

    `happened_at` left out means now. Two acts with the same `request_key` are the same act:
    the second does nothing.
    """

    actor: Actor
    now: datetime
    happened_at: datetime | None = None
    request_key: str | None = None

    @property
    def at(self) -> datetime:
        """This will tell when the act happened, aware."""
        return self.happened_at or self.now


SYSTEM = Actor(user_id=None, kind="system", label="Tasuki")
