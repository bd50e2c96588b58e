"""The command line itself: quick, helpful, and clear when it refuses."""

import resource
import subprocess
import sys

import pytest

from tasuki.cli.command import COMMANDS, Command, CommandFailed, Exit
from tasuki.cli.main import main

# What answers for a command line that does nothing else.
_LIGHT = "import sys, tasuki.cli.main; sys.exit(bool({'django', 'psycopg'} & set(sys.modules)))"


def test_help_names_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(command.name in shown and command.summary in shown for command in COMMANDS)
    assert "Exit codes: 0 done" in shown


def test_help_loads_neither_framework_nor_database_driver() -> None:
    assert subprocess.run([sys.executable, "-c", _LIGHT], check=False).returncode == 0


def test_help_answers_in_under_a_second() -> None:
    command = [sys.executable, "-m", "tasuki.cli", "--help"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    # Processor time: a busy machine may be slow to start anything.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_there_and_explains_itself(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command.name, "--help"])

    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert len(shown.splitlines()) > 5


def test_an_unknown_command_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dance"])

    assert ended.value.code == Exit.WRONG_ARGUMENTS
    assert "serve" in capsys.readouterr().err


def test_no_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])

    assert ended.value.code == Exit.WRONG_ARGUMENTS
    assert "COMMAND" in capsys.readouterr().err


def test_a_failure_is_one_line_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tasuki.cli.commands import stop  # noqa: PLC0415

    def fail(arguments: object) -> int:
        raise CommandFailed("the sash is lost.", code=Exit.NOT_READY)

    monkeypatch.setattr(stop, "run", fail)

    assert main(["stop"]) == Exit.NOT_READY
    assert capsys.readouterr().err == "tasuki: the sash is lost.\n"


def test_an_interruption_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tasuki.cli.commands import stop  # noqa: PLC0415

    def interrupt(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(stop, "run", interrupt)

    assert main(["stop"]) == Exit.INTERRUPTED
    assert capsys.readouterr().err == "tasuki: interrupted\n"


def test_a_wrong_variable_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TASUKI_URL", "nowhere")

    assert main(["stop"]) == Exit.NOT_READY
    assert capsys.readouterr().err.startswith("tasuki: TASUKI_URL must start with http://")


def test_a_database_of_the_operator_is_never_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.test/tasuki")

    assert main(["stop"]) == Exit.FAILED
    assert "not Tasuki's to stop" in capsys.readouterr().err
