"""Which answers still hold when a journey is taken up again."""

from collections.abc import Mapping

from tasuki.core.blueprint.types import Blueprint
from tasuki.core.conditions.fields import ANSWERS_PREFIX


def answers_that_hold(
    *, blueprint: Blueprint, answers: Mapping[str, object], stage: str
) -> dict[str, object]:
    """Return the answers that count in a new cycle beginning at `stage`.

    What a gate after that stage asks must be asked again: last year's meeting date does not book
    this year's meeting; so is what a hand-off from there or later carries along. Answers of
    earlier gates, and those that nothing asks for, are kept.

    Raises: KeyError when the blueprint has no such stage.
    """
    place = blueprint.stage(stage)
    line = blueprint.line(place.line)
    reached = {one.code for one in line if one.position >= place.position}
    gates = [one.gate for one in line if one.position > place.position]
    packets = [one.items for one in blueprint.contracts if reached & set(one.from_stages)]
    kept = {item.field for one in line if one.position <= place.position for item in one.gate}
    asked_again = {
        item.field.removeprefix(ANSWERS_PREFIX)
        for items in (*gates, *packets)
        for item in items
        if item.field.startswith(ANSWERS_PREFIX) and item.field not in kept
    }
    return {key: value for key, value in answers.items() if key not in asked_again}
