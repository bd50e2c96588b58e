"""Whether every stage leads to an end, or only round and round."""

from tasuki.core.blueprint.types import Blueprint, JourneyKind, SideTrack, Stage


def stages_without_exit(*, blueprint: Blueprint) -> tuple[Stage, ...]:
    """Find the stages from which no end can be reached.

    Shape: stages in order. An end is a side track that asks for no revisit date, or the last
    stage of a renewal's or expansion's line, where the journey completes.
    """
    return tuple(stage for stage in blueprint.stages if not _reaches_end(blueprint, stage))


def _reaches_end(blueprint: Blueprint, start: Stage) -> bool:
    waiting, seen = [start], {start.code}
    while waiting:
        stage = waiting.pop()
        following = blueprint.next_stage(stage.code)
        if following is None and stage.line is not JourneyKind.NEW:
            return True
        sides = [side for side in blueprint.sides if stage.code in side.from_stages]
        if any(not side.needs_revisit_date for side in sides):
            return True
        reached = [following] if following else []
        reached += [back for side in sides for back in _back(blueprint, side, stage)]
        waiting += [other for other in reached if other.code not in seen]
        seen |= {other.code for other in reached}
    return False


def _back(blueprint: Blueprint, side: SideTrack, stage: Stage) -> list[Stage]:
    line = blueprint.line(stage.line)
    return [other for other in line if other.code in side.reactivates_to]
