"""What the commands on journeys and hand-offs share: who acts, facts, refusals in words."""

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from tasuki.cli.command import CommandFailed, Exit

if TYPE_CHECKING:
    from tasuki.core.access import Access
    from tasuki.core.blueprint import Blueprint, GateItem
    from tasuki.journeys.actor import Act
    from tasuki.journeys.models import Journey
    from tasuki.people.models import User


class Refused(CommandFailed):
    """A rule said no: `missing` are the labels of what is needed."""

    def __init__(self, rule: str, message: str, missing: Sequence[str] = ()) -> None:
        lines = "".join(f"\n  missing: {label}" for label in missing)
        super().__init__(f"{message}{lines}")
        self.rule = rule
        self.words = message
        self.missing = tuple(missing)


def person(email: str) -> "User":
    """Return who has this address. Raises: CommandFailed."""
    from tasuki.people.models import User

    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise CommandFailed(f"nobody here has the address {email}", code=Exit.WRONG_ARGUMENTS)
    return found


def act_as(email: str | None) -> "Act":
    """Return the act of somebody, or of whoever runs the command."""
    from django.utils import timezone

    from tasuki.journeys.actor import Act, Actor

    user = person(email) if email else None
    label = user.full_name if user else "tasuki"
    return Act(
        actor=Actor(user_id=user.pk if user else None, kind="cli", label=label), now=timezone.now()
    )


def access_as(email: str | None) -> "Access":
    """Return what somebody may see and do; whoever runs the command may do everything."""
    from tasuki.core.access import Access, Grant, Role
    from tasuki.people.access import access_of

    if email:
        return access_of(person(email))
    return Access(user_id=0, grants=(Grant(role=Role.ADMIN),))


def journey_for(journey_id: int, access: "Access", *, to_work: bool = False) -> "Journey":
    """Return a journey within somebody's sight. Raises: CommandFailed, Refused."""
    from tasuki.core.departments import Department
    from tasuki.journeys.queries.journey_page import find_journey

    journey = find_journey(journey_id=journey_id, access=access)
    if journey is None:
        raise CommandFailed(f"there is no journey {journey_id}", code=Exit.WRONG_ARGUMENTS)
    department = Department(journey.department) if journey.department else None
    if to_work and not access.may_work_on(
        owner_id=journey.owner_id, team_id=journey.team_id, department=department
    ):
        raise Refused("no_access", f"This person may not work on journey {journey_id}.")
    return journey


def facts_of(words: Sequence[str], *, blueprint: "Blueprint", currency: str) -> dict[str, object]:
    """Read `key=value` words into facts by field path. Raises: CommandFailed."""
    items = {item.key: item for item in blueprint.items}
    paths = {path: item for item in items.values() for path in item.fields}
    facts: dict[str, object] = {}
    for word in words:
        key, equals, text = word.partition("=")
        item = items.get(key)
        path = item.field if item else key
        if not equals or path not in paths:
            known = ", ".join(sorted(items))
            raise CommandFailed(
                f"--answer {word}: give KEY=VALUE with one of {known}", code=Exit.WRONG_ARGUMENTS
            )
        facts[path] = _value(item or paths[path], path, text, currency)
    return facts


def _value(item: "GateItem", path: str, text: str, currency: str) -> object:
    from tasuki.core.conditions.fields import FieldKind
    from tasuki.core.money import Money

    codes = [choice.code for choice in item.choices]
    if codes and text not in codes:
        raise CommandFailed(
            f"{item.key} is one of {', '.join(codes)}, not {text}", code=Exit.WRONG_ARGUMENTS
        )
    try:
        if path == "journey.amount_minor":
            return Money(int(text), currency)
        if path == "journey.expected_close_date":
            return date.fromisoformat(text)
        if item.kind is FieldKind.DATE:
            return date.fromisoformat(text).isoformat()
        return int(text) if item.kind is FieldKind.NUMBER else text
    except ValueError as error:
        raise CommandFailed(
            f"{item.key}: {text} cannot be read", code=Exit.WRONG_ARGUMENTS
        ) from error


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the rules refuse into words and an exit code."""
    from tasuki.core.contacts import InvalidContact
    from tasuki.core.handoffs import HandoffRefused
    from tasuki.core.lifecycle import TransitionRefused
    from tasuki.core.money import MissingRate
    from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
    from tasuki.journeys.operations.handoffs.ending import HandoffDecidedMeanwhile
    from tasuki.journeys.operations.learning import UnableToLearn

    try:
        yield
    except TransitionRefused as refused:
        missing = [item.label.en for item in refused.missing]
        missing += [label.en for label in refused.conditions]
        raise Refused(refused.rule, refused.message.en, missing) from refused
    except HandoffRefused as refused:
        missing = [f"{one.item.label.en} ({one.state.label.en})" for one in refused.lacking]
        raise Refused(refused.rule, refused.message.en, missing) from refused
    except (JourneyChangedMeanwhile, HandoffDecidedMeanwhile) as error:
        raise Refused("changed_meanwhile", "Somebody else was quicker; look again.") from error
    except (InvalidContact, MissingRate, UnableToLearn) as error:
        raise CommandFailed(str(error), code=Exit.WRONG_ARGUMENTS) from error


def answered(arguments: argparse.Namespace, told: dict[str, object], lines: Sequence[str]) -> int:
    """Print the result, for a person or as JSON."""
    print(in_json(told) if arguments.json else "\n".join(lines))
    return Exit.DONE


def in_json(told: object) -> str:
    """Write JSON as every command does."""
    return json.dumps(told, ensure_ascii=False, indent=2, default=str)
