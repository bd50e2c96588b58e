"""Reads the command line, prepares what the command needs, and turns failures into one line."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from typing import cast

from tasuki import __version__
from tasuki.cli.command import COMMANDS, CommandFailed, CommandModule, Exit, Needs

_EPILOG = """\
Where the data lie: TASUKI_HOME (default: ~/.local/share/tasuki, for root /var/lib/tasuki), with a
PostgreSQL of its own inside; DATABASE_URL names another one. `tasuki COMMAND --help` tells more.

Exit codes: 0 done, 1 refused or failed, 2 wrong arguments, 3 the installation is not ready
(no database, or migrations are missing), 130 interrupted.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in words if not word.startswith("-")), None)
    try:
        module = _module(chosen)
        arguments = _parser(chosen, module).parse_args(words)
        if module is None:
            return Exit.WRONG_ARGUMENTS
        with ExitStack() as stack:
            if module.NEEDS is not Needs.NOTHING:
                from tasuki.cli.installation import application

                stack.enter_context(application(migrated=module.NEEDS is Needs.DATABASE))
            return module.run(arguments)
    except CommandFailed as failure:
        sys.stderr.write(f"tasuki: {failure}\n")
        return failure.code
    except KeyboardInterrupt:
        sys.stderr.write("tasuki: interrupted\n")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`, a closed pager) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE


def _module(name: str | None) -> CommandModule | None:
    for command in COMMANDS:
        if command.name == name:
            return cast(CommandModule, import_module(f"tasuki.cli.commands.{command.module}"))
    return None


def _parser(chosen: str | None, module: CommandModule | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tasuki",
        description="Tasuki: The Model as one process, from first touch to renewal.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"tasuki {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        mine = commands.add_parser(
            command.name,
            help=command.summary,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if command.name == chosen and module is not None:
            mine.description = sys.modules[f"tasuki.cli.commands.{command.module}"].__doc__
            module.add_arguments(mine)
    return parser
