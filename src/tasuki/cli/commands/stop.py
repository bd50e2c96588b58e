"""Stop the embedded PostgreSQL.

Commands stop it themselves when they were the last to use it. One that was killed leaves it
running, which does no harm: the next command takes it over, and this one ends it.
"""

import argparse
import sys

from tasuki.cli.command import CommandFailed, Exit, Needs
from tasuki.cli.installation import environment
from tasuki.config import postgres
from tasuki.config.database import embedded_folder

NEEDS = Needs.NOTHING


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--force", action="store_true", help="even while others use it")


def run(arguments: argparse.Namespace) -> int:
    """Stop the server if one runs."""
    here = environment()
    if here.database_url is not None:
        raise CommandFailed("DATABASE_URL is set: that database is not Tasuki's to stop.")
    try:
        was_running = postgres.stop(
            folder=embedded_folder(environment=here), even_if_used=arguments.force
        )
    except postgres.UnableToRunDatabase as error:
        raise CommandFailed(str(error)) from error
    sys.stdout.write("Stopped.\n" if was_running else "No embedded database is running.\n")
    return Exit.DONE
