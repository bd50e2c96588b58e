"""Bring the database and the static files up to this version of Tasuki.

Run it after each upgrade, before `tasuki serve`; make a backup first. It changes nothing when
everything is up to date already.
"""

import argparse
import sys

from tasuki.cli.command import Exit, Needs
from tasuki.cli.installation import prepare

NEEDS = Needs.SERVER


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Apply what is pending and say how much it was."""
    count = prepare()
    sys.stdout.write(f"Applied {count} migrations.\n" if count else "Already up to date.\n")
    return Exit.DONE
