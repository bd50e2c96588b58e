"""One import from open files to written records: block by block, a chunk of rows at a time.

A preview is the same run rolled back, so that it cannot promise anything the commit does not keep.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from tasuki.connect.engine.context import Context, without_repeats
from tasuki.connect.engine.drafts import Draft, Drafting
from tasuki.connect.engine.facts import settle_journeys, write_activities, write_subscriptions
from tasuki.connect.engine.files import Files, UnknownColumn, open_files
from tasuki.connect.engine.journeys import DealLine, Gathered, write_journey_drafts
from tasuki.connect.engine.log import ProblemLog, Tally
from tasuki.connect.engine.memory import seldom_collecting
from tasuki.connect.engine.people import (
    write_campaigns,
    write_channels,
    write_spend,
    write_users,
)
from tasuki.connect.engine.records import write_account_drafts, write_person_drafts
from tasuki.connect.engine.staying import StageNames
from tasuki.connect.mapping.types import Block, Entity
from tasuki.connect.mapping.types import Mapping as ImportMapping
from tasuki.connect.problems import FileRefused, Problem, RowRefused, Rule, Severity
from tasuki.connect.reading import MAX_BYTES, Row
from tasuki.core.labels import Label
from tasuki.journeys.actor import Act
from tasuki.journeys.models import Journey, WriteBatch
from tasuki.journeys.operations.changes import change_of
from tasuki.journeys.operations.copy_line import copying_along, wait_for_rows
from tasuki.journeys.operations.histories import begin_batch, commit_batch, stamp_of
from tasuki.journeys.operations.setup import own_settings

CHUNK: Final = 1_000
LOCK: Final = 7_301_844
"""One import writes at a time; the number only has to differ from other advisory locks."""

Progress = Callable[[int, int], None]
Writer = Callable[[Context, Drafting, list[Draft]], None]


class ImportCancelled(Exception):
    """Somebody asked to stop; nothing is written."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be imported and how.

    `commit` False is a preview. `skip_errors` lets the good rows in though others have errors.
    `on_progress(done, total)` is told about rows; it may raise ImportCancelled.
    `before_commit(batch_id)` runs last inside the transaction.
    """

    mapping: ImportMapping
    paths: Mapping[str, Path]
    act: Act
    label: str
    commit: bool
    skip_errors: bool = False
    on_progress: Progress = lambda _done, _total: None
    before_commit: Callable[[int], None] = lambda _batch_id: None
    max_bytes: int = MAX_BYTES


@dataclass(slots=True)
class Outcome:
    """What a run found and did. `batch_id` is set when records were written."""

    log: ProblemLog = field(default_factory=ProblemLog)
    tally: Tally = field(default_factory=Tally)
    formats: dict[str, Label] = field(default_factory=dict)
    rows: int = 0
    batch_id: int | None = None


_SIMPLE: Final[Mapping[Entity, Writer]] = {
    Entity.USER: write_users,
    Entity.CHANNEL: write_channels,
    Entity.CAMPAIGN: write_campaigns,
    Entity.ACCOUNT: write_account_drafts,
    Entity.PERSON: write_person_drafts,
    Entity.ACTIVITY: write_activities,
    Entity.SUBSCRIPTION: write_subscriptions,
    Entity.SPEND: write_spend,
}
_DERIVED_KEY: Final = frozenset({Entity.ACTIVITY, Entity.SPEND, Entity.SUBSCRIPTION})
_NATURAL_KEY: Final = {Entity.USER: "email", Entity.CHANNEL: "code", Entity.CAMPAIGN: "name"}


def run_import(request: Request) -> Outcome:
    """Preview or commit an import, whole or not at all.

    Raises:
        ImportCancelled: progress was told to stop; nothing is written.
        NoBlueprintPublished: nothing went live yet.
    """
    outcome = Outcome()
    files = open_files(
        mapping=request.mapping,
        paths=request.paths,
        log=outcome.log,
        max_bytes=request.max_bytes,
    )
    if files is None:
        return outcome
    outcome.formats = {file.name: file.table.format_text for file in files}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            if request.commit:
                # Rows are held against each other as they come, not all of them at the end.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        batch_id = _all_passes(request, files, outcome)
        blocked = outcome.log.fatal or (outcome.log.errors and not request.skip_errors)
        if not request.commit or blocked:
            transaction.set_rollback(True)
            return outcome
        commit_batch(batch_id=batch_id, act=request.act)
        request.before_commit(batch_id)
        outcome.batch_id = batch_id
    return outcome


def _all_passes(request: Request, files: Files, outcome: Outcome) -> int:
    """Go over the files until no row that takes part has an error; return the batch.

    One row may make several records, and the last of them may be the one in error: then none of
    them goes in. So a pass that finds errors is undone and repeated without their rows.
    """
    excluded: frozenset[tuple[str, int]] = frozenset()
    while True:
        savepoint = transaction.savepoint()
        batch_id = _one_pass(request, files, outcome, excluded)
        found = frozenset(outcome.log.bad_rows)
        if outcome.log.fatal or found == excluded or (request.commit and not request.skip_errors):
            return batch_id
        transaction.savepoint_rollback(savepoint)
        excluded = found
        outcome.log.begin_pass()
        outcome.tally.clear()


def _one_pass(
    request: Request, files: Files, outcome: Outcome, excluded: frozenset[tuple[str, int]]
) -> int:
    batch = begin_batch(kind=WriteBatch.Kind.IMPORT, label=request.label, act=request.act)
    context = Context(
        mapping=request.mapping,
        stamp=stamp_of(batch=batch, act=request.act),
        act=request.act,
        batch_id=batch.pk,
        log=outcome.log,
        tally=outcome.tally,
        dry=not request.commit,
    )
    try:
        with copying_along(), seldom_collecting():
            _Run(request, context, files, outcome, excluded).all_blocks()
    except FileRefused as refused:
        outcome.log.add(refused.problem)
        outcome.log.fatal = True
    for warning in files.warnings:
        outcome.log.add(warning)
    return int(batch.pk)


class _Run:
    """Goes through the blocks in the order in which records stand on each other."""

    def __init__(
        self,
        request: Request,
        context: Context,
        files: Files,
        outcome: Outcome,
        excluded: frozenset[tuple[str, int]],
    ) -> None:
        self._request = request
        self._context = context
        self._files = files
        self._outcome = outcome
        self._excluded = excluded
        self._names = StageNames(context.stamp.blueprint)
        self._gathered = Gathered()
        self._done = 0

    def all_blocks(self) -> None:
        """Write every block, then settle what they mean together."""
        self._choose_reporting_currency()
        order = list(Entity)
        blocks = sorted(self._request.mapping.blocks, key=lambda b: order.index(b.entity))
        draftings = [(block, made) for block in blocks if (made := self._drafting(block))]
        self._outcome.rows = sum(made.file.row_count for _, made in draftings)
        if len(draftings) < len(blocks):
            self._context.log.fatal = True
            return
        for block, drafting in draftings:
            self._block(block, drafting)
        self._leftovers(draftings)
        settle_journeys(self._context)

    def _drafting(self, block: Block) -> Drafting | None:
        try:
            drafting = Drafting(
                block=block,
                mapping=self._request.mapping,
                files=self._files,
                log=self._context.log,
            )
            drafting.excluded = self._excluded
            for name in block.stages:
                self._names.code(name, name)
        except UnknownColumn as missing:
            self._context.log.add(missing.problem)
            return None
        except RowRefused as refused:
            drafting.note(1, refused)
            return None
        return drafting

    def _block(self, block: Block, drafting: Drafting) -> None:
        seen: dict[str, str] = {}
        wait_for_rows()
        if block.entity is Entity.JOURNEY:
            self._gather_repeated(drafting)
        for rows in _chunks(drafting.file.table.rows()):
            drafts = list(drafting.drafts(rows))
            if block.entity in (Entity.STAGE, Entity.DEAL):
                self._gather(block, drafting, drafts)
            else:
                keyed = [_keyed(draft, block) for draft in drafts]
                self._write(
                    block,
                    drafting,
                    without_repeats(
                        drafts=keyed, seen=seen, context=self._context, drafting=drafting
                    ),
                )
            self._done += len(rows)
            self._request.on_progress(self._done, self._outcome.rows)
        self._context.tally.skipped[block.entity] += drafting.left_out

    def _write(self, block: Block, drafting: Drafting, drafts: list[Draft]) -> None:
        if block.entity is Entity.JOURNEY:
            write_journey_drafts(self._context, drafting, drafts, self._gathered, self._names)
        else:
            _SIMPLE[block.entity](self._context, drafting, drafts)

    def _gather(self, block: Block, drafting: Drafting, drafts: list[Draft]) -> None:
        """Keep rows of stages and amounts until their journeys are written."""
        for draft in drafts:
            key = draft.text("journey")
            if block.entity is Entity.DEAL:
                self._gathered.deals.setdefault(key, []).append(DealLine(draft.values))
                continue
            try:
                code = self._names.code(draft.text("stage"), drafting.column_of("stage"))
            except RowRefused as refused:
                drafting.refuse(draft, refused)
                continue
            at = draft.values["entered_at"]
            assert isinstance(at, datetime)  # noqa: S101 - read as a moment
            self._date(key, code, at)

    def _gather_repeated(self, drafting: Drafting) -> None:
        """Bring the stage dates of journeys that have several rows together, the earliest each."""
        if not drafting.block.stages or drafting.block.key is None:
            return
        seen: set[str] = set()
        doubled: set[str] = set()
        for row in drafting.file.table.rows():
            key = drafting.key(row.cells)
            (doubled if key in seen else seen).add(key)
        if not doubled:
            return
        for row in drafting.file.table.rows():
            if drafting.key(row.cells) in doubled:
                key, dates = drafting.key_and_dates(row)
                for name, at in dates.items():
                    assert isinstance(at, datetime)  # noqa: S101 - read as a moment
                    self._date(key, self._names.code(name, name), at)

    def _date(self, key: str, code: str, at: datetime) -> None:
        dates = self._gathered.dates.setdefault(key, {})
        dates[code] = min(at, dates.get(code, at))

    def _leftovers(self, draftings: list[tuple[Block, Drafting]]) -> None:
        """Tell of stage and amount rows whose journey no block makes."""
        if any(block.entity is Entity.JOURNEY for block, _ in draftings):
            return
        for block, drafting in draftings:
            if block.entity in (Entity.STAGE, Entity.DEAL):
                message = Label(
                    "ステージや金額の履歴を取り込むには、同じ対応づけにジャーニーも要ります。",
                    "Stage history and amounts need the journeys in the same mapping.",
                )
                self._context.log.add(
                    Problem(rule=Rule.UNKNOWN_REFERENCE, file=drafting.file.name, message=message)
                )

    def _choose_reporting_currency(self) -> None:
        """Follow the mapping's reporting currency while no amount has been recorded."""
        wanted = self._request.mapping.reporting_currency
        current = self._context.stamp.reporting_currency
        if not wanted or wanted == current:
            return
        if Journey.objects.filter(amount_minor__isnull=False).exists():
            message = Label(
                f"集計の通貨は{current}のままです。金額がすでに記録されています。",
                f"The reporting currency stays {current}: amounts have been recorded already.",
            )
            self._context.log.add(
                Problem(rule=Rule.NO_RATE, severity=Severity.WARNING, message=message)
            )
            return
        row = own_settings()
        values = {"reporting_currency": wanted}
        now = self._context.act.now
        self._context.change(
            [change_of(entity="reporting_settings", row=row, values=values, now=now)]
        )
        self._context.stamp = replace(self._context.stamp, reporting_currency=wanted)


def _keyed(draft: Draft, block: Block) -> Draft:
    """Give a draft without an external key one of its own making: its name, or what it says."""
    if draft.key:
        return draft
    if block.entity in _NATURAL_KEY:
        key = draft.text(_NATURAL_KEY[block.entity])
    else:
        key = f"row:{draft.fingerprint}"
    if not key:
        key = blake2b(repr(draft.values).encode(), digest_size=16).hexdigest()
    return Draft(draft.row, key[:200], draft.values, draft.dates, draft.owners)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
