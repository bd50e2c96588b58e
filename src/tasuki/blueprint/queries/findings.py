"""What is wrong with a draft, or still missing, each with the place to put it right."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import yaml
from django.urls import reverse

from tasuki.blueprint.models import BlueprintDraft
from tasuki.core.blueprint import (
    Blueprint,
    BlueprintInvalid,
    BlueprintRule,
    Contract,
    Motion,
    Problem,
    SideTrack,
    Stage,
    examine_blueprint,
    readiness,
)
from tasuki.core.labels import Label

_PART = re.compile(r"(\w+)\[(\d+)\](?:\.(?:gate|items)\[(\d+)\])?(?:\.(.*))?")
_WHOLE = frozenset({"key", "label", "default_motion"})
_STEP = re.compile(r"\w+|\[\d+\]")


@dataclass(frozen=True, slots=True)
class Examined:
    """A draft's text as far as it could be read; None when it is no YAML at all."""

    blueprint: Blueprint | None
    problems: tuple[Problem, ...]
    gaps: tuple[Problem, ...]

    @property
    def is_ready(self) -> bool:
        """Whether it may go live, as far as its own text tells."""
        return not self.problems and not self.gaps


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem with its place: what it belongs to, the page to put it right on, the line."""

    path: str
    part: Label | None
    message: Label
    url: str
    line: int | None


@lru_cache(maxsize=64)
def examine(text: str) -> Examined:
    """Read a text and judge it; each text once in a process."""
    try:
        blueprint, problems = examine_blueprint(text=text)
    except BlueprintInvalid as invalid:
        return Examined(None, invalid.problems, ())
    stated = {problem.path for problem in problems}
    missing = [gap for gap in readiness(blueprint=blueprint) if gap.path not in stated]
    return Examined(blueprint, problems, tuple(missing))


def findings(*, draft: BlueprintDraft, problems: Sequence[Problem]) -> tuple[Finding, ...]:
    """Return the problems with their places, in the order of the text."""
    lines = _Lines(draft.text)
    return tuple(
        Finding(
            problem.path,
            _part_of(problem.path, examine(draft.text).blueprint),
            problem.message,
            page_of(draft_id=draft.pk, problem=problem),
            lines.of(problem.path),
        )
        for problem in problems
    )


def _part_of(path: str, blueprint: Blueprint | None) -> Label | None:
    """What the part at a path is called; None where it has no name, or belongs to the whole."""
    match = _PART.match(path)
    if match is None or blueprint is None:
        return None
    named: dict[str, Sequence[Stage | SideTrack | Contract | Motion]] = {
        "stages": blueprint.stages,
        "sides": blueprint.sides,
        "contracts": blueprint.contracts,
        "motions": blueprint.motions,
    }
    index = int(match[2])
    labels = [part.label for part in named.get(match[1], ())[index : index + 1]]
    return next((label for label in labels if label.ja and label.en), None)


def page_of(*, draft_id: int, problem: Problem) -> str:
    """Return the address of the page on which a problem is put right."""
    if problem.rule is BlueprintRule.NO_CONTRACT:
        return reverse("blueprint:draft", args=[draft_id]) + "#contracts"
    match = _PART.match(problem.path)
    if match:
        part, index, item = match[1], int(match[2]), match[3]
        if item is not None:
            return reverse("blueprint:item", args=[draft_id, part, index, int(item)])
        return reverse("blueprint:part", args=[draft_id, part, index])
    if problem.path.partition(".")[0] in _WHOLE:
        return reverse("blueprint:whole", args=[draft_id])
    if problem.rule is BlueprintRule.SYNTAX or not problem.path.isidentifier():
        return reverse("blueprint:text", args=[draft_id])
    return reverse("blueprint:draft", args=[draft_id]) + f"#{problem.path}"


def problems_under(
    *, problems: Sequence[Problem], base: str, language: str
) -> Mapping[str, list[str]]:
    """Return the messages at and below a place, by the path inside it; "" is the place itself."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        if problem.path == base or problem.path.startswith((f"{base}.", f"{base}[")):
            inner = problem.path.removeprefix(base).removeprefix(".")
            found.setdefault(inner, []).append(problem.message.text(language))
        elif not base and problem.path.partition(".")[0] in _WHOLE:
            found.setdefault(problem.path, []).append(problem.message.text(language))
    return found


class _Lines:
    """Finds the line of a path in a text."""

    def __init__(self, text: str) -> None:
        try:
            self._root = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, ValueError, RecursionError):
            self._root = None

    def of(self, path: str) -> int | None:
        """Return the line, from 1, of the nearest part that is there."""
        if found := re.match(r"line (\d+)", path):
            return int(found[1])
        node, line = self._root, 1
        for step in _STEP.findall(path):
            found_node = next(_below(node, step), None)
            if found_node is None:
                break
            node = found_node
            line = node.start_mark.line + 1
        return line if self._root is not None else None


def _below(node: yaml.Node | None, step: str) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        yield from (value for key, value in node.value if key.value == step)
    elif isinstance(node, yaml.SequenceNode) and step.startswith("["):
        index = int(step[1:-1])
        yield from node.value[index : index + 1]
