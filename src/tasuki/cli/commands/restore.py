"""Bring back what `tasuki backup` wrote: the database and the uploaded files.

Everything there now is replaced, so a database that holds people is refused without --force. End
`tasuki serve` and all workers first. When anything goes wrong, the database stays as it was. A
backup of an older version is brought up to this one.
"""

import argparse
import sys
from pathlib import Path

from tasuki.cli.command import CommandFailed, Exit, Needs
from tasuki.cli.installation import prepare

NEEDS = Needs.SERVER


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a file of `tasuki backup`")
    parser.add_argument("--force", action="store_true", help="replace the data that are there")


def run(arguments: argparse.Namespace) -> int:
    """Restore the backup."""
    from tasuki.cli.archive import UnableToRestore, restore_backup

    if _holds_people() and not arguments.force:
        raise CommandFailed(
            "the database is not empty. Make a backup of it, then use --force to replace it."
        )
    try:
        restore_backup(source=arguments.file.absolute())
    except UnableToRestore as error:
        raise CommandFailed(str(error)) from error
    count = prepare()
    sys.stdout.write(f"Restored {arguments.file} ({count} newer migrations applied).\n")
    return Exit.DONE


def _holds_people() -> bool:
    from django.db import connection

    from tasuki.people.models import User

    tables = connection.introspection.table_names()
    return User._meta.db_table in tables and User.objects.exists()
