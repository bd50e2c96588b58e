"""`tasuki blueprint`: the process as a file, judged and published as on the screen."""

import argparse
import io
from pathlib import Path
from typing import Protocol

import pytest

from tasuki.cli.command import CommandFailed, Exit
from tasuki.cli.commands import blueprint
from tasuki.journeys.models import BlueprintVersion, Handoff, Journey
from tasuki.journeys.queries.blueprints import current_blueprint, default_blueprint_text
from tests.journeys.factories import NOW, journey, process


def run(*words: str) -> int:
    """Type `tasuki blueprint` with these words, the database being open."""
    parser = argparse.ArgumentParser()
    blueprint.add_arguments(parser)
    return blueprint.carry_out(parser.parse_args(words))


class Written(Protocol):
    """Writes the default process with some of its text replaced."""

    def __call__(self, *changes: tuple[str, str]) -> str:
        """Write the file and return its path."""
        ...


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes the default process with changes, and gives the file."""

    def write(*changes: tuple[str, str]) -> str:
        text = default_blueprint_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "process.yaml"
        path.write_text(text, "utf-8")
        return str(path)

    return write


EARLIER = ("stall_days: 60", "stall_days: 45")


def test_a_sound_file_is_said_to_be_so(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    blueprint.add_arguments(parser)
    path = written()
    assert blueprint.run(parser.parse_args(["check", path])) == Exit.DONE
    assert "process.yaml is sound: the_model, 14 stages" in capsys.readouterr().out


def test_every_problem_is_told_with_its_path(written: Written) -> None:
    path = written(
        EARLIER,
        ("department: marketing", "department: marketng"),
        ("stall_days: 14", "stall_days: soon"),
    )
    with pytest.raises(CommandFailed) as failure:
        run("check", path)
    assert failure.value.code == Exit.FAILED
    lines = str(failure.value).splitlines()
    assert lines[0].endswith("process.yaml cannot go live:")
    assert lines[1].startswith("  stages[0].department: Write one of marketing, inside_sales")
    assert lines[2] == "  stages[1].stall_days: Write a number here."


def test_a_missing_contract_is_a_problem(written: Written) -> None:
    with pytest.raises(CommandFailed, match="contracts: From"):
        run("check", written(("enters: SAL", "enters: SQL")))


@pytest.mark.parametrize("verb", [("check",), ("diff",), ("publish", "--note", "x", "--yes")])
@pytest.mark.django_db
def test_what_is_no_blueprint_is_refused(verb: tuple[str, ...], tmp_path: Path) -> None:
    process()
    path = tmp_path / "broken.yaml"
    path.write_text("stages: [", "utf-8")
    with pytest.raises(CommandFailed, match="not readable as YAML"):
        run(verb[0], str(path), *verb[1:])
    with pytest.raises(CommandFailed, match="cannot read") as failure:
        run(verb[0], str(tmp_path / "nothing.yaml"), *verb[1:])
    assert failure.value.code == Exit.WRONG_ARGUMENTS


@pytest.mark.django_db
def test_the_process_is_shown_as_it_was_published(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandFailed, match="run `tasuki init` first"):
        run("show")
    process()
    assert run("publish", written(EARLIER), "--note", "早く", "--yes") == Exit.DONE
    capsys.readouterr()
    run("show", "--version", "1")
    assert capsys.readouterr().out == default_blueprint_text()
    run("show")
    assert "stall_days: 45" in capsys.readouterr().out
    with pytest.raises(CommandFailed, match="has no version 7; the_model v2 is in force"):
        run("show", "--version", "7")


@pytest.mark.django_db
def test_a_difference_is_told_line_by_line(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    process()
    run("diff", written())
    assert capsys.readouterr().out == "The same as the_model v1.\n"
    entry = "stall_days: 45\n    entry: account.employees >= 5"
    run("diff", written(("stall_days: 60", entry), ("      - key: trigger", "      - key: why")))
    assert capsys.readouterr().out.splitlines() == [
        "~ Lead: entry condition changed: (nothing) -> Employees is at least 5",
        "~ Lead: days until stalled changed: 60 days -> 45 days",
        '+ Hand-off "Inside sales to field sales": required item "Why now" added',
        '- Hand-off "Inside sales to field sales": required item "Why now" removed',
    ]
    run("diff", written(("label: {ja: リード, en: Lead}", "label: {ja: リード}")), "--against", "1")
    told = capsys.readouterr().out
    assert "It cannot go live yet:\n  stages[0].label.en: Both Japanese" in told


@pytest.mark.django_db
def test_publishing_tells_whom_it_touches(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    process()
    offered = Handoff.objects.create(
        journey=journey(),
        cycle=1,
        contract="inside_sales_to_field_sales",
        kind="forward",
        blueprint_id=current_blueprint().version_id,
        giver_department="inside_sales",
        taker_department="field_sales",
        state="offered",
        offered_at=NOW,
    )
    path = written(EARLIER, ("required: false", "required: true"), ("- key: trigger", "- key: why"))
    assert run("publish", path, "--note", "早く気づく", "--yes") == Exit.DONE
    told = capsys.readouterr().out
    assert "Touches 1 journeys of 0 people.\n  LEAD: 1 journeys (changed)" in told
    assert "  newly required, Fit: 1 of 1 lack it" in told
    assert f"  packet on offer, journey {offered.journey_id}: still asks for Why now" in told
    assert told.endswith("the_model v2 is in force.\n")
    current = BlueprintVersion.objects.get(is_current=True)
    assert (current.version, current.note, current.published_by) == (2, "早く気づく", None)
    assert current_blueprint().blueprint.stages[0].stall_days == 45


@pytest.mark.django_db
def test_publishing_asks_first(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    process()
    path = written(EARLIER)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(CommandFailed, match="publish without asking by --yes"):
        run("publish", path, "--note", "x")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _question: "n")
    with pytest.raises(CommandFailed, match="Not published"):
        run("publish", path, "--note", "x")
    assert BlueprintVersion.objects.count() == 1
    monkeypatch.setattr("builtins.input", lambda _question: "Y")
    assert run("publish", path, "--note", "x") == Exit.DONE


@pytest.mark.django_db
def test_publishing_refuses_as_the_screen_does(written: Written) -> None:
    process()
    with pytest.raises(CommandFailed, match="say with --note"):
        run("publish", written(EARLIER), "--note", " ", "--yes")
    with pytest.raises(CommandFailed, match="says the same as the_model v1"):
        run("publish", written(), "--note", "x", "--yes")
    with pytest.raises(CommandFailed, match="cannot go live:\n  stages"):
        run("publish", written(("department: marketing", "department:")), "--note", "x", "--yes")
    made = journey()
    Journey.objects.filter(pk=made.pk).update(motion="abm")
    path = written(
        ("  - {code: abm, label: {ja: ABM, en: ABM}, ownership: team}\n", ""),
        ("    motion: abm", "    motion: full_cycle"),
    )
    with pytest.raises(CommandFailed, match=r"motion abm: 1 journeys \(/journeys/\?motion=abm\)"):
        run("publish", path, "--note", "x", "--yes")
    assert BlueprintVersion.objects.count() == 1


@pytest.mark.django_db
def test_publishing_notices_a_version_that_went_live_meanwhile(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    process()
    path = written(EARLIER)

    def meanwhile(_question: str) -> str:
        run("publish", written(("stall_days: 14", "stall_days: 13")), "--note", "先", "--yes")
        return "y"

    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", meanwhile)
    with pytest.raises(CommandFailed, match="the_model v2 went live meanwhile"):
        run("publish", path, "--note", "後")
    assert BlueprintVersion.objects.get(is_current=True).note == "先"
