"""Prepare a new installation: database, static files, and the first administrator.

Asks for what the options leave open. It can be run again: what exists already is kept, and an
administrator is made only when an address is given or nobody is there yet.

For scripts: --email, --family-name and a password on standard input with --password-stdin.
"""

import argparse
import getpass
import sys

from tasuki.cli.command import CommandFailed, Exit, Needs
from tasuki.cli.installation import prepare

NEEDS = Needs.SERVER


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--email", help="e-mail address of the first administrator")
    parser.add_argument("--family-name", help="their family name")
    parser.add_argument("--given-name", default="", help="their given name")
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    parser.add_argument("--no-admin", action="store_true", help="make no administrator now")


def run(arguments: argparse.Namespace) -> int:
    """Prepare everything and make the administrator."""
    from tasuki.people.models import User

    count = prepare()
    sys.stdout.write(f"Database ready ({count} migrations applied).\n")
    if arguments.no_admin or (arguments.email is None and User.objects.exists()):
        return Exit.DONE
    email = arguments.email or _ask("E-mail address of the administrator: ", option="--email")
    family_name = arguments.family_name or _ask("Family name: ", option="--family-name")
    password = _password(from_stdin=arguments.password_stdin)
    _make_administrator(email, family_name, arguments.given_name, password)
    sys.stdout.write(f"{email} may sign in now. Next: `tasuki serve`.\n")
    return Exit.DONE


def _make_administrator(email: str, family_name: str, given_name: str, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction
    from django.utils import timezone, translation

    from tasuki.core.access import Grant, Role
    from tasuki.people.models import User, normalise_email
    from tasuki.people.operations import EmailTakenError, grant_role, invite_user

    user = User(email=normalise_email(email), family_name=family_name, given_name=given_name)
    now = timezone.now()
    # The command line speaks English; the messages are put into words inside this block.
    with translation.override("en"):
        try:
            user.clean_fields(exclude=["password"])
            validate_password(password, user)
            with transaction.atomic():
                invite_user(user=user, by=None, now=now)
                user.set_password(password)
                user.save(update_fields=["password"])
                grant_role(user=user, grant=Grant(role=Role.ADMIN), by=None, now=now)
        except ValidationError as error:
            raise CommandFailed(" ".join(error.messages)) from error
        except EmailTakenError as error:
            raise CommandFailed(f"there is a person with the address {email} already.") from error


def _ask(question: str, *, option: str) -> str:
    if not sys.stdin.isatty():
        raise CommandFailed(f"{option} is missing.", code=Exit.WRONG_ARGUMENTS)
    while not (answer := input(question).strip()):
        pass
    return answer


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise CommandFailed("--password-stdin is missing.", code=Exit.WRONG_ARGUMENTS)
    password = getpass.getpass("Password (at least 10 characters): ")
    if password != getpass.getpass("The same again: "):
        raise CommandFailed("the two passwords differ.")
    return password
