"""Which records may be the same company or person: found in sets, judged in pairs.

Records are first brought together by what they share (blocking, one statement a key, in the
database), so that never all are compared with all; then `core.similarity` judges each pair and
says why. A key that very many records share (a switchboard, a common name) says little: such
blocks are left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from django.db import connection
from django.db.models import Q

from tasuki.core.names import kana_key, person_key
from tasuki.core.similarity import (
    AccountKeys,
    Candidate,
    PersonKeys,
    Strength,
    compare_accounts,
    compare_persons,
)
from tasuki.journeys.models import Account, Journey, Merge, NotDuplicate, Person

Entity = Literal["account", "person"]

BLOCK: Final = 25
"""How many records may share a key before it stops saying anything."""

PAIRS: Final = 2_000
"""How many pairs are judged for one page of candidates."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one, the older first, and why."""

    entity: Entity
    first: Account | Person
    second: Account | Person
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class PairPage:
    """Some pairs, surest first; `total` counts all that were found, at most `PAIRS`."""

    pairs: tuple[Pair, ...]
    total: int
    is_cut: bool


def candidates(*, entity: Entity, offset: int = 0, limit: int = 20) -> PairPage:
    """This will return a page of records that may be the same, surest first.

    Left out are records merged away and pairs that a person has said are different.
    """
    ids = _blocked(_SOURCES[entity], PAIRS + 1)
    judged = _judged(entity, ids[:PAIRS])
    shown = tuple(judged[offset : offset + limit])
    return PairPage(shown, len(judged), is_cut=len(ids) > PAIRS)


def candidates_of(*, entity: Entity, record_id: int) -> list[Pair]:
    """This will return what one record may be a duplicate of, surest first.

    Near names of companies are left to the page of all candidates.
    """
    record = next(iter(_rows(entity, [record_id])), None)
    if record is None or record.merged_into_id is not None:
        return []
    model = _MODELS[entity]
    alike = model._default_manager.filter(_like(record), merged_into__isnull=True)
    ids = alike.exclude(pk=record_id).order_by("pk").values_list("pk", flat=True)[: BLOCK * 4]
    pairs = {(min(pk, record_id), max(pk, record_id)) for pk in ids}
    told = NotDuplicate.objects.filter(
        Q(first_id=record_id) | Q(second_id=record_id), entity=entity
    ).values_list("first_id", "second_id")
    return _judged(entity, sorted(pairs - set(told)))


def _like(record: Account | Person) -> Q:
    """Indexed keys only: what one page may ask of a large table."""
    names: tuple[str, ...] = ("corporate_number", "domain", "company_key", "phone_key")
    if isinstance(record, Person):
        names = ("email_key", "phone_key", "account_id")
    shared = Q(pk__in=[])
    for name in names:
        if value := getattr(record, name):
            shared |= Q(**{name: value})
    return shared


def pair_of(*, entity: Entity, first_id: int, second_id: int) -> Pair | None:
    """This will return two records side by side, judged; None unless both stand for themselves.

    A pair that nothing speaks for is returned with an empty list of reasons.
    """
    rows = {row.pk: row for row in _rows(entity, [first_id, second_id])}
    if len(rows) < 2 or any(row.merged_into_id for row in rows.values()):
        return None
    first, second = rows[first_id], rows[second_id]
    return Pair(entity, first, second, _judge(first, second) or _NOTHING)


def what_moves(*, entity: Entity, loser_id: int) -> Mapping[str, int]:
    """This will count what a merge would hand over from the loser to the winner."""
    if entity == "account":
        return {
            "journey": Journey.objects.filter(account_id=loser_id).count(),
            "person": Person.objects.filter(account_id=loser_id).count(),
        }
    return {"journey": Journey.objects.filter(person_id=loser_id).count()}


def recent_merges(*, limit: int = 50) -> list[Merge]:
    """This will return the latest merges, undone ones among them, newest first."""
    return list(Merge.objects.select_related("actor").order_by("-id")[:limit])


_NOTHING: Final = Candidate(Strength.POSSIBLE, ())
_MODELS: Final[Mapping[Entity, type[Account] | type[Person]]] = {
    "account": Account,
    "person": Person,
}


@dataclass(frozen=True, slots=True)
class _Source:
    """The table of an entity and the expressions that bring its records together.

    Each block is a key and the condition under which it says something.
    """

    entity: Entity
    table: str
    blocks: tuple[tuple[str, str], ...]


_NEAR: Final = 4
_SOURCES: Final[Mapping[Entity, _Source]] = {
    "account": _Source(
        "account",
        "journeys_account",
        (
            ("corporate_number", "corporate_number <> ''"),
            ("domain", "domain <> ''"),
            ("company_key", "company_key <> ''"),
            ("phone_key", "phone_key <> ''"),
            # One character differs at most: then the beginning or the end is the same.
            (f"left(company_key, {_NEAR})", f"char_length(company_key) >= {_NEAR}"),
            (f"right(company_key, {_NEAR})", f"char_length(company_key) >= {_NEAR}"),
        ),
    ),
    "person": _Source(
        "person",
        "journeys_person",
        (
            ("email_key", "email_key <> ''"),
            ("phone_key", "phone_key <> ''"),
            (
                "account_id::text || '/' || replace(family_name || given_name, ' ', '')",
                "account_id IS NOT NULL AND family_name <> ''",
            ),
            (
                "account_id::text || '/' || sort_key",
                "account_id IS NOT NULL AND sort_key <> ''",
            ),
            (
                "account_id::text || '/' || family_name",
                "account_id IS NOT NULL AND family_name <> ''",
            ),
        ),
    ),
}


def _blocked(source: _Source, limit: int) -> list[tuple[int, int]]:
    """Return pairs of ids that share a key, those that share the whole of one first."""
    parts = [_block(source.table, key, condition) for key, condition in source.blocks]
    statement = f"""
        SELECT first_id, second_id FROM ({" UNION ALL ".join(parts)}) AS pair
        WHERE NOT EXISTS (
            SELECT 1 FROM journeys_notduplicate AS told
            WHERE told.entity = %(entity)s
              AND told.first_id = pair.first_id AND told.second_id = pair.second_id
        )
        GROUP BY first_id, second_id ORDER BY min(weight), count(*) DESC, first_id, second_id
        LIMIT %(limit)s
    """  # noqa: S608 keys and tables are those written above
    with connection.cursor() as cursor:
        cursor.execute(statement, {"entity": source.entity, "limit": limit, "block": BLOCK})
        return [(first, second) for first, second in cursor.fetchall()]


def _block(table: str, key: str, condition: str) -> str:
    is_near = any(part in key for part in ("left(", "right(", "|| family_name"))
    return f"""
        SELECT a.id AS first_id, b.id AS second_id, {int(is_near)} AS weight
        FROM (
            SELECT array_agg(id) AS ids FROM {table}
            WHERE merged_into_id IS NULL AND {condition}
            GROUP BY {key} HAVING count(*) BETWEEN 2 AND %(block)s
        ) AS block, unnest(block.ids) AS a(id), unnest(block.ids) AS b(id)
        WHERE a.id < b.id
    """  # noqa: S608 keys and tables are those written above


def _judged(entity: Entity, pairs: Iterable[tuple[int, int]]) -> list[Pair]:
    pairs = list(pairs)
    wanted = {pk for pair in pairs for pk in pair}
    rows = {row.pk: row for row in _rows(entity, wanted)}
    found = []
    for first_id, second_id in pairs:
        first, second = rows[first_id], rows[second_id]
        candidate = _judge(first, second)
        if candidate is not None:
            found.append(Pair(entity, first, second, candidate))
    return sorted(found, key=lambda pair: pair.candidate.strength.rank)


def _rows(entity: Entity, ids: Iterable[int]) -> Iterable[Account | Person]:
    if entity == "account":
        return Account.objects.filter(pk__in=ids)
    return Person.objects.filter(pk__in=ids).select_related("account")


def _judge(first: Account | Person, second: Account | Person) -> Candidate | None:
    if isinstance(first, Account):
        return compare_accounts(
            left=_account_keys(first), right=_account_keys(cast("Account", second))
        )
    return compare_persons(left=_person_keys(first), right=_person_keys(cast("Person", second)))


def _account_keys(row: Account) -> AccountKeys:
    return AccountKeys(
        company_key=row.company_key,
        kana_key=kana_key(row.name_kana),
        domain=row.domain,
        corporate_number=row.corporate_number,
        phone_key=row.phone_key,
        prefecture=row.prefecture,
    )


def _person_keys(row: Person) -> PersonKeys:
    return PersonKeys(
        person_key=person_key(family=row.family_name, given=row.given_name),
        kana_key=kana_key(f"{row.family_kana}{row.given_kana}"),
        email_key=row.email_key,
        phone_key=row.phone_key,
        account_id=row.account_id,
    )
