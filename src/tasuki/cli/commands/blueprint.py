"""Check, show, compare and publish the process, which is a YAML file.

  tasuki blueprint check FILE                 every problem with its place; needs no database
  tasuki blueprint show                       the process in force, as it was published
  tasuki blueprint show --version 3           an earlier version of it
  tasuki blueprint diff FILE                  what the file would change
  tasuki blueprint diff FILE --against 3      the same, against an earlier version
  tasuki blueprint publish FILE --note TEXT   show what changes and whom it touches, then publish

Publishing is refused for a file with problems, for one that leaves a boundary between departments
without a contract, and for one that takes away a stage or motion in which journeys rest.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tasuki.cli.command import CommandFailed, Exit, Needs

if TYPE_CHECKING:
    from tasuki.core.blueprint import Blueprint, Problem
    from tasuki.core.blueprint.difference import Change
    from tasuki.journeys.models import BlueprintVersion
    from tasuki.journeys.queries.blueprint_impact import Impact

NEEDS = Needs.NOTHING
"""To check a file nothing is needed; the other verbs open the database themselves."""

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verbs and what each takes."""
    verbs = parser.add_subparsers(title="verbs", dest="verb", metavar="VERB", required=True)
    check = verbs.add_parser("check", help="tell every problem of a file", allow_abbrev=False)
    show = verbs.add_parser("show", help="print the process in force", allow_abbrev=False)
    diff = verbs.add_parser("diff", help="tell what a file would change", allow_abbrev=False)
    publish = verbs.add_parser("publish", help="put a file into force", allow_abbrev=False)
    for verb in (check, diff, publish):
        verb.add_argument("file", type=Path, metavar="FILE", help="the blueprint, as YAML")
    show.add_argument("--version", type=int, metavar="N", help="this version of it")
    diff.add_argument("--against", type=int, metavar="N", help="this version of the one in force")
    publish.add_argument("--note", required=True, metavar="TEXT", help="why the process changes")
    publish.add_argument("--yes", action="store_true", help="publish without asking")


def run(arguments: argparse.Namespace) -> int:
    """Do what the verb says."""
    if arguments.verb == "check":
        return carry_out(arguments)
    from tasuki.cli.installation import application

    with application(migrated=True):
        return carry_out(arguments)


def carry_out(arguments: argparse.Namespace) -> int:
    """Do what the verb says, the database being open where it is needed."""
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _check,
        "show": _show,
        "diff": _diff,
        "publish": _publish,
    }
    return verbs[arguments.verb](arguments)


def _check(arguments: argparse.Namespace) -> int:
    blueprint, problems = _examined(_text(arguments.file))
    if problems or blueprint is None:
        raise CommandFailed(_listed(f"{arguments.file} cannot go live:", problems))
    items = sum(1 for _item in blueprint.items)
    print(
        f"{arguments.file} is sound: {blueprint.key}, {len(blueprint.stages)} stages, "
        f"{items} items, {len(blueprint.contracts)} contracts."
    )
    return Exit.DONE


def _show(arguments: argparse.Namespace) -> int:
    sys.stdout.write(_version(arguments.version).text)
    return Exit.DONE


def _diff(arguments: argparse.Namespace) -> int:
    proposed, problems = _examined(_text(arguments.file))
    if proposed is None:
        raise CommandFailed(_listed(f"{arguments.file} cannot be read:", problems))
    version = _version(arguments.against)
    changes = _changes(version, proposed)
    lines = [_line(change) for change in changes] or [f"The same as {version}."]
    print("\n".join(lines))
    if problems:
        print(_listed("\nIt cannot go live yet:", problems))
    return Exit.DONE


def _publish(arguments: argparse.Namespace) -> int:
    text = _text(arguments.file)
    note = arguments.note.strip()
    if not note:
        raise CommandFailed("say with --note why the process changes", code=Exit.WRONG_ARGUMENTS)
    proposed, problems = _examined(text)
    if problems or proposed is None:
        raise CommandFailed(_listed(f"{arguments.file} cannot go live:", problems))
    current = _version(None)
    changes = _changes(current, proposed)
    if not changes:
        raise CommandFailed(f"{arguments.file} says the same as {current}; nothing to publish")
    print("\n".join([_line(change) for change in changes]))
    print("\n".join(_touched(current, proposed)))
    if not arguments.yes:
        _ask()
    print(f"{_put_into_force(text, note, current)} is in force.")
    return Exit.DONE


def _put_into_force(text: str, note: str, current: "BlueprintVersion") -> "BlueprintVersion":
    from django.utils import timezone

    from tasuki.journeys.actor import Act, Actor
    from tasuki.journeys.operations.setup import BlueprintMovedOn, StillInUse, publish_blueprint

    act = Act(Actor(user_id=None, kind="cli", label="tasuki blueprint"), now=timezone.now())
    try:
        return publish_blueprint(text=text, note=note, act=act, based_on=current.pk)
    except BlueprintMovedOn as error:
        raise CommandFailed(f"{error.current} went live meanwhile; look at it first") from error
    except StillInUse as error:
        held = [
            f"  {one.what} {one.code}: {one.journeys:,} journeys "
            f"(/journeys/?{'&'.join('='.join(pair) for pair in one.parameters)})"
            for one in error.held
        ]
        raise CommandFailed(
            "\n".join(["journeys rest where the file has no place for them:", *held])
        ) from error


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"cannot read {path}: {error}", code=Exit.WRONG_ARGUMENTS) from error


def _examined(text: str) -> "tuple[Blueprint | None, Sequence[Problem]]":
    from tasuki.core.blueprint import BlueprintInvalid, examine_blueprint, readiness

    try:
        blueprint, problems = examine_blueprint(text=text)
    except BlueprintInvalid as error:
        return None, error.problems
    stated = {problem.path for problem in problems}
    gaps = [gap for gap in readiness(blueprint=blueprint) if gap.path not in stated]
    return blueprint, (*problems, *gaps)


def _listed(head: str, problems: "Iterable[Problem]") -> str:
    return "\n".join([head, *(f"  {one.path or '-'}: {one.message.en}" for one in problems)])


def _version(number: int | None) -> "BlueprintVersion":
    from tasuki.journeys.models import BlueprintVersion

    current = BlueprintVersion.objects.filter(is_current=True).first()
    if current is None:
        raise CommandFailed("No process is set up yet: run `tasuki init` first.")
    if number is None:
        return current
    found = BlueprintVersion.objects.filter(key=current.key, version=number).first()
    if found is None:
        raise CommandFailed(
            f"{current.key} has no version {number}; {current} is in force",
            code=Exit.WRONG_ARGUMENTS,
        )
    return found


def _changes(version: "BlueprintVersion", proposed: "Blueprint") -> "Sequence[Change]":
    from tasuki.core.blueprint.difference import differences
    from tasuki.journeys.queries.blueprints import kept_blueprint

    before = kept_blueprint(version_id=version.pk).blueprint
    return differences(before=before, after=proposed)


def _line(change: "Change") -> str:
    line = f"{_SIGNS[change.kind]} {change.label.en}"
    if change.kind != "changed":
        return line
    before, after = (one.en if one else "(nothing)" for one in (change.before, change.after))
    return f"{line}: {before} -> {after}"


def _touched(current: "BlueprintVersion", proposed: "Blueprint") -> Iterator[str]:
    from django.utils import timezone

    from tasuki.journeys.queries.blueprint_impact import blueprint_impact
    from tasuki.journeys.queries.blueprints import kept_blueprint

    impact: Impact = blueprint_impact(
        current=kept_blueprint(version_id=current.pk).blueprint,
        proposed=proposed,
        today=timezone.localdate(),
    )
    yield f"\nTouches {impact.journeys:,} journeys of {impact.owner_count:,} people."
    for place in impact.places:
        yield f"  {place.code}: {place.journeys:,} journeys ({place.fate})"
    for item in impact.items:
        yield f"  newly required, {item.item.en}: {item.lacking:,} of {item.journeys:,} lack it"
    for packet in impact.packets:
        items = ", ".join(one.en for one in packet.items)
        yield f"  packet on offer, journey {packet.journey_id}: still asks for {items}"


def _ask() -> None:
    if not sys.stdin.isatty():
        raise CommandFailed("nobody can be asked here; publish without asking by --yes")
    if input("\nPublish this? [y/N] ").strip().lower() not in ("y", "yes"):
        raise CommandFailed("Not published.")
