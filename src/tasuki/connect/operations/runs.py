"""A run from upload to commit, cancel and revert.

States change by conditional updates, so that two people pressing two buttons never both win.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tasuki.connect.engine.run import ImportCancelled, Outcome, Request, run_import
from tasuki.connect.mapping import Mapping, MappingInvalid, read_mapping
from tasuki.connect.models import ImportFile, ImportProblem, ImportRun
from tasuki.connect.problems import Severity
from tasuki.connect.pulse import Pulse
from tasuki.journeys.actor import Act, Actor
from tasuki.journeys.operations.bulk import copy_rows, reserve_ids
from tasuki.journeys.operations.reverting import Reverted, UnableToRevert, revert_batch

State = ImportRun.State
SILENT_AFTER: Final = timedelta(seconds=30)
"""A busy run that says nothing for so long was interrupted."""


class UnableToStart(Exception):
    """The run is not in a state in which this can be done; `state` is where it is."""

    def __init__(self, *, run_id: int, state: str) -> None:
        super().__init__(f"import {run_id} is {state}")
        self.run_id = run_id
        self.state = state


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it arrives: its name and its bytes in pieces."""

    name: str
    pieces: Iterable[bytes]


def max_bytes() -> int:
    """Return how large a file may be."""
    return settings.TASUKI_IMPORT_MAX_BYTES


def upload_files(*, uploads: Iterable[Upload], actor: Actor, now: datetime) -> ImportRun:
    """Keep the files and return the run they belong to."""
    with transaction.atomic():
        run = ImportRun.objects.create(
            label="", actor_id=actor.user_id, actor_kind=actor.kind, created_at=now
        )
        folder = Path("imports") / str(run.pk)
        target = Path(settings.MEDIA_ROOT) / folder
        target.mkdir(parents=True, exist_ok=True)
        names: list[str] = []
        for number, upload in enumerate(uploads, start=1):
            # The name a person gave never becomes a path.
            path = folder / f"{number}{_suffix(upload.name)}"
            size = _write(Path(settings.MEDIA_ROOT) / path, upload.pieces)
            name = _unused(upload.name, names)
            names.append(name)
            ImportFile.objects.create(run=run, name=name, path=str(path), size=size)
        run.label = ", ".join(names)[:200]
        run.save(update_fields=["label"])
    return run


def set_mapping(*, run_id: int, text: str) -> Mapping:
    """Give the run its mapping. A run that was checked has to be checked again.

    Raises:
        MappingInvalid: with every mistake; the run keeps what it had.
        UnableToStart: it is busy or over.
    """
    mapping = read_mapping(text)
    changed = ImportRun.objects.filter(
        pk=run_id,
        state__in=[State.UPLOADED, State.MAPPED, State.PREVIEWED, State.FAILED, State.CANCELLED],
    ).update(mapping_text=text, state=State.MAPPED)
    if not changed:
        raise _unable(run_id)
    return mapping


def request_preview(*, run_id: int, now: datetime) -> None:
    """Take note that the run is to be checked; the caller enqueues the work.

    Raises:
        UnableToStart: it has no mapping yet, is busy or is over.
    """
    _request(
        run_id,
        {State.MAPPED, State.PREVIEWED, State.FAILED, State.CANCELLED},
        State.PREVIEWING,
        now,
    )


def request_commit(*, run_id: int, skip_errors: bool, now: datetime) -> None:
    """Take note that the run is to be imported. An interrupted one can be started again.

    Raises:
        UnableToStart: it was not checked, is busy or is over.
    """
    _request(
        run_id,
        {State.PREVIEWED, State.FAILED, State.CANCELLED},
        State.COMMITTING,
        now,
        skip_errors=skip_errors,
    )


def request_revert(*, run_id: int, keep_worked_on: bool, now: datetime) -> None:
    """Take note that the run is to be taken back.

    Raises:
        UnableToStart: it is not imported.
    """
    _request(run_id, {State.COMMITTED}, State.REVERTING, now, keep_worked_on=keep_worked_on)


def request_cancel(*, run_id: int) -> None:
    """Ask the worker to stop; what it wrote so far is rolled back."""
    ImportRun.objects.filter(pk=run_id, state__in=[State.PREVIEWING, State.COMMITTING]).update(
        cancel_requested=True
    )


def is_interrupted(run: ImportRun, *, now: datetime) -> bool:
    """Tell whether a busy run has stopped speaking: its worker was killed, nothing is written."""
    last = run.heartbeat_at or run.requested_at
    return run.is_busy and last is not None and now - last > SILENT_AFTER


def carry_out(*, run_id: int, commit: bool) -> Outcome:
    """Check or import a run that was requested; progress goes to its row.

    Raises:
        UnableToStart: it was not requested, or somebody else has it.
    """
    state = State.COMMITTING if commit else State.PREVIEWING
    run = _take(run_id, state)
    try:
        with Pulse(run_id=run_id, clock=timezone.now) as pulse:
            outcome = _execute(run, commit=commit, pulse=pulse)
    except ImportCancelled:
        _finish(run_id, state=State.CANCELLED)
        return Outcome()
    except Exception as error:
        # Whatever it was, the transaction is rolled back; the person must see that it ended.
        _finish(run_id, state=State.FAILED, failure=f"{type(error).__name__}: {error}"[:500])
        raise
    _keep(run_id, outcome)
    if outcome.batch_id is None:
        refused = commit or outcome.log.fatal
        _finish(run_id, state=State.FAILED if refused else State.PREVIEWED)
    return outcome


def carry_out_revert(*, run_id: int) -> Reverted:
    """Take a run back that was requested to be.

    Raises:
        UnableToStart: it was not requested.
        UnableToRevert: people worked on its records; it stays imported.
    """
    run = _take(run_id, State.REVERTING)
    assert run.batch_id is not None  # noqa: S101 - committed runs have one
    try:
        with transaction.atomic():
            reverted = revert_batch(
                batch_id=run.batch_id,
                act=Act(actor=_actor(run), now=timezone.now()),
                keep_worked_on=run.keep_worked_on,
            )
            ImportRun.objects.filter(pk=run_id).update(
                state=State.REVERTED, finished_at=timezone.now()
            )
    except UnableToRevert as error:
        ImportRun.objects.filter(pk=run_id).update(state=State.COMMITTED, failure=error.rule)
        raise
    except Exception:
        ImportRun.objects.filter(pk=run_id).update(state=State.COMMITTED)
        raise
    return reverted


def paths_of(run: ImportRun) -> dict[str, Path]:
    """Return where the run's files lie, by the names people know."""
    root = Path(settings.MEDIA_ROOT)
    rows = ImportFile.objects.filter(run=run).values_list("name", "path")
    return {name: root / path for name, path in rows}


def discard(*, run_id: int) -> None:
    """Remove a run that wrote nothing, with its files.

    Raises:
        UnableToStart: it wrote something or is busy.
    """
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.batch_id is not None or run.is_busy:
            raise UnableToStart(run_id=run_id, state=run.state)
        run.delete()
    rmtree(Path(settings.MEDIA_ROOT) / "imports" / str(run_id), ignore_errors=True)


def _request(run_id: int, states: set[State], to: State, now: datetime, **more: bool) -> None:
    silent = now - SILENT_AFTER
    rows = ImportRun.objects.filter(pk=run_id)
    ready = rows.filter(state__in=states) | rows.filter(state=to, heartbeat_at__lt=silent)
    ready |= rows.filter(state=to, heartbeat_at__isnull=True, requested_at__lt=silent)
    changed = ImportRun.objects.filter(pk__in=ready.values("pk")).update(
        state=to,
        requested_at=now,
        heartbeat_at=None,
        cancel_requested=False,
        rows_done=0,
        failure="",
        **more,
    )
    if not changed:
        raise _unable(run_id)


def _take(run_id: int, state: State) -> ImportRun:
    changed = ImportRun.objects.filter(pk=run_id, state=state, heartbeat_at__isnull=True).update(
        heartbeat_at=timezone.now()
    )
    if not changed:
        raise _unable(run_id)
    return ImportRun.objects.get(pk=run_id)


def _execute(run: ImportRun, *, commit: bool, pulse: Pulse) -> Outcome:
    try:
        mapping = read_mapping(run.mapping_text)
    except MappingInvalid as error:
        raise UnableToStart(run_id=run.pk, state="mapping") from error

    def committed(batch_id: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(
            state=State.COMMITTED, batch_id=batch_id, finished_at=timezone.now()
        )

    return run_import(
        Request(
            mapping=mapping,
            paths=paths_of(run),
            act=Act(actor=_actor(run), now=timezone.now()),
            label=run.label,
            commit=commit,
            skip_errors=run.skip_errors,
            on_progress=pulse.beat,
            before_commit=committed,
            max_bytes=max_bytes(),
        )
    )


def _keep(run_id: int, outcome: Outcome) -> None:
    """Keep what was found, in place of what an earlier check found."""
    with transaction.atomic():
        ImportProblem.objects.filter(run_id=run_id).delete()
        ids = reserve_ids(model=ImportProblem, count=len(outcome.log.kept))
        copy_rows(
            model=ImportProblem,
            rows=(
                ImportProblem(
                    id=next(ids),
                    run_id=run_id,
                    severity=problem.severity,
                    rule=problem.rule,
                    file=problem.file[:255],
                    row=problem.row,
                    column=problem.column[:200],
                    value=problem.value[:200],
                    message_ja=problem.message.ja,
                    message_en=problem.message.en,
                )
                for problem in outcome.log.kept
            ),
        )
        ImportRun.objects.filter(pk=run_id).update(
            rows_done=outcome.rows,
            rows_total=outcome.rows,
            tally=outcome.tally.as_json(),
            problem_counts=[
                [severity.value, rule.value, count]
                for (severity, rule), count in sorted(
                    outcome.log.by_rule.items(),
                    key=lambda item: (item[0][0] is Severity.WARNING, item[1]),
                )
            ],
            formats={name: [label.ja, label.en] for name, label in outcome.formats.items()},
        )


def _finish(run_id: int, *, state: State, failure: str = "") -> None:
    ImportRun.objects.filter(pk=run_id).update(
        state=state, failure=failure, finished_at=timezone.now()
    )


def _actor(run: ImportRun) -> Actor:
    return Actor(user_id=run.actor_id, kind="import", label=f"import {run.pk}")


def _unable(run_id: int) -> UnableToStart:
    state = ImportRun.objects.values_list("state", flat=True).get(pk=run_id)
    return UnableToStart(run_id=run_id, state=state)


def _write(path: Path, pieces: Iterable[bytes]) -> int:
    with path.open("wb") as stream:
        return sum(stream.write(piece) for piece in pieces)


def _suffix(name: str) -> str:
    suffix = Path(name).suffix.lower()
    return suffix if suffix in {".csv", ".tsv", ".txt", ".xlsx", ".xlsm"} else ".csv"


def _unused(name: str, taken: list[str]) -> str:
    base = Path(name).name[:200] or "file"
    candidate, number = base, 2
    while candidate in taken:
        candidate = f"{Path(base).stem} ({number}){Path(base).suffix}"
        number += 1
    return candidate
