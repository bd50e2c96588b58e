"""How long business clocks take: `python -m bench.clocks [--clocks N] [--counted N]`.

Aim: 10,000 clocks, of several calendars and started over a year, answered in under one second with
nothing known beforehand. The reference counts the same working time minute by minute, for a sample
of the clocks; the answers must be equal.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from bench.measure import Cell, percentile, print_table, write_results
from tasuki.core.clocks import BusinessClock, ClockState
from tasuki.core.worktime import OFFICE_HOURS, Away, Span, WeeklyHours, WorkTime
from tasuki.people.holidays import public_holidays

SEED: Final = 20_260_401
NOW: Final = datetime(2026, 11, 20, 6, tzinfo=UTC)
AIM: Final = 1.0
PEOPLE: Final = 40
LIMITS: Final = (5, 60, 240, 480, 1440, 2400)
ZONES: Final = ("Asia/Tokyo", "Europe/Berlin", "America/New_York")


@dataclass(frozen=True, slots=True)
class Case:
    """One clock: of which calendar and person, since when, with which limit in minutes."""

    calendar: int
    person: int
    start: datetime
    limit: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, print a table and keep the figures; 1 when answers differ or come late."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.clocks")
    parser.add_argument("--clocks", type=int, default=10_000)
    parser.add_argument("--counted", type=int, default=20, help="clocks that are counted as well")
    parser.add_argument("--repeat", type=int, default=5)
    chosen = parser.parse_args(arguments)
    for year in range(NOW.year - 1, NOW.year + 2):
        public_holidays(year)  # read once in a process, whichever way the time is measured
    cases = _cases(chosen.clocks)
    before = time.process_time()
    cold = [_timed(lambda: _answers(_clocks(), cases)) for _ in range(chosen.repeat)]
    used = (time.process_time() - before) / chosen.repeat
    clocks = _clocks()
    states = _answers(clocks, cases)
    single = [_timed(partial(_answers, clocks, [case])) * 1e6 for case in cases]
    sample = range(0, len(cases), max(1, len(cases) // chosen.counted))
    counted = [_counted(cases[at]) for at in sample]
    wrong = [
        at
        for at, (minutes, _) in zip(sample, counted, strict=True)
        if minutes != states[at].elapsed_minutes
    ]
    reference = sum(seconds for _, seconds in counted) / len(counted) * 1e6
    whole = percentile(cold, 0.5)
    row: dict[str, Cell] = {
        "clocks": len(cases),
        "all, cold, p50 s": round(whole, 3),
        "worst s": round(max(cold), 3),
        "processor s": round(used, 3),
        "aim s": AIM,
        "one, warm, p50 µs": percentile(single, 0.5),
        "p95 µs": percentile(single, 0.95),
        "counted, mean µs": reference,
        "times faster": reference / (whole / len(cases) * 1e6),
        "differing": len(wrong),
    }
    print_table([row])
    print(f"Written to {write_results(name='clocks', results={'run': row})}")
    for at in wrong[:10]:
        print(f"WRONG: {cases[at]}: {states[at].elapsed_minutes} minutes", file=sys.stderr)
    return 1 if wrong or whole > AIM else 0


def _cases(number: int) -> list[Case]:
    rng = Random(SEED)
    return [
        Case(
            calendar=rng.randrange(len(ZONES) + 1),
            person=rng.randrange(PEOPLE),
            start=NOW - timedelta(seconds=rng.randrange(365 * 86_400)),
            limit=rng.choice(LIMITS),
        )
        for _ in range(number)
    ]


def _calendars() -> list[WorkTime]:
    shop = WeeklyHours({day: (Span(10 * 60, 20 * 60),) for day in (0, 2, 3, 4, 5, 6)})
    return [
        WorkTime(hours=hours, zone=ZoneInfo(zone), holidays_of_year=public_holidays)
        for hours, zone in [*((OFFICE_HOURS, zone) for zone in ZONES), (shop, ZONES[0])]
    ]


def _absences(person: int) -> tuple[Away, ...]:
    rng = Random(person)
    starts = [NOW + timedelta(hours=rng.randrange(-365 * 24, 60 * 24)) for _ in range(12)]
    return tuple(Away(start, start + timedelta(days=rng.randrange(1, 8))) for start in starts)


def _clocks() -> list[list[BusinessClock]]:
    teams = [BusinessClock(work) for work in _calendars()]
    return [[team.with_absences(_absences(n)) for n in range(PEOPLE)] for team in teams]


def _answers(clocks: list[list[BusinessClock]], cases: Sequence[Case]) -> list[ClockState]:
    return [
        clocks[case.calendar][case.person].standing(
            start=case.start, limit_minutes=case.limit, now=NOW
        )
        for case in cases
    ]


def _counted(case: Case) -> tuple[int, float]:
    """Count the working time of a clock minute by minute; returns it and the seconds it took.

    A clock that started within a minute is counted second by second up to the next one.
    """
    calendar = _calendars()[case.calendar]
    work = WorkTime(
        hours=calendar.hours,
        zone=calendar.zone,
        holidays_of_year=calendar.holidays_of_year,
        away=_absences(case.person),
    )
    started = time.perf_counter()
    at, seconds = case.start, 0
    while at < NOW:
        step = 1 if at.second else 60
        seconds += step * work.is_working(at)
        at += timedelta(seconds=step)
    return seconds // 60, time.perf_counter() - started


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    raise SystemExit(main())
