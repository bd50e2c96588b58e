"""Real leads and deals of a marketplace; skipped where the data are not at hand."""

import json
import os
from pathlib import Path

import pytest
from django.db.models import Count, Q, Sum

from tasuki.cli.commands import importing
from tasuki.cli.main import _parser
from tasuki.connect.models import ImportProblem, ImportRun
from tasuki.journeys.models import Journey, ReportingSettings, Stay
from tests.connect import filing
from tests.journeys import factories

FOLDERS = (
    Path(os.environ.get("TASUKI_SAMPLE_DATA", "")),
    Path(__file__).parent.parent.parent.parent / "shared" / "data",
)
FOLDER = next((f / "olist" for f in FOLDERS if (f / "olist").is_dir()), None)
MAPPING = Path(__file__).parent.parent.parent / "examples" / "olist.yaml"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(FOLDER is None, reason="the Olist files are not here"),
]


def _tasuki(*words: str) -> int:
    parser = _parser("import", importing)
    return importing.run(parser.parse_args(["import", *words]))


def test_the_figures_are_right_and_the_doubtful_deal_is_told(
    settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    factories.process()
    before = filing.everything()
    assert _tasuki("--mapping", str(MAPPING), str(FOLDER), "--json") == 0
    told = json.loads(capsys.readouterr().out)

    assert told["records"]["journey"]["created"] == 8_000
    assert Stay.objects.filter(stage="MQL").count() == 8_000
    assert Journey.objects.filter(stage="WON").count() == 842
    revenue = Journey.objects.filter(amount_minor__isnull=False)
    assert revenue.aggregate(Sum("amount_minor"), Count("pk")) == {
        "amount_minor__sum": 66_485_800,
        "pk__count": 376,
    }
    assert ReportingSettings.objects.get().reporting_currency == "BRL"
    doubtful = ImportProblem.objects.get(rule="dates_out_of_order")
    assert (doubtful.row, doubtful.column) == (6359, "first_contact_date")

    origins = Journey.objects.values_list("channel__code").annotate(
        total=Count("pk"),
        won=Count("pk", filter=Q(stage="WON")),
        paid=Sum("amount_reporting_minor"),
    )
    by_origin = {
        code: (round(won / total * 100, 2), round((paid or 0) / total / 100, 2))
        for code, total, won, paid in origins
    }
    assert by_origin["unknown"] == (16.29, 190.77)
    assert by_origin["paid_search"] == (12.30, 95.49)
    assert by_origin["social"] == (5.56, 32.14)
    assert by_origin["organic_search"][1] == 89.07

    assert _tasuki("--mapping", str(MAPPING), str(FOLDER)) == 0
    assert Journey.objects.count() == 8_000
    for run in ImportRun.objects.order_by("-pk"):
        assert _tasuki("--revert", str(run.pk)) == 0
    assert filing.everything() == before
