"""`tasuki report course`: the same figures as the page, as a table and as JSON."""

import argparse
import json
from datetime import date
from typing import Any

import pytest

from tasuki.cli.command import CommandFailed, Exit
from tasuki.cli.commands import report
from tasuki.core.lifecycle import Exit as Way
from tasuki.journeys.models import Stay
from tests.analytics.company import Step, found_company

pytestmark = pytest.mark.django_db


def _arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    report.add_arguments(parser)
    return parser.parse_args(["course", *words])


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert report.run(_arguments("--json", *words)) == Exit.DONE
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def _company() -> None:
    company = found_company()
    for minor in (66_485_800, None):
        company.journey(
            [
                Step("MQL", "2026-04-01", "2026-04-03", Way.ADVANCED, "WON"),
                Step("WON", "2026-04-03"),
            ],
            channel="seo",
            amount_minor=minor,
            currency="BRL" if minor else "",
        )
    company.journey([Step("MQL", "2026-05-01")])


def test_the_keys_are_stable(capsys: pytest.CaptureFixture[str]) -> None:
    _company()

    found = _json(capsys, "--by", "origin")

    assert list(found) == [
        *("period", "basis", "blueprint", "currency", "stages", "groups", "problems", "by"),
    ]
    mql = next(stage for stage in found["stages"] if stage["code"] == "MQL")
    shown = {
        key: mql[key]
        for key in ("label", "entered", "advanced", "returned", "lost", "open", "conversion")
    }
    assert shown == {
        "label": "MQL",
        "entered": 3,
        "advanced": 2,
        "returned": 0,
        "lost": 0,
        "open": 1,
        "conversion": 0.6667,
    }
    assert mql["median_days"] == 2.0
    assert found["period"]["from"] is None


def test_groups_tell_won_rate_and_revenue(capsys: pytest.CaptureFixture[str]) -> None:
    _company()

    groups = {group["key"]: group for group in _json(capsys, "--by", "channel")["groups"]}

    seo, unknown = groups["seo"], groups[""]
    assert (seo["journeys"], seo["won"], seo["won_rate"]) == (2, 2, 1.0)
    assert (seo["revenue"], seo["currency"]) == (664858.0, "BRL")
    assert seo["revenue_per_journey"] == 332429.0
    assert (seo["won_without_amount"], seo["amounts_without_rate"]) == (1, 1)
    assert (unknown["won_rate"], unknown["revenue"], unknown["currency"]) == (0.0, 0, "JPY")


def test_a_period_counts_its_last_day(capsys: pytest.CaptureFixture[str]) -> None:
    _company()

    found = _json(capsys, "--from", "2026-04-02", "--to", "2026-05-01")

    mql = next(stage for stage in found["stages"] if stage["code"] == "MQL")
    assert (mql["balance_start"], mql["entered"], mql["advanced"], mql["open"]) == (2, 1, 2, 1)
    assert (found["period"]["from"], found["period"]["to"]) == ("2026-04-02", "2026-05-01")
    assert found["groups"] == []


def test_contradictory_dates_are_reported_not_dropped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _company()
    won = Stay.objects.filter(stage="WON").order_by("pk")[:1]
    Stay.objects.filter(pk__in=list(won.values_list("pk", flat=True))).update(
        claimed_date=date(2026, 3, 1)
    )

    [problem] = _json(capsys)["problems"]
    report.run(_arguments())
    text = capsys.readouterr().out

    assert problem["kind"] == "date_conflict"
    assert (problem["stage"], problem["claimed_date"]) == ("WON", "2026-03-01")
    assert problem["previous_stage"] == "MQL"
    assert "WON claimed on 2026-03-01, after MQL" in text


def test_the_table_lines_up_under_japanese_names(capsys: pytest.CaptureFixture[str]) -> None:
    _company()

    report.run(_arguments("--by", "origin", "--from", "2026-04-01"))
    lines = capsys.readouterr().out.splitlines()

    table = [line for line in lines if line.startswith(("code", "MQL", "SAL", "ONB"))]
    ends = {sum(report._width(sign) for sign in line) for line in table}
    assert len(ends) == 1
    mql = next(line for line in lines if line.startswith("MQL "))
    assert mql.split() == ["MQL", "MQL", "0", "3", "2", "0", "0", "1", "66.7%", "100.0%", "2.0"]
    assert any("BRL 664,858.00" in line for line in lines)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(CommandFailed, match="2026-04-01 is before --from 2026-05-01") as refused:
        report.run(_arguments("--from", "2026-05-01", "--to", "2026-04-01"))

    assert refused.value.code == Exit.WRONG_ARGUMENTS


def test_a_day_must_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _arguments("--from", "yesterday")

    assert "write it as 2026-04-01" in capsys.readouterr().err


def test_without_a_process_it_says_what_to_do() -> None:
    with pytest.raises(CommandFailed, match="tasuki init"):
        report.run(_arguments())
