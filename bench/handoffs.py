"""How long a receiver waits: the queue, My day, and accepting or returning in one click.

    python bench/handoffs.py                              100,000 open journeys
    python bench/handoffs.py --keep /var/tmp/tasuki       keep the filled database for the next run

Every client asks four times a second; the verbs each take another packet. *usual* is two clients,
eight clicks a second, more than a company of hundreds makes: the aim is for it. *crowd* is eight.
`floor` is a bare Django view that asks the database for 1, served in the same way in the same run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

ROOT: Final = Path(__file__).parent.parent
sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "src")) if path not in sys.path]

from bench.house import house  # noqa: E402 the path is set above
from bench.load import CLIENTS, Ask, ask_all  # noqa: E402
from bench.measure import Cell, percentile, print_table, write_results  # noqa: E402
from bench.web import TOKEN, WORKERS, served, signed_in  # noqa: E402

AIM_MS: Final = 100.0
USUAL: Final = 2
CONTRACT: Final = "marketing_to_inside_sales"
MEMBER: Final = "inside_sales4@tasuki.example"
VERBS: Final = {"accept": {}, "return": {"reason": "no_need"}}
Row = dict[str, Cell]


def main() -> int:
    """Measure and report; 1 when an answer was wrong or took too long."""
    parser = argparse.ArgumentParser(description="Measure how long a receiver waits.")
    parser.add_argument("--journeys", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder whose database is kept")
    parser.add_argument("--times", type=int, default=24, help="requests a client")
    arguments = parser.parse_args()
    with house(journeys=arguments.journeys, keep=arguments.keep):
        # Each client takes a few packets to warm up, then as many as it asks times.
        packets = _offer(number=2 * (CLIENTS * (arguments.times + 3) + USUAL * arguments.times))
        rows, errors = _measure(arguments.times, packets)
    print(
        f"\n{arguments.journeys:,} journeys, {USUAL} and {CLIENTS} clients, "
        f"{WORKERS} processes; times in ms"
    )
    print_table(rows)
    results = {"journeys": arguments.journeys, "cases": rows, "errors": errors[:50]}
    print(f"Written to {write_results(name='handoffs', results=results)}")
    for error in errors[:10]:
        print(f"WRONG: {error}", file=sys.stderr)
    return 1 if errors or any(row["reached"] == "no" for row in rows) else 0


def _measure(times: int, packets: Iterator[int]) -> tuple[list[Row], list[str]]:
    from bench.floor_answer import ANSWER

    rows: list[Row] = []
    errors: list[str] = []

    def case(port: int, name: str, make: Callable[[], Ask], headers: dict[str, str]) -> None:
        row: Row = {"case": name}
        for way, clients, number in (
            ("", CLIENTS, 3),
            ("usual", USUAL, times),
            ("crowd", CLIENTS, times),
        ):
            drawn = [[make() for _ in range(number)] for _ in range(clients)]
            answers = ask_all(port=port, headers=headers, clients=drawn, is_paced=True)
            errors.extend(answers.errors)
            if way:
                row[f"{way} p50"] = percentile(answers.times, 0.5)
                row[f"{way} p95"] = percentile(answers.times, 0.95)
        usual = row["usual p95"]
        assert isinstance(usual, float)
        if name in VERBS:
            row |= {"aim": AIM_MS, "reached": "yes" if usual < AIM_MS else "no"}
        else:
            row |= {"aim": None, "reached": ""}
        rows.append(row)
        print(f"  {name}: p95 {usual:.1f} ms", file=sys.stderr, flush=True)

    headers = signed_in(MEMBER)
    with served(["-m", "bench.serve_floor"], path="/") as (port, _):
        case(port, "floor", lambda: Ask("/", ANSWER), headers)
    serve = ["-m", "tasuki.cli", "serve", "--no-worker", "--workers", str(WORKERS)]
    with served(serve, path="/healthz") as (port, _):
        for verb in VERBS:
            case(port, verb, lambda verb=verb: _decide(verb, next(packets)), headers)  # type: ignore[misc]
        case(port, "queue", lambda: Ask("/handoffs/", 'id="packet-list"'), headers)
        case(port, "my day", lambda: Ask("/my-day/", 'id="day"'), headers)
    return rows, errors


def _decide(verb: str, packet: int) -> Ask:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "HX-Request": "true",
        "X-CSRFToken": TOKEN,
    }
    body = urlencode({"as": "row", **VERBS[verb]})
    return Ask(f"/handoffs/{packet}/{verb}/", f'id="packet-{packet}"', body, headers)


def _offer(*, number: int) -> Iterator[int]:
    """Offer packets to the queue of inside sales, and as many again that stay there."""
    from django.utils import timezone

    from tasuki.journeys.models import Handoff, HandoffRound, Journey

    now = timezone.now()
    Handoff.objects.filter(contract=CONTRACT, state="offered").update(
        state="withdrawn", decided_at=now
    )
    due = now + timedelta(hours=4)
    journeys = Journey.objects.filter(stage="MQL", is_open=True).order_by("pk")[: 2 * number]
    told = {"interest": "料金ページを3回見て資料を請求", "consent": "form", "fit": "A"}
    packets = Handoff.objects.bulk_create(
        Handoff(
            journey=journey,
            cycle=journey.cycle,
            contract=CONTRACT,
            kind="forward",
            blueprint_id=journey.blueprint_id,
            giver_department="marketing",
            taker_department="inside_sales",
            state="offered",
            giver_id=journey.owner_id,
            values=told,
            completeness_ratio=1.0,
            offered_at=now,
            accept_due_at=due,
            contact_due_at=due,
        )
        for journey in journeys
    )
    HandoffRound.objects.bulk_create(
        HandoffRound(
            handoff=packet,
            journey_id=packet.journey_id,
            number=1,
            giver_id=packet.giver_id,
            values=told,
            completeness_ratio=1.0,
            offered_at=now,
            accept_due_at=due,
        )
        for packet in packets
    )
    print(f"{len(packets)} packets wait.", flush=True)
    return iter([packet.pk for packet in packets[:number]])


if __name__ == "__main__":
    raise SystemExit(main())
