"""The default process, and facts that meet every gate of it."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from tasuki.core.blueprint import Blueprint, JourneyKind, read_blueprint
from tasuki.core.conditions import FieldKind
from tasuki.core.lifecycle import JourneyState

ROOT = Path(__file__).parents[2]
THE_MODEL = ROOT / "src/tasuki/journeys/blueprints/the_model.yaml"
EXAMPLES = sorted((ROOT / "examples/blueprints").glob("*.yaml"))

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
"""Noon on April 1 in Tokyo."""
BEFORE = NOW - timedelta(days=10)
LATER = date(2026, 10, 1)

_SAMPLES: dict[FieldKind, object] = {
    FieldKind.TEXT: "ある",
    FieldKind.CHOICE: "hot",
    FieldKind.DATE: "2026-03-01",
    FieldKind.DATETIME: BEFORE,
    FieldKind.MONEY: 1_000_000,
    FieldKind.NUMBER: 1,
    FieldKind.FLAG: True,
}


@cache
def the_model() -> Blueprint:
    """The default process."""
    return read_blueprint(text=THE_MODEL.read_text(encoding="utf-8"))


def full_facts(blueprint: Blueprint | None = None) -> dict[str, object]:
    """Facts that answer every item."""
    items = (item for stage in (blueprint or the_model()).stages for item in stage.gate)
    return {
        field: item.choices[0].code if item.choices else _SAMPLES[item.kind]
        for item in items
        for field in item.fields
    }


def resting(
    stage: str, *, kind: JourneyKind = JourneyKind.NEW, cycle: int = 1, **visits: int
) -> JourneyState:
    """A journey that has been in a stage for ten days, every packet on its way accepted."""
    return JourneyState(
        kind=kind,
        stage=stage,
        entered_at=BEFORE,
        opened_at=BEFORE,
        cycle=cycle,
        visits={stage: 1, **visits},
        handed=frozenset(contract.key for contract in the_model().contracts),
    )
