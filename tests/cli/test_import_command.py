"""`tasuki import`: check, import, refuse, and take back, with exit codes that scripts can trust."""

import argparse
import csv
import json
from pathlib import Path

import pytest

from tasuki.cli.command import CommandFailed, Exit
from tasuki.cli.commands import importing
from tasuki.connect.models import ImportRun
from tasuki.journeys.models import Account, Journey
from tasuki.journeys.operations.records import AccountDetails, update_account
from tests.connect.filing import GOOD, MAPPING
from tests.journeys.factories import act

pytestmark = pytest.mark.django_db
WRONG = GOOD + GOOD.splitlines()[1].replace("L1", "L2").replace("2026-01-05", "someday") + "\n"


@pytest.fixture
def folder(tmp_path: Path, settings: object) -> Path:
    """A folder with one good file, one that no mapping names, and a mapping beside it."""
    settings.MEDIA_ROOT = tmp_path / "uploads"  # type: ignore[attr-defined]
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    files = tmp_path / "files"
    files.mkdir()
    (files / "leads.csv").write_text(GOOD, "utf-8")
    (files / "notes.csv").write_text("nothing,to,see\n", "utf-8")
    return files


def run(*words: str) -> int:
    """Type `tasuki import` with these words."""
    parser = argparse.ArgumentParser()
    importing.add_arguments(parser)
    return importing.run(parser.parse_args(words))


def bring_in(folder: Path, *words: str) -> int:
    """Import the folder by the mapping beside it."""
    return run("--mapping", str(folder.parent / "mapping.yaml"), str(folder), *words)


def test_a_check_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bring_in(folder, "--dry-run") == Exit.DONE

    assert "It can be imported as it is." in capsys.readouterr().out
    assert not Journey.objects.exists()


def test_what_was_imported_is_taken_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bring_in(folder) == Exit.DONE
    told = capsys.readouterr().out
    number = ImportRun.objects.get().pk

    assert f"Take it back with: tasuki import --revert {number}" in told
    assert "notes.csv" not in told
    assert Journey.objects.count() == 1

    assert run("--revert", str(number)) == Exit.DONE
    assert "removed          1 journey" in capsys.readouterr().out
    assert not Journey.objects.exists()
    with pytest.raises(CommandFailed, match="only an imported one can be reverted"):
        run("--revert", str(number))


def test_rows_with_errors_are_refused_or_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "leads.csv").write_text(WRONG, "utf-8")
    problems = folder.parent / "problems.csv"

    assert bring_in(folder, "--dry-run", "--problems", str(problems)) == Exit.FAILED
    told = capsys.readouterr().out
    assert 'leads.csv row 3, column mql "someday"' in told
    assert "1 errors must be corrected first." in told
    rows = list(csv.reader(problems.read_text("utf-8-sig").splitlines()))
    assert any("someday" in row for row in rows)

    assert bring_in(folder) == Exit.FAILED
    assert "Nothing was written." in capsys.readouterr().out
    assert not Journey.objects.exists()

    assert bring_in(folder, "--skip-errors", "--json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["records"]["journey"]["created"]) == ("committed", 1)


def test_what_people_worked_on_is_named_and_may_be_kept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring_in(folder)
    number = ImportRun.objects.get().pk
    company = Account.objects.get()
    details = AccountDetails(name="青葉商事ホールディングス")
    update_account(account_id=company.pk, details=details, revision=company.revision, act=act())

    with pytest.raises(CommandFailed) as refused:
        run("--revert", str(number))
    assert f"account {company.pk}: 青葉商事ホールディングス" in str(refused.value)

    capsys.readouterr()
    assert run("--revert", str(number), "--keep-worked-on") == Exit.DONE
    assert "1 records that people worked on" in capsys.readouterr().out
    assert (Journey.objects.count(), Account.objects.count()) == (0, 1)


def test_a_revert_is_told_to_scripts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring_in(folder)
    capsys.readouterr()

    assert run("--revert", str(ImportRun.objects.get().pk), "--json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["removed"]["journey"], told["restored"]) == (1, 0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "give --mapping FILE and a folder"),
        (["--mapping", "m.yaml", "/nowhere"], "/nowhere is not a folder"),
        (["--mapping", "/nowhere.yaml", "."], "the mapping cannot be read"),
        (["--revert", "0"], "there is no import 0"),
    ],
)
def test_wrong_words_are_told(words: list[str], message: str) -> None:
    with pytest.raises(CommandFailed, match=message) as refused:
        run(*words)

    assert refused.value.code == Exit.WRONG_ARGUMENTS


def test_the_mistakes_of_a_mapping_are_told(folder: Path) -> None:
    (folder.parent / "mapping.yaml").write_text(MAPPING.replace("entity: person", "entity: cat"))

    with pytest.raises(CommandFailed, match="has mistakes") as refused:
        bring_in(folder)

    assert refused.value.code == Exit.WRONG_ARGUMENTS
    assert not ImportRun.objects.exists()


def test_gates_are_told_or_enforced_whatever_the_mapping_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring_in(folder, "--gates", "enforce") == Exit.FAILED
    told = capsys.readouterr().out
    assert "leads.csv row 2: Items that the stages ask for are missing: Owner." in told
    assert not Journey.objects.exists()

    assert bring_in(folder, "--gates", "tell") == Exit.DONE
    assert Journey.objects.count() == 1
