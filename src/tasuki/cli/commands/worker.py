"""Run a background worker: imports, notices and everything else that takes its time.

`tasuki serve` brings one along. Run more of them when work piles up, on this machine or, with the
same DATABASE_URL, on others; each piece of work is taken by exactly one. A worker that is told to
stop (Ctrl-C or SIGTERM) finishes what it is doing first.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from tasuki.cli.command import Exit, Needs
from tasuki.cli.family import end_with_parent

NEEDS = Needs.DATABASE
_POLL_SECONDS = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--until-idle", action="store_true", help="end when nothing is left to do (for scripts)"
    )
    parser.add_argument("--parent", type=int, default=None, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop, or until idle."""
    from django.core.management import call_command

    if arguments.parent is not None:
        end_with_parent(parent=arguments.parent)
    with _periodic_jobs(wanted=not arguments.until_idle):
        call_command(
            "db_worker",
            queue_name="*",
            interval=_POLL_SECONDS,
            batch=arguments.until_idle,
            startup_delay=False,
            reload=False,
            verbosity=0,
        )
    return Exit.DONE


@contextmanager
def _periodic_jobs(*, wanted: bool) -> Iterator[None]:
    """Keep the timetable running beside the tasks; a worker for scripts does tasks only."""
    if not wanted:
        yield
        return
    from tasuki.cli.jobs import JOBS
    from tasuki.cli.periodic import Timetable

    timetable = Timetable(JOBS)
    timetable.start()
    try:
        yield
    finally:
        timetable.stop()
