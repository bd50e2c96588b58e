"""Run the web application and a background worker until Ctrl-C or SIGTERM.

Set TASUKI_URL to the address that people use: it decides which host names are answered, and an
https address switches on secure cookies and HSTS (put a proxy with TLS in front, and set
TASUKI_BEHIND_PROXY=1). Requests under way are finished before the server stops.
"""

import argparse
import os
import subprocess
import sys
import threading
import time

from tasuki.cli.command import Exit, Needs
from tasuki.cli.installation import application, collect_static_files

# It prepares by itself, because the settings are to be read for many requests at once.
NEEDS = Needs.NOTHING
_THREADS = 4
_STOP_SECONDS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    processors = os.cpu_count() or 1
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument(
        "--workers",
        type=int,
        default=min(processors, 4),
        metavar="N",
        help="web processes (%(default)s, one a processor up to 4)",
    )
    parser.add_argument(
        "--no-worker", action="store_true", help="leave background work to `tasuki worker`"
    )
    parser.add_argument("--access-log", action="store_true", help="log every request")
    parser.add_argument(
        "--demo", action="store_true", help="offer sign-in with one click; for demo data only"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    os.environ.setdefault("TASUKI_DB_POOL", str(_THREADS + 2))
    if arguments.demo:
        os.environ["TASUKI_DEMO"] = "1"
    with application(migrated=True):
        collect_static_files()
        _leave_database()
        worker = None if arguments.no_worker else _Worker()
        try:
            _serve(arguments)
        finally:
            if worker is not None:
                worker.stop()
    return Exit.DONE


def _leave_database() -> None:
    """Give up this process's connections: the web processes are its forks, and open their own."""
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    # Not `django.db.connection`: that is a proxy, which is an instance of no backend.
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close()
    if isinstance(connection, DatabaseWrapper):
        connection.close_pool()


def _serve(arguments: argparse.Namespace) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    from tasuki.config.logs import logging_settings

    server = Server(
        "tasuki.cli.web:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=arguments.workers,
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
        log_access=arguments.access_log,
        log_dictconfig=logging_settings(level=os.environ.get("TASUKI_LOG_LEVEL", "INFO").upper()),
    )
    shown = "127.0.0.1" if arguments.host == "0.0.0.0" else arguments.host  # noqa: S104
    sys.stdout.write(f"Tasuki is at http://{shown}:{arguments.port} (Ctrl-C stops it)\n")
    sys.stdout.flush()
    server.serve()


class _Worker:
    """Keeps one background worker alive beside the web processes."""

    def __init__(self) -> None:
        self._is_stopping = threading.Event()
        self._process = self._start()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _start(self) -> subprocess.Popen[bytes]:
        # In a session of its own: Ctrl-C reaches the web server alone, which then stops both.
        command = [sys.executable, "-m", "tasuki.cli", "worker", "--parent", str(os.getpid())]
        return subprocess.Popen(command, start_new_session=True)  # noqa: S603

    def _keep(self) -> None:
        while not self._is_stopping.is_set():
            started = time.monotonic()
            self._process.wait()
            if self._is_stopping.is_set():
                return
            # One that dies at once is not started in a circle.
            self._is_stopping.wait(0 if time.monotonic() - started > 10 else 5)
            if not self._is_stopping.is_set():
                self._process = self._start()

    def stop(self) -> None:
        """Let the worker finish its piece of work, but not for ever."""
        self._is_stopping.set()
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
