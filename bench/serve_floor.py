"""Serve the reference as `tasuki serve` serves the application."""

import argparse

from granian.constants import Interfaces
from granian.server import Server

from tasuki.cli.commands.serve import _THREADS

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    Server(
        "bench.floor:application",
        port=parser.parse_args().port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=2,
        blocking_threads=_THREADS,
    ).serve()
