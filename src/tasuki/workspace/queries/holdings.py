"""What somebody holds, named as people know it, and how the handing on of it went."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasuki.core.labels import Label
from tasuki.journeys.models import Reassignment
from tasuki.journeys.queries.blueprints import NoBlueprintPublished, current_blueprint
from tasuki.journeys.queries.holdings import companies_of, held_by_stage
from tasuki.people.models import User


@dataclass(frozen=True, slots=True)
class HeldStage:
    """How many journeys rest in one stage with somebody; `department` colours it."""

    code: str
    label: Label
    department: str
    journeys: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that somebody holds."""

    stages: Sequence[HeldStage]
    companies: int

    @property
    def journeys(self) -> int:
        """Return how many journeys that is."""
        return self.in_stages([stage.code for stage in self.stages])

    def in_stages(self, codes: Sequence[str]) -> int:
        """Return how many of them rest in these stages."""
        return sum(stage.journeys for stage in self.stages if stage.code in codes)


@dataclass(frozen=True, slots=True)
class Taken:
    """Who was given how many."""

    user: User
    journeys: int


def holdings_of(*, user: User) -> Holdings:
    """Return what somebody holds, in the order of the process."""
    try:
        places = current_blueprint().blueprint.places
    except NoBlueprintPublished:
        places = ()
    counts = {item.stage: item.journeys for item in held_by_stage(user_id=user.pk)}
    known = [
        HeldStage(place.code, place.label, place.department.value, counts.pop(place.code))
        for place in places
        if place.code in counts
    ]
    gone = [HeldStage(code, Label(code, code), "", number) for code, number in counts.items()]
    return Holdings([*known, *gone], companies_of(user_id=user.pk))


def taken_in(*, run: Reassignment) -> list[Taken]:
    """Return who was given how many in a run, the most first."""
    users = User.objects.select_related("team").in_bulk([int(key) for key in run.taken])
    found = [Taken(users[int(key)], number) for key, number in run.taken.items()]
    return sorted(found, key=lambda item: (-item.journeys, item.user.pk))
