"""Strict imports: a row may not take a journey where its gate or its contract does not let it."""

from pathlib import Path

import pytest

from tasuki.connect.mapping import Gates, read_mapping
from tasuki.connect.problems import Rule
from tasuki.journeys.models import Handoff, Journey
from tasuki.people.models import User
from tests.connect import filing
from tests.connect.filing import MAPPING
from tests.journeys.factories import NOW, process

pytestmark = pytest.mark.django_db
HEADER = "id,company,site,size,name,email,phone,channel,mql,sal,lost,reason,amount,boss\n"
LEAD = "L1,青葉商事,aoba.example.co.jp,120,山田 太郎,yamada@aoba.example.co.jp,03-1234-5678,seo"
KNOWN = HEADER + f"{LEAD},2026-01-05,,,,1200000,sato@example.co.jp\n"
NEWER = HEADER + f"{LEAD},2026-01-05,2026-01-20,,,1200000,sato@example.co.jp\n"
USERS = """\
records:
  - entity: user
    from: leads
    key: boss
    fields: {email: boss, family_name: {value: 佐藤}}
"""
STRICT = (
    MAPPING.replace("as_recorded", "enforce")
    .replace("records:\n", USERS)
    .replace("reason: reason}", "reason: reason, owner: boss}")
)


@pytest.fixture(autouse=True)
def _process() -> None:
    process()


def test_tell_and_enforce_are_words_of_the_mapping() -> None:
    assert read_mapping(STRICT).gates is Gates.ENFORCED
    assert read_mapping(MAPPING.replace("as_recorded", "tell")).gates is Gates.AS_RECORDED


def test_a_stored_journey_does_not_cross_a_boundary_without_a_packet(tmp_path: Path) -> None:
    filing.run(tmp_path, {"leads.csv": KNOWN}, mapping=STRICT)

    outcome = filing.run(tmp_path, {"leads.csv": NEWER}, mapping=STRICT, skip_errors=True)

    assert filing.errors(outcome) == [(Rule.HANDOFF_NEEDED, 2, "")]
    assert "引き継ぎが受諾されている必要があります" in outcome.log.kept[-1].message.ja
    assert Journey.objects.get().stage == "MQL"


def test_the_other_rows_go_on(tmp_path: Path) -> None:
    filing.run(tmp_path, {"leads.csv": KNOWN}, mapping=STRICT)
    more = "L2,若葉,,,佐藤 花子,sato@wakaba.example.jp,,seo,2026-02-01,,,,,sato@example.co.jp\n"

    filing.run(tmp_path, {"leads.csv": NEWER + more}, mapping=STRICT, skip_errors=True)

    assert list(Journey.objects.order_by("pk").values_list("stage", flat=True)) == ["MQL", "MQL"]


def test_an_accepted_packet_lets_it_cross(tmp_path: Path) -> None:
    filing.run(tmp_path, {"leads.csv": KNOWN}, mapping=STRICT)
    journey = Journey.objects.get()
    for cycle in (journey.cycle, journey.cycle + 1):
        Handoff.objects.create(
            journey=journey,
            cycle=cycle,
            contract="marketing_to_inside_sales",
            kind="forward",
            blueprint_id=journey.blueprint_id,
            giver_department="marketing",
            taker_department="inside_sales",
            state="accepted",
            holds=True,
            receiver=User.objects.get(),
            offered_at=NOW,
            decided_at=NOW,
        )

    filing.run(tmp_path, {"leads.csv": NEWER}, mapping=STRICT)

    journey.refresh_from_db()
    assert journey.stage == "SAL"


def test_whoever_carries_on_alone_needs_what_the_contract_asks_for(tmp_path: Path) -> None:
    filing.run(tmp_path, {"leads.csv": KNOWN}, mapping=STRICT)
    Journey.objects.update(motion="full_cycle")

    outcome = filing.run(tmp_path, {"leads.csv": NEWER}, mapping=STRICT, skip_errors=True)

    assert filing.errors(outcome) == [(Rule.MISSING_GATE_ITEM, 2, "")]
    assert "関心を示した行動" in outcome.log.kept[-1].message.ja


def test_a_side_track_is_no_boundary(tmp_path: Path) -> None:
    filing.run(tmp_path, {"leads.csv": KNOWN}, mapping=STRICT)
    lost = HEADER + f"{LEAD},2026-01-05,,2026-02-10,価格が合わない,1200000,sato@example.co.jp\n"

    filing.run(tmp_path, {"leads.csv": lost}, mapping=STRICT)

    assert Journey.objects.get().stage == "LOST"


def test_history_is_told_without_packets(tmp_path: Path) -> None:
    """What happened before Tasuki knew the journey was handed over elsewhere."""
    filing.run(tmp_path, {"leads.csv": NEWER}, mapping=STRICT)
    assert Journey.objects.get().stage == "SAL"
