"""Write everything into one file: the database and the uploaded files.

It may run while people work: the database is read as of one moment. The file holds personal data
and is readable by you alone; keep it as safely. The key that signs sessions is not in it.

Bring it back with `tasuki restore FILE`, on this machine or another.
"""

import argparse
import sys
from pathlib import Path

from tasuki.cli.command import CommandFailed, Exit, Needs

NEEDS = Needs.SERVER


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write, e.g. tasuki.zip")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")


def run(arguments: argparse.Namespace) -> int:
    """Write the backup."""
    from tasuki.cli.archive import UnableToBackUp, write_backup

    target: Path = arguments.file.absolute()
    if target.exists() and not arguments.force:
        raise CommandFailed(f"{target} exists already; choose another name or use --force.")
    if not target.parent.is_dir():
        raise CommandFailed(f"there is no folder {target.parent}.")
    try:
        size = write_backup(target=target)
    except UnableToBackUp as error:
        raise CommandFailed(str(error)) from error
    sys.stdout.write(f"Wrote {target} ({size / 1_000_000:.1f} MB).\n")
    return Exit.DONE
