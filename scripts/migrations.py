"""Fail when a model has changed and no migration says so; needs no database."""

import sys
import warnings

import django
from django.core.management import CommandError, call_command


def main() -> int:
    """Return 0 when migrations and models agree."""
    django.setup()
    with warnings.catch_warnings():
        # The consistency of the recorded history is asked of a database that is not running.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration")
        try:
            call_command("makemigrations", check=True, dry_run=True)
        except CommandError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
