"""What the writers of one import share: the stamp, the links to stored records, the counts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from tasuki.connect.engine.drafts import Draft, Drafting
from tasuki.connect.engine.log import ProblemLog, Tally
from tasuki.connect.mapping.types import Entity
from tasuki.connect.mapping.types import Mapping as ImportMapping
from tasuki.connect.problems import Problem, RowRefused, Rule, Severity
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.labels import Label, Message
from tasuki.journeys.actor import Act
from tasuki.journeys.models import Account, Channel, ExternalRef, Person
from tasuki.journeys.operations.bulk import copy_rows, fresh_row, one_of, reserve_ids
from tasuki.journeys.operations.changes import Change, write_changes
from tasuki.journeys.operations.history_plans import Stamp
from tasuki.people.models import User


@dataclass(frozen=True, slots=True)
class Ref:
    """What is remembered of a record under a key of the source."""

    ref_id: int
    object_id: int
    fingerprint: str


@dataclass(slots=True)
class Context:
    """One run. With `dry`, stored rows are not touched; new ones are written to be rolled back."""

    mapping: ImportMapping
    stamp: Stamp
    act: Act
    batch_id: int
    log: ProblemLog
    tally: Tally
    dry: bool
    changed: set[tuple[str, int]] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    renamed_accounts: set[int] = field(default_factory=set)
    renamed_persons: set[int] = field(default_factory=set)
    small: dict[tuple[Entity, str], int | None] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the business day of the run."""
        return self.act.now.astimezone(BUSINESS_ZONE).date()

    def refs(self, entity: Entity, keys: Collection[str]) -> dict[str, Ref]:
        """Return what is remembered under these keys; merged records lead to their winners."""
        if not keys:
            return {}
        # An array is one parameter; a thousand of them would take longer to plan than to find.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT key, id, object_id, fingerprint FROM journeys_externalref"
                " WHERE source = %s AND entity = %s AND key = ANY(%s)",
                [self.mapping.source, entity.value, list(keys)],
            )
            rows = cursor.fetchall()
        found = {key: Ref(pk, object_id, mark) for key, pk, object_id, mark in rows}
        mergeable: dict[Entity, type[Account] | type[Person]] = {
            Entity.ACCOUNT: Account,
            Entity.PERSON: Person,
        }
        model = mergeable.get(entity)
        if model is not None and found:
            winners = winners_of(model, {ref.object_id for ref in found.values()})
            for key, ref in found.items() if winners else ():
                winner = winners.get(ref.object_id, ref.object_id)
                found[key] = Ref(ref.ref_id, winner, ref.fingerprint)
        return found

    def remember(self, entity: Entity, records: Iterable[tuple[str, int, str]]) -> None:
        """Remember new records (key, id, fingerprint) under the source's keys."""
        rows = [
            fresh_row(
                ExternalRef,
                source=self.mapping.source,
                entity=entity.value,
                key=key,
                object_id=object_id,
                fingerprint=mark,
                batch_id=self.batch_id,
            )
            for key, object_id, mark in records
        ]
        ids = reserve_ids(model=ExternalRef, count=len(rows))
        for row in rows:
            row.pk = next(ids)
        copy_rows(model=ExternalRef, rows=rows)

    def change(self, changes: Iterable[Change | None]) -> None:
        """Write changes down and apply them; a record is changed once in a run."""
        fresh: list[Change] = []
        for change in changes:
            if change is None or (change.entity, change.object_id) in self.changed:
                continue
            self.changed.add((change.entity, change.object_id))
            fresh.append(change)
        if not self.dry:
            write_changes(changes=fresh, batch_id=self.batch_id)

    def refreshed(self, ref: Ref, mark: str) -> Change:
        """Return the change that remembers what the newer row said."""
        return Change(
            entity="external_ref",
            object_id=ref.ref_id,
            before={"fingerprint": ref.fingerprint},
            after={"fingerprint": mark},
        )

    def warn(
        self, drafting: Drafting, row: int, rule: Rule, message: Message, field_name: str = ""
    ) -> None:
        """Log something doubtful about a row that goes in all the same."""
        self.log.add(
            Problem(
                rule=rule,
                severity=Severity.WARNING,
                file=drafting.file.name,
                row=row,
                column=drafting.column_of(field_name) if field_name else "",
                message=message,
            )
        )

    def few(self, entity: Entity, key: str) -> int | None:
        """Return the id of one of the few records (user, channel, campaign) by key or own name."""
        if (entity, key) not in self.small:
            ref = self.refs(entity, [key]).get(key)
            self.small[entity, key] = ref.object_id if ref else _natural(entity, key)
        return self.small[entity, key]

    def demand(self, entity: Entity, key: str, column: str) -> int | None:
        """Return the id of one of the few records, None for an empty key.

        Raises: RowRefused when the key leads nowhere.
        """
        if not key:
            return None
        found = self.few(entity, key)
        if found is None:
            raise unknown_reference(entity, key, column)
        return found


def unknown_reference(entity: Entity, key: str, column: str) -> RowRefused:
    """Word that a row speaks of a record that is neither stored nor in the files."""
    label = entity.label
    return RowRefused(
        Rule.UNKNOWN_REFERENCE,
        Label(
            f"{label.ja}「{key}」が見つかりません。",
            f'There is no record "{key}" among the {label.en.lower()}.',
        ),
        column=column,
        value=key,
    )


def without_repeats(
    *, drafts: Iterable[Draft], seen: dict[str, str], context: Context, drafting: Drafting
) -> list[Draft]:
    """Return each key's first draft; a later row that says something else is told."""
    first: list[Draft] = []
    for draft in drafts:
        mark = draft.fingerprint
        if draft.key not in seen:
            seen[draft.key] = mark
            first.append(draft)
        elif seen[draft.key] != mark:
            message = Label(
                f"キー「{draft.key}」の行が前にもあり、内容が違います。最初の行を使います。",
                f'An earlier row has the key "{draft.key}" and says something else; '
                "the first one is used.",
            )
            context.warn(drafting, draft.row, Rule.CONFLICTING_ROWS, message)
    return first


def winners_of(model: type[Account] | type[Person], ids: Collection[int]) -> Mapping[int, int]:
    """Return, for records that were merged away, the record that stands for them now."""
    winners: dict[int, int] = {}
    open_ids = set(ids)
    while open_ids:
        rows = dict(
            model.objects.filter(one_of("id", open_ids), merged_into__isnull=False).values_list(
                "pk", "merged_into_id"
            )
        )
        for origin in [pk for pk in ids if winners.get(pk, pk) in rows]:
            winners[origin] = rows[winners.get(origin, origin)]
        open_ids = set(rows.values())
    return winners


def _natural(entity: Entity, key: str) -> int | None:
    if entity is Entity.USER:
        return _user(key)
    if entity is Entity.CHANNEL:
        return Channel.objects.filter(code=key).values_list("pk", flat=True).first()
    return None


def _user(key: str) -> int | None:
    """Find a user by address, or by a full name that only one person has."""
    if "@" in key:
        return User.objects.filter(email=key.strip().lower()).values_list("pk", flat=True).first()
    wanted = "".join(key.split())
    named = [
        pk
        for pk, family, given in User.objects.values_list("pk", "family_name", "given_name")
        if wanted in (f"{family}{given}".replace(" ", ""), f"{given}{family}".replace(" ", ""))
    ]
    return named[0] if len(named) == 1 else None
