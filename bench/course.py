"""How long the figures of the course take: `python -m bench.course [--journeys N] [--keep FOLDER]`.

Aim: under one second for a period at 1,000,000 journeys. `--explain` prints how the database
answers each query of the period.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench.house import house
from bench.measure import percentile, print_table, write_results


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.course")
    parser.add_argument("--journeys", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder of the seeded database, kept")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--explain", action="store_true")
    chosen = parser.parse_args(arguments)
    with house(journeys=chosen.journeys, keep=chosen.keep):
        rows = [
            _measured(what, run, chosen.repeat, explain=chosen.explain)
            for what, run in _runs().items()
        ]
    print_table(rows)
    print(write_results(name="course", results={"journeys": chosen.journeys, "runs": rows}))
    return 0


def _runs() -> dict[str, Callable[[], object]]:
    from django.utils import timezone

    from tasuki.analytics.course import CourseQuery, Filters, GroupBy, course, course_by
    from tasuki.core.period_choice import PeriodName, named_period
    from tasuki.people.models import User

    now = timezone.now()
    month, quarter, year = (
        named_period(name, today=now.date())
        for name in (PeriodName.LAST_30_DAYS, PeriodName.LAST_90_DAYS, PeriodName.FISCAL_YEAR)
    )
    seo = Filters(channels=("seo",))
    rep = User.objects.exclude(team=None).values_list("pk", flat=True)[0]
    asked = {
        "30 days": CourseQuery(now=now, period=month),
        "90 days": CourseQuery(now=now, period=quarter),
        "90 days, one channel": CourseQuery(now=now, period=quarter, filters=seo),
        "90 days, one owner": CourseQuery(now=now, period=quarter, filters=Filters(owners=(rep,))),
        "fiscal year": CourseQuery(now=now, period=year),
        "all time": CourseQuery(now=now),
    }
    runs: dict[str, Callable[[], object]] = {
        what: partial(course, query=query) for what, query in asked.items()
    }
    by_channel = CourseQuery(now=now, period=quarter)
    runs["90 days by channel"] = partial(course_by, query=by_channel, by=GroupBy.CHANNEL)
    return runs


def _measured(
    what: str, run: Callable[[], object], repeat: int, *, explain: bool
) -> dict[str, str | int | float | bool | None]:
    from django.db import connection, reset_queries

    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    if explain:
        connection.force_debug_cursor = True
        reset_queries()
        run()
        statements = list(connection.queries)
        connection.force_debug_cursor = False
        print(f"== {what}")
        for statement in statements:
            print(f"-- {statement['time']} s  {statement['sql'][:400]}")
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement['sql']}")
                print("\n".join(f"   {row[0]}" for row in cursor.fetchall()))
    return {
        "what": what,
        "p50 s": round(percentile(times, 0.5), 3),
        "worst s": round(max(times), 3),
    }


if __name__ == "__main__":
    raise SystemExit(main())
