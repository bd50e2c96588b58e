"""`tasuki demo`: loaded once, never beside journeys of somebody's own, and served on request."""

import argparse
from contextlib import nullcontext

import pytest

from tasuki.cli.command import CommandFailed, Exit
from tasuki.cli.commands import demo, serve
from tasuki.journeys.models import Journey
from tests.journeys import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the tests is prepared already, and nothing is served."""
    monkeypatch.setenv("TASUKI_DEMO", "0")
    monkeypatch.setattr(demo, "application", lambda *, migrated: nullcontext())
    monkeypatch.setattr(demo, "prepare", lambda: 0)
    monkeypatch.setattr(serve, "run", lambda arguments: 42)


def run(*words: str) -> int:
    """Type `tasuki demo` with these words."""
    parser = argparse.ArgumentParser()
    demo.add_arguments(parser)
    return demo.run(parser.parse_args(words))


def test_it_is_loaded_once_and_then_served(capsys: pytest.CaptureFixture[str]) -> None:
    factories.process()

    assert run("--size", "30", "--until", "2026-06-30", "--no-serve") == Exit.DONE
    told = capsys.readouterr().err
    written = Journey.objects.count()
    assert written > 0
    assert f"{written:,} journeys" in told
    assert not Journey.objects.filter(opened_at__gte="2026-06-30T09:00:01Z").exists()

    assert run() == 42
    assert capsys.readouterr().err == "The demo company is here already.\n"
    assert Journey.objects.count() == written


def test_a_company_of_no_journeys_is_refused() -> None:
    with pytest.raises(CommandFailed) as refused:
        run("--size", "0")

    assert refused.value.code == Exit.WRONG_ARGUMENTS


def test_journeys_of_somebodys_own_are_left_alone() -> None:
    factories.process()
    factories.journey()

    with pytest.raises(CommandFailed, match="journeys of its own"):
        run()

    assert Journey.objects.count() == 1
