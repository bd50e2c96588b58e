"""Bring in CSV and XLSX files of another system, as a mapping describes them.

  tasuki import --mapping examples/olist.yaml FOLDER           check, then import
  tasuki import --mapping FILE FOLDER --dry-run                only check; nothing is written
  tasuki import --mapping FILE FOLDER --skip-errors            leave rows with errors out
  tasuki import --mapping FILE FOLDER --gates enforce          refuse what gates do not allow
  tasuki import --revert RUN                                   take an import back, exactly

Everything goes in as one piece or not at all. Importing the same files again changes nothing;
newer files change what they say differently. Problems name file, row, column, value and rule.
Progress goes to standard error. How to write a mapping: docs/howto/import.md.

Exit codes: 0 done; 1 refused (rows have errors, a file cannot be read, or people have worked on
what a revert would take away); 2 wrong arguments or a mapping with mistakes.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tasuki.cli.command import CommandFailed, Exit, Needs

if TYPE_CHECKING:
    from tasuki.connect.models import ImportRun
    from tasuki.connect.operations.runs import Upload

NEEDS = Needs.DATABASE
_SHOWN = 20
_PIECE = 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", nargs="?", type=Path, help="the folder with the files")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="the mapping, as YAML")
    parser.add_argument("--dry-run", action="store_true", help="check and write nothing")
    parser.add_argument(
        "--skip-errors", action="store_true", help="import the good rows though others have errors"
    )
    parser.add_argument(
        "--gates",
        choices=("tell", "enforce"),
        help="whatever the mapping says: only tell what gates lack, or refuse such rows",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument(
        "--problems", type=Path, metavar="FILE", help="write every problem to a CSV file"
    )
    parser.add_argument("--revert", type=int, metavar="RUN", help="take the import RUN back")
    parser.add_argument(
        "--keep-worked-on",
        action="store_true",
        help="with --revert: leave records in place that people have worked on since",
    )


def run(arguments: argparse.Namespace) -> int:
    """Import, check or revert."""
    if arguments.revert is not None:
        return _revert(arguments)
    if arguments.mapping is None or arguments.folder is None:
        raise CommandFailed("give --mapping FILE and a folder", code=Exit.WRONG_ARGUMENTS)
    if not arguments.folder.is_dir():
        raise CommandFailed(f"{arguments.folder} is not a folder", code=Exit.WRONG_ARGUMENTS)
    return _import(arguments)


def _import(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from tasuki.connect.models import ImportRun
    from tasuki.connect.operations import runs
    from tasuki.journeys.actor import Act, Actor
    from tasuki.journeys.operations.setup import prepare

    text = _read_mapping(arguments.mapping, gates=arguments.gates)
    wanted = _wanted_files(text, arguments.folder)
    actor = Actor(user_id=None, kind="cli", label="tasuki import")
    # A fresh installation gets its process here as well; where there is one, nothing changes.
    prepare(act=Act(actor=actor, now=timezone.now()))
    started = runs.upload_files(
        uploads=(_upload(path) for path in wanted), actor=actor, now=timezone.now()
    )
    runs.set_mapping(run_id=started.pk, text=text)
    if arguments.dry_run:
        runs.request_preview(run_id=started.pk, now=timezone.now())
    else:
        ImportRun.objects.filter(pk=started.pk).update(state=ImportRun.State.PREVIEWED)
        runs.request_commit(
            run_id=started.pk, skip_errors=arguments.skip_errors, now=timezone.now()
        )
    from tasuki.connect import progress

    with progress.on_standard_error():
        outcome = runs.carry_out(run_id=started.pk, commit=not arguments.dry_run)
    finished = ImportRun.objects.get(pk=started.pk)
    if arguments.problems is not None:
        _write_problems(arguments.problems, finished)
    (_print_json if arguments.json else _print)(finished)
    refused = outcome.log.fatal or (outcome.log.errors and not arguments.skip_errors)
    return Exit.FAILED if refused else Exit.DONE


def _read_mapping(path: Path, *, gates: str | None) -> str:
    from dataclasses import replace

    from tasuki.connect.mapping import (
        GATE_WORDS,
        Gates,
        MappingInvalid,
        read_mapping,
        write_mapping,
    )

    try:
        text = path.read_text("utf-8")
        mapping = read_mapping(text)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(
            f"the mapping cannot be read: {error}", code=Exit.WRONG_ARGUMENTS
        ) from error
    except MappingInvalid as error:
        lines = "\n".join(f"  {item.path}: {item.message.en}" for item in error.problems)
        raise CommandFailed(
            f"the mapping {path} has mistakes:\n{lines}", code=Exit.WRONG_ARGUMENTS
        ) from error
    if gates is not None:
        return write_mapping(replace(mapping, gates=Gates(GATE_WORDS[gates])))
    return text


def _wanted_files(text: str, folder: Path) -> list[Path]:
    """The files of the folder that the mapping names; missing ones are told by the import."""
    from fnmatch import fnmatch

    from tasuki.connect.mapping import read_mapping

    patterns = [spec.file.lower() for spec in read_mapping(text).files.values()]
    return [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and any(fnmatch(path.name.lower(), pattern) for pattern in patterns)
    ]


def _upload(path: Path) -> "Upload":
    from tasuki.connect.operations.runs import Upload

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece

    return Upload(name=path.name, pieces=pieces())


def _print(finished: "ImportRun") -> None:
    from tasuki.connect.models import ImportProblem
    from tasuki.connect.problems import Rule

    for name, (_japanese, english) in finished.formats.items():
        print(f"{name}: {english}")
    print(f"\n{'':14}{'created':>10}{'updated':>10}{'unchanged':>10}{'left out':>10}")
    for entity, counts in finished.tally.items():
        cells = "".join(
            f"{counts[name]:>10,}" for name in ("created", "updated", "unchanged", "skipped")
        )
        print(f"{entity:14}{cells}")
    # The rare ones first: a flood of one warning must not hide the one that matters.
    for severity, rule, count in sorted(finished.problem_counts, key=lambda c: (c[0], c[2])):
        print(f"\n{severity}: {Rule(rule).label.en} ({count:,})")
        rows = ImportProblem.objects.filter(run=finished, severity=severity, rule=rule)
        for problem in rows[: min(_SHOWN, 3 if count > _SHOWN else count)]:
            where = f"{problem.file} row {problem.row}" if problem.row else problem.file
            column = f", column {problem.column}" if problem.column else ""
            value = f' "{problem.value}"' if problem.value else ""
            print(f"  {where}{column}{value}: {problem.message_en}")
        if count > _SHOWN:
            print("  … every one with --problems FILE")
    print(f"\n{_verdict(finished)}")


def _verdict(finished: "ImportRun") -> str:
    if finished.batch_id is not None:
        again = f"tasuki import --revert {finished.pk}"
        return f"Imported as run {finished.pk}. Take it back with: {again}"
    if finished.state == "previewed" and finished.error_count:
        return f"Nothing was written. {finished.error_count:,} errors must be corrected first."
    if finished.state == "previewed":
        return "Nothing was written: this was a check. It can be imported as it is."
    return "Nothing was written."


def _print_json(finished: "ImportRun") -> None:
    print(
        json.dumps(
            {
                "run": finished.pk,
                "state": finished.state,
                "rows": finished.rows_total,
                "files": {name: pair[1] for name, pair in finished.formats.items()},
                "records": finished.tally,
                "problems": [
                    {"severity": severity, "rule": rule, "count": count}
                    for severity, rule, count in finished.problem_counts
                ],
            },
            ensure_ascii=False,
            indent=2,
        )
    )


def _write_problems(path: Path, finished: "ImportRun") -> None:
    from tasuki.connect.queries import problem_rows

    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        for row in problem_rows(run_id=finished.pk, language="en"):
            writer.writerow(row)


def _revert(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from tasuki.connect.models import ImportRun
    from tasuki.connect.operations import runs
    from tasuki.journeys.operations.reverting import UnableToRevert
    from tasuki.journeys.operations.worked_on import worked_on_records

    if not ImportRun.objects.filter(pk=arguments.revert).exists():
        raise CommandFailed(f"there is no import {arguments.revert}", code=Exit.WRONG_ARGUMENTS)
    try:
        runs.request_revert(
            run_id=arguments.revert, keep_worked_on=arguments.keep_worked_on, now=timezone.now()
        )
        reverted = runs.carry_out_revert(run_id=arguments.revert)
    except runs.UnableToStart as error:
        raise CommandFailed(
            f"import {arguments.revert} is {error.state}; only an imported one can be reverted"
        ) from error
    except UnableToRevert as error:
        names = "\n".join(
            f"  {record.entity} {record.object_id}: {record.name}"
            for record in worked_on_records(kept=error.kept)
        )
        raise CommandFailed(
            f"people have worked on {error.kept.count} of its records since:\n{names}\n"
            "--keep-worked-on leaves those in place and reverts the rest."
        ) from error
    if arguments.json:
        print(json.dumps({"removed": dict(reverted.removed), "restored": reverted.restored}))
        return Exit.DONE
    for entity, count in reverted.removed.items():
        print(f"removed {count:>10,} {entity}")
    print(f"restored {reverted.restored:>9,} records")
    if reverted.kept:
        sys.stdout.write(f"kept {reverted.kept.count:>13,} records that people worked on\n")
    return Exit.DONE
