"""`tasuki init` at a terminal: it asks for what the options leave open, and never guesses."""

import argparse
import sys
from io import StringIO

import pytest

from tasuki.cli.command import CommandFailed, Exit
from tasuki.cli.commands import init
from tasuki.people.models import RoleGrant, User

pytestmark = pytest.mark.django_db
PASSWORD = "sash-42-kurokawa"


class Terminal(StringIO):
    """Somebody sits there."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init, "prepare", lambda: 0)


def run(*words: str) -> int:
    """Type `tasuki init` with these words."""
    parser = argparse.ArgumentParser()
    init.add_arguments(parser)
    return init.run(parser.parse_args(words))


def types(monkeypatch: pytest.MonkeyPatch, answers: str, *passwords: str) -> None:
    """Sit at the terminal and type these lines and passwords."""
    monkeypatch.setattr(sys, "stdin", Terminal(answers))
    hidden = iter(passwords)
    monkeypatch.setattr("getpass.getpass", lambda question: next(hidden))


def test_it_asks_until_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    types(monkeypatch, "\n \nAdmin@Example.jp\n黒川\n", PASSWORD, PASSWORD)

    assert run() == Exit.DONE

    user = User.objects.get()
    assert (user.email, user.family_name) == ("admin@example.jp", "黒川")
    assert user.check_password(PASSWORD)
    assert [grant.role for grant in RoleGrant.objects.filter(user=user)] == ["admin"]


def test_two_different_passwords_make_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    types(monkeypatch, "", PASSWORD, PASSWORD + "x")

    with pytest.raises(CommandFailed, match="the two passwords differ"):
        run("--email", "admin@example.jp", "--family-name", "黒川")

    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ([], "--email is missing"),
        (["--email", "a@example.jp"], "--family-name is missing"),
        (["--email", "a@example.jp", "--family-name", "林"], "--password-stdin is missing"),
    ],
)
def test_where_nobody_sits_nothing_is_asked(
    words: list[str], missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO())

    with pytest.raises(CommandFailed, match=missing) as refused:
        run(*words)

    assert refused.value.code == Exit.WRONG_ARGUMENTS
    assert not User.objects.exists()


def test_an_administrator_may_wait() -> None:
    assert run("--no-admin") == Exit.DONE
    assert not User.objects.exists()
