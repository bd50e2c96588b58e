"""Which records of a batch people have worked on since, and what those records stand on."""

# ruff: noqa: S608 - the statements are put together from constants of this file only

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import connection

from tasuki.journeys.models import Account, Journey, Person
from tasuki.people.models import User

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """Records that stay: `worked_on` by people, `all_ids` with everything those stand on."""

    worked_on: Mapping[str, frozenset[int]] = field(default_factory=dict)
    all_ids: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.all_ids.values())

    def ids(self, entity: str) -> frozenset[int]:
        """This will return the ids of an entity that stay."""
        return self.all_ids.get(entity, frozenset())

    @property
    def entities(self) -> tuple[str, ...]:
        """This will name the entities of which records stay."""
        return tuple(entity for entity, ids in self.all_ids.items() if ids)

    @property
    def count(self) -> int:
        """This will count the records that people worked on."""
        return sum(len(ids) for ids in self.worked_on.values())


@dataclass(frozen=True, slots=True)
class WorkedOnRecord:
    """One record that somebody worked on, with the name people know it by."""

    entity: str
    object_id: int
    name: str


def find_kept(*, batch_id: int) -> Kept:
    """This will find the records of the batch that people worked on since it was written.

    Worked on are: rows changed again (also by a merge), records with later journal lines,
    activities, journeys or people of others, records another import has found as its own, and
    users who signed in or are somebody's owner outside the batch.
    """
    worked_on = {entity: frozenset(_ids(query, batch_id)) for entity, query in _WORKED_ON.items()}
    kept = {entity: set(ids) for entity, ids in worked_on.items()}
    _add_parents(kept)
    for child, parent, query in _STANDS_ON:
        if kept.get(child):
            kept.setdefault(parent, set()).update(_ids(query, batch_id, list(kept[child])))
    return Kept(
        worked_on={entity: ids for entity, ids in worked_on.items() if ids},
        all_ids={entity: frozenset(ids) for entity, ids in kept.items() if ids},
    )


def worked_on_records(*, kept: Kept, limit: int = SHOWN) -> list[WorkedOnRecord]:
    """This will name the first records that people worked on."""
    found = [
        *(
            WorkedOnRecord("journey", pk, f"{name} {title}".strip())
            for pk, name, title in Journey.objects.filter(pk__in=kept.worked_on.get("journey", ()))
            .order_by("pk")
            .values_list("pk", "account__name", "title")[:limit]
        ),
        *(
            WorkedOnRecord("account", pk, name)
            for pk, name in Account.objects.filter(pk__in=kept.worked_on.get("account", ()))
            .order_by("pk")
            .values_list("pk", "name")[:limit]
        ),
        *(
            WorkedOnRecord("person", person.pk, str(person))
            for person in Person.objects.filter(pk__in=kept.worked_on.get("person", ())).order_by(
                "pk"
            )[:limit]
        ),
        *(
            WorkedOnRecord("user", user.pk, str(user))
            for user in User.objects.filter(pk__in=kept.worked_on.get("user", ())).order_by("pk")[
                :limit
            ]
        ),
    ]
    return found[:limit]


def _ids(query: str, batch_id: int, of: list[int] | None = None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"batch": batch_id, "ids": of})
        return [row[0] for row in cursor.fetchall()]


def _add_parents(kept: dict[str, set[int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE line AS (
                SELECT id, parent_id FROM journeys_journey WHERE id = ANY(%s)
                UNION
                SELECT above.id, above.parent_id FROM journeys_journey AS above
                JOIN line ON above.id = line.parent_id
            ) SELECT id FROM line
            """,
            [list(kept.get("journey", ()))],
        )
        kept["journey"] = kept.get("journey", set()) | {row[0] for row in cursor.fetchall()}


_REFERRED: Final = """
    OR EXISTS (SELECT 1 FROM journeys_externalref AS ref WHERE ref.entity = '{entity}'
               AND ref.object_id = it.id AND ref.batch_id IS DISTINCT FROM %(batch)s)
"""
_CHANGED: Final = """
    UNION
    SELECT changed.object_id FROM journeys_recordchange AS changed
    JOIN journeys_{entity} AS it ON it.id = changed.object_id
    WHERE changed.batch_id = %(batch)s AND changed.entity = '{entity}'
      AND it.revision <> (changed.after ->> 'revision')::int
"""

_JOURNEYS: Final = (
    """
    SELECT it.id FROM journeys_journey AS it
    WHERE it.batch_id = %(batch)s AND (
        it.revision > coalesce(
            (SELECT (own.after ->> 'revision')::int FROM journeys_recordchange AS own
             WHERE own.batch_id = %(batch)s AND own.object_id = it.id
               AND own.entity = 'journey'), 1)
        OR EXISTS (SELECT 1 FROM journeys_event AS e
                   WHERE e.journey_id = it.id AND e.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_activity AS a
                   WHERE a.journey_id = it.id AND a.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_journey AS child
                   WHERE child.parent_id = it.id AND child.batch_id IS DISTINCT FROM %(batch)s)
    """
    + _REFERRED.format(entity="journey")
    + ")"
    + _CHANGED.format(entity="journey")
    + """
    UNION
    SELECT changed.object_id FROM journeys_recordchange AS changed
    JOIN journeys_writebatch AS batch ON batch.id = changed.batch_id
    WHERE changed.batch_id = %(batch)s AND changed.entity = 'journey' AND (
        EXISTS (SELECT 1 FROM journeys_event AS e WHERE e.journey_id = changed.object_id
                AND e.batch_id IS DISTINCT FROM %(batch)s AND e.recorded_at > batch.created_at)
        OR EXISTS (SELECT 1 FROM journeys_activity AS a WHERE a.journey_id = changed.object_id
                AND a.batch_id IS DISTINCT FROM %(batch)s AND a.recorded_at > batch.created_at)
    )
    """
)
_ACCOUNTS: Final = (
    """
    SELECT it.id FROM journeys_account AS it
    WHERE it.batch_id = %(batch)s AND (
        it.revision > coalesce(
            (SELECT (own.after ->> 'revision')::int FROM journeys_recordchange AS own
             WHERE own.batch_id = %(batch)s AND own.object_id = it.id
               AND own.entity = 'account'), 1)
        OR EXISTS (SELECT 1 FROM journeys_event AS e
                   WHERE e.account_id = it.id AND e.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_activity AS a
                   WHERE a.account_id = it.id AND a.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_journey AS j
                   WHERE j.account_id = it.id AND j.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_person AS p
                   WHERE p.account_id = it.id AND p.batch_id IS DISTINCT FROM %(batch)s)
    """
    + _REFERRED.format(entity="account")
    + ")"
    + _CHANGED.format(entity="account")
)
_PERSONS: Final = (
    """
    SELECT it.id FROM journeys_person AS it
    WHERE it.batch_id = %(batch)s AND (
        it.revision > coalesce(
            (SELECT (own.after ->> 'revision')::int FROM journeys_recordchange AS own
             WHERE own.batch_id = %(batch)s AND own.object_id = it.id
               AND own.entity = 'person'), 1)
        OR EXISTS (SELECT 1 FROM journeys_event AS e
                   WHERE e.person_id = it.id AND e.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_activity AS a
                   WHERE a.person_id = it.id AND a.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_journey AS j
                   WHERE j.person_id = it.id AND j.batch_id IS DISTINCT FROM %(batch)s)
    """
    + _REFERRED.format(entity="person")
    + ")"
    + _CHANGED.format(entity="person")
)
_PACKET_PEOPLE: Final = " UNION ALL ".join(
    f"SELECT journey_id, batch_id, {column} AS who FROM journeys_{table} WHERE {column} IS NOT NULL"
    for table, columns in (
        ("handoff", ("giver_id", "receiver_id", "decided_by_id", "rated_by_id")),
        ("handoffround", ("giver_id", "receiver_id", "ended_by_id")),
        ("askedagain", ("marked_by_id",)),
    )
    for column in columns
)
_USERS: Final = """
    SELECT it.id FROM people_user AS it
    JOIN journeys_recordchange AS created
      ON created.entity = 'user' AND created.object_id = it.id
    JOIN journeys_writebatch AS batch ON batch.id = created.batch_id
    WHERE created.batch_id = %(batch)s AND (
        it.last_login IS NOT NULL
        OR it.team_id IS NOT NULL
        OR EXISTS (SELECT 1 FROM people_rolegrant AS g
                   WHERE g.user_id = it.id AND g.granted_at > batch.created_at)
        OR EXISTS (SELECT 1 FROM journeys_journey AS j
                   WHERE j.owner_id = it.id AND j.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_stay AS s
                   WHERE s.owner_id = it.id AND s.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_account AS a
                   WHERE a.owner_id = it.id AND a.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_assignmentdecision AS d WHERE d.chosen_id = it.id)
        OR EXISTS (SELECT 1 FROM journeys_reassignment AS r
                   WHERE it.id IN (r.from_user_id, r.to_user_id, r.requested_by_id))
        OR EXISTS (SELECT 1 FROM journeys_event AS e
                   WHERE e.actor_id = it.id AND e.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_activity AS a
                   WHERE a.actor_id = it.id AND a.batch_id IS DISTINCT FROM %(batch)s)
        OR it.id IN (SELECT who FROM ({packet_people}) AS packets
                     WHERE batch_id IS DISTINCT FROM %(batch)s)
    )
""".replace("{packet_people}", _PACKET_PEOPLE)
_CHANNELS: Final = """
    SELECT it.id FROM journeys_channel AS it
    WHERE it.batch_id = %(batch)s AND (
        EXISTS (SELECT 1 FROM journeys_journey AS j
                WHERE j.channel_id = it.id AND j.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_campaign AS c
                   WHERE c.channel_id = it.id AND c.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_spend AS s
                   WHERE s.channel_id = it.id AND s.batch_id IS DISTINCT FROM %(batch)s)
    )
"""
_CAMPAIGNS: Final = """
    SELECT it.id FROM journeys_campaign AS it
    WHERE it.batch_id = %(batch)s AND (
        EXISTS (SELECT 1 FROM journeys_journey AS j
                WHERE j.campaign_id = it.id AND j.batch_id IS DISTINCT FROM %(batch)s)
        OR EXISTS (SELECT 1 FROM journeys_spend AS s
                   WHERE s.campaign_id = it.id AND s.batch_id IS DISTINCT FROM %(batch)s)
    )
"""

_WORKED_ON: Final = {
    "journey": _JOURNEYS,
    "account": _ACCOUNTS,
    "person": _PERSONS,
    "user": _USERS,
    "channel": _CHANNELS,
    "campaign": _CAMPAIGNS,
}
_STANDS_ON: Final = (
    (
        "journey",
        "person",
        "SELECT person_id FROM journeys_journey WHERE id = ANY(%(ids)s) AND person_id IS NOT NULL "
        "UNION SELECT person_id FROM journeys_activity WHERE journey_id = ANY(%(ids)s) "
        "AND person_id IS NOT NULL",
    ),
    ("journey", "account", "SELECT account_id FROM journeys_journey WHERE id = ANY(%(ids)s)"),
    (
        "person",
        "account",
        "SELECT account_id FROM journeys_person WHERE id = ANY(%(ids)s) AND account_id IS NOT NULL",
    ),
    (
        "account",
        "account",
        "SELECT merged_into_id FROM journeys_account WHERE id = ANY(%(ids)s) "
        "AND merged_into_id IS NOT NULL",
    ),
    (
        "journey",
        "user",
        "SELECT owner_id FROM journeys_stay WHERE journey_id = ANY(%(ids)s) "
        "AND owner_id IS NOT NULL UNION "
        "SELECT owner_id FROM journeys_journey WHERE id = ANY(%(ids)s) AND owner_id IS NOT NULL "
        "UNION SELECT actor_id FROM journeys_event WHERE journey_id = ANY(%(ids)s) "
        "AND actor_id IS NOT NULL UNION "
        "SELECT actor_id FROM journeys_activity WHERE journey_id = ANY(%(ids)s) "
        "AND actor_id IS NOT NULL UNION "
        f"SELECT who FROM ({_PACKET_PEOPLE}) AS packets WHERE journey_id = ANY(%(ids)s)",
    ),
    (
        "account",
        "user",
        "SELECT owner_id FROM journeys_account WHERE id = ANY(%(ids)s) AND owner_id IS NOT NULL",
    ),
    (
        "journey",
        "channel",
        "SELECT channel_id FROM journeys_journey WHERE id = ANY(%(ids)s) "
        "AND channel_id IS NOT NULL",
    ),
    (
        "journey",
        "campaign",
        "SELECT campaign_id FROM journeys_journey WHERE id = ANY(%(ids)s) "
        "AND campaign_id IS NOT NULL",
    ),
    ("campaign", "channel", "SELECT channel_id FROM journeys_campaign WHERE id = ANY(%(ids)s)"),
)
