"""Writing notices: each fact once to each reader, with the ways it will go out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from tasuki.notices.kinds import GROUP_OF, URGENCY_OF, Channel, Group, NoticeKind, Pace, Urgency
from tasuki.notices.models import Delivery, Notice, Webhook
from tasuki.notices.queries.audience import Circle
from tasuki.notices.queries.choices import Choices, Slot, choices_of, slot_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One fact for one reader; for no reader it goes to the webhooks of its place.

    `key` names the fact; together with the reader it is told once. `departments` and `team_ids`
    are those that the fact is about.
    """

    key: str
    kind: NoticeKind
    user_id: int | None
    url: str
    journey_id: int | None = None
    handoff_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    departments: frozenset[str] = frozenset()
    team_ids: frozenset[int] = frozenset()

    @property
    def full_key(self) -> str:
        """The key of the fact and its reader."""
        return f"{self.key}:{'house' if self.user_id is None else self.user_id}"

    @property
    def group(self) -> Group | None:
        """What people choose about it; None for a test message."""
        return GROUP_OF[self.kind]


@transaction.atomic
def tell(tellings: Iterable[Telling], *, circle: Circle, now: datetime) -> int:
    """Write the notices that were not written before, and queue their ways; return how many."""
    wanted = {telling.full_key: telling for telling in tellings}
    known = set(Notice.objects.filter(key__in=wanted).values_list("key", flat=True))
    fresh = [telling for key, telling in wanted.items() if key not in known]
    if not fresh:
        return 0
    post = _Post(fresh, circle, now)
    rows = [post.notice(telling) for telling in fresh if post.is_awaited(telling)]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    keys = [row.key for row in rows]
    ways = [
        way
        for notice in Notice.objects.filter(key__in=keys)
        for way in post.ways(notice, wanted[notice.key])
    ]
    Delivery.objects.bulk_create(ways, ignore_conflicts=True)
    return len(rows)


def queue_test(*, notice: Notice, webhook: Webhook | None, now: datetime) -> Delivery:
    """Send a test message by mail, or to a webhook, with the next round of the worker."""
    return Delivery.objects.create(
        notice=notice,
        channel=Channel.MAIL if webhook is None else Channel.WEBHOOK,
        webhook=webhook,
        pace=Pace.NOW,
        next_try_at=now,
    )


class _Post:
    """Knows for one run how each fresh fact goes out."""

    def __init__(self, fresh: list[Telling], circle: Circle, now: datetime) -> None:
        self._circle = circle
        self._now = now
        self._choices = choices_of(item.user_id for item in fresh if item.user_id is not None)
        self._houses = list(Webhook.objects.filter(user__isnull=True, is_active=True))

    def is_awaited(self, telling: Telling) -> bool:
        """Whether anybody would get it: a fact for the house needs a webhook that asks for it."""
        return telling.user_id is not None or any(self._asking(telling))

    def notice(self, telling: Telling) -> Notice:
        """Return the unsaved notice."""
        return Notice(
            user_id=telling.user_id,
            key=telling.full_key,
            kind=telling.kind,
            urgency=URGENCY_OF.get(telling.kind, Urgency.PLAIN),
            journey_id=telling.journey_id,
            handoff_id=telling.handoff_id,
            facts=dict(telling.facts),
            url=telling.url,
            is_listed=self._is_listed(telling),
            created_at=self._now,
        )

    def ways(self, notice: Notice, telling: Telling) -> Iterator[Delivery]:
        """Yield the unsaved deliveries of a notice."""
        if telling.group is None:
            return
        if telling.user_id is None:
            for hook in self._asking(telling):
                pace = Pace(hook.pace)
                yield self._way(notice, hook, self._house_slot(pace))
            return
        chosen = self._choices[telling.user_id]
        yield from self._way_of_person(notice, chosen, telling.group, None)
        if chosen.webhook is not None and chosen.webhook.is_active:
            yield from self._way_of_person(notice, chosen, telling.group, chosen.webhook)

    def _way_of_person(
        self, notice: Notice, chosen: Choices, group: Group, webhook: Webhook | None
    ) -> Iterator[Delivery]:
        pace = chosen.pace(group, Channel.MAIL if webhook is None else Channel.WEBHOOK)
        reader = self._circle.reader(notice.user_id)
        if pace is Pace.OFF or reader is None:
            return
        slot = slot_for(
            pace=pace,
            now=self._now,
            work=self._circle.work_time(reader.user),
            is_quiet=chosen.is_quiet,
            is_away=reader.is_away,
        )
        yield self._way(notice, webhook, slot)

    def _way(self, notice: Notice, webhook: Webhook | None, slot: Slot) -> Delivery:
        return Delivery(
            notice=notice,
            channel=Channel.MAIL if webhook is None else Channel.WEBHOOK,
            webhook=webhook,
            pace=slot.pace,
            next_try_at=slot.at,
        )

    def _house_slot(self, pace: Pace) -> Slot:
        work = self._circle.house_time
        return slot_for(pace=pace, now=self._now, work=work, is_quiet=False, is_away=False)

    def _is_listed(self, telling: Telling) -> bool:
        if telling.user_id is None:
            return False
        if telling.group is None:
            return True
        chosen = self._choices[telling.user_id]
        return chosen.pace(telling.group, Channel.IN_APP) is not Pace.OFF

    def _asking(self, telling: Telling) -> Iterator[Webhook]:
        for hook in self._houses:
            is_whole = hook.team_id is None and not hook.department
            is_there = hook.team_id in telling.team_ids or hook.department in telling.departments
            if telling.group in hook.groups and (is_whole or is_there):
                yield hook
