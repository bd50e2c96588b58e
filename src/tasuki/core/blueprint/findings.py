"""What several parts of a blueprint are judged by: known stages, reasons, nothing twice."""

from collections.abc import Iterable, Iterator, Sequence

from tasuki.core.blueprint.problems import BlueprintRule, Problem
from tasuki.core.blueprint.types import Blueprint
from tasuki.core.labels import Label
from tasuki.core.spelling import did_you_mean


def reasons(path: str, codes: Sequence[str]) -> Iterator[Problem]:
    """Find missing reasons and those given twice."""
    if not codes:
        message = Label("理由が一つも書かれていません。", "No reasons are given.")
        yield Problem(f"{path}.reasons", BlueprintRule.NO_REASONS, message)
    yield from duplicates([f"{path}.reasons[{i}].code" for i in range(len(codes))], codes)


def unknown_stages(path: str, codes: Sequence[str], blueprint: Blueprint) -> Iterator[Problem]:
    """Find the codes in a list that are no stages, or stand there twice."""
    known = [stage.code for stage in blueprint.stages]
    yield from duplicates([f"{path}[{i}]" for i in range(len(codes))], codes)
    for index, code in enumerate(codes):
        if code not in known:
            yield unknown_stage(f"{path}[{index}]", code, known)


def unknown_stage(path: str, code: str, known: Iterable[str]) -> Problem:
    """Word that a code is no stage."""
    hint = did_you_mean(word=code, known=known)
    message = Label(
        f"「{code}」というステージはありません。{hint.ja}", f'There is no stage "{code}".{hint.en}'
    )
    return Problem(path, BlueprintRule.UNKNOWN_STAGE, message)


def duplicates(paths: Sequence[str], codes: Sequence[str]) -> Iterator[Problem]:
    """Find the codes that stand in a list twice; blank ones are passed over."""
    for index, code in enumerate(codes):
        if code and code in codes[:index]:
            message = Label(f"「{code}」が二度書かれています。", f'"{code}" is given twice.')
            yield Problem(paths[index], BlueprintRule.DUPLICATE, message)
