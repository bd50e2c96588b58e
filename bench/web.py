"""How long people wait: lists, search, journey page and a stage advance, with 8 clients at once.

    python bench/web.py                             100,000 and 1,000,000 journeys
    python bench/web.py --journeys 100000           one size
    python bench/web.py --keep /var/tmp/tasuki      keep the filled databases for the next run

Each case is asked for in two ways: *saturated* (every client asks again as soon as it is answered,
which tells how much the machine carries) and *paced* (every client asks four times a second, which
tells how long a person waits on a machine that is in use). `floor` is a bare Django view that asks
the database for 1, served in the same way in the same run.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psutil

ROOT: Final = Path(__file__).parent.parent
sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "src")) if path not in sys.path]

from bench.house import database_processes, house  # noqa: E402 the path is set above
from bench.load import CLIENTS, Answers, Ask, ask_all  # noqa: E402
from bench.measure import (  # noqa: E402
    Cell,
    memory_of,
    percentile,
    print_table,
    write_results,
)

SIZES: Final = (100_000, 1_000_000)
WORKERS: Final = 2
ADVANCE_AIM: Final = 30.0
AIMS: Final = {100_000: 50.0, 1_000_000: 100.0}
Row = dict[str, Cell]


def main() -> int:
    """Measure and report; 1 when an answer was wrong."""
    arguments = _arguments()
    if arguments.journeys and len(arguments.journeys) == 1:
        return _measure(arguments, arguments.journeys[0])
    # Settings are read once in a process, so each size has a process of its own.
    codes = []
    for size in arguments.journeys or SIZES:
        command = [sys.executable, __file__, *sys.argv[1:], "--journeys", str(size)]
        codes.append(subprocess.run(command, check=False).returncode)
    return max(codes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how long people wait.")
    parser.add_argument("--journeys", type=int, nargs="+", help="sizes (%(default)s: both)")
    parser.add_argument("--keep", type=Path, help="folder whose databases are kept")
    parser.add_argument("--saturated", type=int, default=40, help="requests a client, in a row")
    parser.add_argument("--paced", type=int, default=24, help="requests a client, at four a second")
    parser.add_argument("--only", default="", help="cases whose group or name holds this")
    return parser.parse_args()


def _measure(arguments: argparse.Namespace, size: int) -> int:
    with house(journeys=size, keep=arguments.keep) as home:
        bench = _Bench(arguments, size, home)
        with served(["-m", "bench.serve_floor"], path="/") as (port, _):
            bench.floor(port)
        serve = ["-m", "tasuki.cli", "serve", "--no-worker", "--workers", str(WORKERS)]
        with served(serve, path="/healthz") as (port, process):
            bench.pages(port)
            bench.advances(port)
            bench.weigh(process)
        return bench.report()


class _Bench:
    def __init__(self, arguments: argparse.Namespace, size: int, home: Path) -> None:
        self._arguments = arguments
        self._size = size
        self._home = home
        self._rows: list[Row] = []
        self._errors: list[str] = []
        self._memory: Row = {}
        self._headers = signed_in()

    def floor(self, port: int) -> None:
        from bench.floor_answer import ANSWER

        self._case(port, "floor", "SELECT 1", lambda: Ask("/", ANSWER))

    def pages(self, port: int) -> None:
        from bench.cases import reading_cases

        for case in reading_cases():
            if self._arguments.only in f"{case.group} {case.name}":
                self._case(port, case.group, case.name, case.asks)

    def advances(self, port: int) -> None:
        from bench.cases import advances

        if self._arguments.only in "advance":
            asks = advances(token=TOKEN)
            self._case(port, "advance", "LEAD to MQL", lambda: next(asks))

    def weigh(self, server: psutil.Process) -> None:
        web = [server, *server.children(recursive=True)]
        self._memory = {
            "web_mib": memory_of(web),
            "web_processes": len(web),
            "postgresql_mib": memory_of(database_processes(self._home)),
        }

    def report(self) -> int:
        print(f"\n{self._size:,} journeys, {CLIENTS} clients, {WORKERS} web processes; times in ms")
        print_table(self._rows)
        print_table([self._memory])
        results = {
            "journeys": self._size,
            "clients": CLIENTS,
            "web_processes": WORKERS,
            "cases": self._rows,
            "memory": self._memory,
            "errors": self._errors[:50],
        }
        print(f"Written to {write_results(name=f'web-{self._size}', results=results)}")
        for error in self._errors[:10]:
            print(f"WRONG: {error}", file=sys.stderr)
        return 1 if self._errors else 0

    def _case(self, port: int, group: str, name: str, make: Any) -> None:
        self._ask(port, make, 3, is_paced=False)
        fast = self._ask(port, make, self._arguments.saturated, is_paced=False)
        calm = self._ask(port, make, self._arguments.paced, is_paced=True)
        self._errors += fast.errors + calm.errors
        row: Row = {
            "group": group,
            "case": name,
            "paced p50": percentile(calm.times, 0.5),
            "paced p95": percentile(calm.times, 0.95),
            "saturated p50": percentile(fast.times, 0.5),
            "saturated p95": percentile(fast.times, 0.95),
            "per second": len(fast.times) / fast.seconds,
            "errors": len(fast.errors) + len(calm.errors),
            "aim p95": self._aim(group),
        }
        row["reached"] = _judged(row)
        self._rows.append(row)
        print(f"  {group}: {name}: p95 {row['paced p95']:.1f} ms", file=sys.stderr, flush=True)

    def _aim(self, group: str) -> float | None:
        if group == "advance":
            return ADVANCE_AIM
        return None if group == "floor" else AIMS.get(self._size)

    def _ask(self, port: int, make: Any, times: int, *, is_paced: bool) -> Answers:
        drawn = [[make() for _ in range(times)] for _ in range(CLIENTS)]
        return ask_all(port=port, headers=self._headers, clients=drawn, is_paced=is_paced)


TOKEN: Final = "b" * 32


def _judged(row: Row) -> str:
    aim, paced, saturated = row["aim p95"], row["paced p95"], row["saturated p95"]
    if not isinstance(aim, float):
        return ""
    assert isinstance(paced, float)
    assert isinstance(saturated, float)
    return "both" if saturated < aim else "paced" if paced < aim else "no"


def signed_in(email: str = "") -> dict[str, str]:
    """Sign somebody of the seeded company in, by default the administrator, without the form."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from bench.seed import ADMINISTRATOR
    from tasuki.people.models import User

    user = User.objects.get(email=email or ADMINISTRATOR)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    cookies = {
        settings.SESSION_COOKIE_NAME: session.session_key,
        settings.CSRF_COOKIE_NAME: TOKEN,
    }
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


@contextmanager
def served(command: Sequence[str], *, path: str) -> Iterator[tuple[int, psutil.Process]]:
    """Run a web server while the block lasts; yield its port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "TASUKI_DB_POOL"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    process = psutil.Popen(
        [sys.executable, *command, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}{path}", process)
        yield port, process
    finally:
        process.terminate()
        process.wait(60)


def _wait(address: str, process: psutil.Process) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.is_running():
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"The server does not answer at {address}.")


if __name__ == "__main__":
    raise SystemExit(main())
