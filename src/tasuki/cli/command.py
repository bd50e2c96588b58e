"""What a command is, and how it fails. Light: `tasuki --help` loads this and little else."""

import argparse
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Protocol


class Exit(IntEnum):
    """What the exit code tells a script."""

    DONE = 0
    FAILED = 1
    WRONG_ARGUMENTS = 2
    NOT_READY = 3
    INTERRUPTED = 130


class Needs(Enum):
    """What must stand before a command runs; `main` sees to it."""

    NOTHING = "nothing"
    SERVER = "server"
    """Settings loaded, and a database that answers, whatever is in it."""
    DATABASE = "database"
    """Also every migration applied."""


class CommandFailed(Exception):
    """Ends a command with one clear line and no traceback."""

    def __init__(self, message: str, *, code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.code = code


class CommandModule(Protocol):
    """The shape of each module in `commands`."""

    NEEDS: Needs

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments; the module's docstring is the description."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it and return the exit code."""


@dataclass(frozen=True, slots=True)
class Command:
    """A line of the list that `tasuki --help` prints."""

    name: str
    module: str
    summary: str


COMMANDS = (
    Command("demo", "demo", "fill the database with a company and its last eighteen months"),
    Command("init", "init", "prepare the database and make the first administrator"),
    Command("serve", "serve", "run the web application and the background worker"),
    Command("worker", "worker", "run a background worker alone"),
    Command("import", "importing", "bring in CSV and XLSX files by a mapping"),
    Command("journey", "journey", "look at a journey and carry it on"),
    Command("handoff", "handoff", "hand over, accept and return, and what waits"),
    Command("blueprint", "blueprint", "check, show, compare and publish the process"),
    Command("report", "report", "print figures, as a table or as JSON"),
    Command("doctor", "doctor", "check this installation and say what to do"),
    Command("backup", "backup", "write everything into one file"),
    Command("restore", "restore", "bring back what a backup holds"),
    Command("migrate", "migrate", "bring database and static files up to this version"),
    Command("stop", "stop", "stop an embedded database that was left running"),
)
