"""Load the demo company and serve it: eighteen months of an invented B2B SaaS business.

Prepares the database when needed, loads about 6,000 journeys once, and opens for business with
sign-in by one click. The story ends today; with --until it ends on that day, and the same day
gives the same company. Running it again serves what is there. A database with journeys of its own
is left alone.
"""

import argparse
import os
import sys
from datetime import UTC, date, datetime, time

from tasuki.cli.command import CommandFailed, Exit, Needs
from tasuki.cli.commands import serve
from tasuki.cli.installation import application, prepare

# The loading and the serving each see to the database by themselves.
NEEDS = Needs.NOTHING
_EVENING = time(9, 0, tzinfo=UTC)
"""18:00 in Tokyo."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DATE", help="last day of the story (today)"
    )
    parser.add_argument(
        "--size", type=int, metavar="N", help="about how many journeys (default 6000)"
    )
    parser.add_argument("--no-serve", action="store_true", help="load only, then stop")
    serve.add_arguments(parser)
    parser.set_defaults(demo=True)


def run(arguments: argparse.Namespace) -> int:
    """Load the demo company unless it is there, then serve."""
    # Before the settings are read: sign-in by one click is for this process and its children.
    os.environ["TASUKI_DEMO"] = "1"
    with application(migrated=False):
        prepare()
        _load(arguments)
    if arguments.no_serve:
        return Exit.DONE
    return serve.run(arguments)


def _load(arguments: argparse.Namespace) -> None:
    from tasuki.connect.demo.company import (
        DEFAULT_SIZE,
        UnableToLoadDemo,
        is_demo_loaded,
        load_demo,
    )

    if is_demo_loaded():
        sys.stderr.write("The demo company is here already.\n")
        return
    size = DEFAULT_SIZE if arguments.size is None else arguments.size
    if size < 1:
        raise CommandFailed("--size must be 1 or more.", code=Exit.WRONG_ARGUMENTS)
    try:
        loaded = load_demo(now=_end(arguments.until), size=size, on_progress=_progress)
    except UnableToLoadDemo as error:
        raise CommandFailed(
            "this database has journeys of its own, and the demo never mixes with them. "
            "Set TASUKI_HOME to another folder and run `tasuki demo` again."
        ) from error
    written = loaded.written
    sys.stderr.write(
        f"\nThe demo company is ready: {loaded.accounts:,} companies, "
        f"{written.journeys:,} journeys, {written.activities:,} activities.\n"
    )


def _end(until: date | None) -> datetime:
    from django.utils import timezone

    now = timezone.now()
    return min(now, datetime.combine(until, _EVENING)) if until else now


def _progress(journeys: int) -> None:
    sys.stderr.write(f"\rWriting the last eighteen months … {journeys:,} journeys")
    sys.stderr.flush()
