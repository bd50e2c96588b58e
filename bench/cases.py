"""What the web benchmark asks for: pages as people open them, on rows from the whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any, Final
from urllib.parse import quote, urlencode

from bench.load import Ask
from tasuki.journeys.models import Journey
from tasuki.journeys.queries.listing import JOURNEY_SORTS
from tasuki.journeys.queries.paging import Cursor, write_cursor

SEED: Final = 20_260_401
ROW: Final = 'data-row="'
LIST: Final = "/journeys/"
COMMON_WORDS: Final = ("株式会社", "製作所", "ホールディングス", "中央", "システム")
PAIRS: Final = ("東海", "電機", "大和", "若葉", "食品", "佐藤", "山田", "銀行")
SINGLES: Final = ("東", "新", "光", "旭", "林", "社", "ア", "泉")


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request, and the group whose promise it belongs to."""

    group: str
    name: str
    asks: Callable[[], Ask]


def reading_cases() -> list[Case]:
    """Return the cases that change nothing."""
    rng = Random(SEED)
    found = [Case("list", name, _of(paths, ROW)) for name, paths in _lists(rng)]
    found += [Case("deep page", name, _of(paths, ROW)) for name, paths in _deep(rng)]
    for name, words in _words(rng).items():
        asked = [f"{LIST}?q={quote(word)}" for word in words]
        found.append(Case("search", f"list, {name}", _of(asked, ROW)))
    for name, words in _words(rng).items():
        asked = [f"/search/palette/?q={quote(word)}" for word in words]
        found.append(Case("search", f"palette, {name}", _of(asked, "/journeys/")))
    filtered = [f"{LIST}?stage=MQL&sort=name&q={quote(word)}" for word in (*COMMON_WORDS, *PAIRS)]
    found.append(Case("search", "list, filtered and sorted", _of(filtered, "journey-list")))
    pages = [(f"/journeys/{pk}/", f"/journeys/{pk}/moves/") for pk in _some_keys(rng, 400)]
    found.append(Case("journey page", "any journey", _each(pages)))
    return found


def advances(*, token: str) -> Iterator[Ask]:
    """Yield advances from LEAD to MQL, each of another journey, as the form's script sends them."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "HX-Request": "true",
        "X-CSRFToken": token,
    }
    rows = Journey.objects.filter(stage="LEAD").order_by("-pk").values_list("pk", "revision")
    for number, (pk, revision) in zip(count(), rows.iterator(chunk_size=1000), strict=False):
        body = {"revision": revision, "to": "MQL", "request_key": f"bench-{pk}-{number}"}
        yield Ask(f"/journeys/{pk}/moves/advance/", 'id="record"', urlencode(body), headers)


def _lists(rng: Random) -> Iterator[tuple[str, list[str]]]:
    owners = _sample(rng, "owner_id")
    teams = _sample(rng, "team_id")
    pairs = _sample(rng, "channel__code", "account__segment")
    yield "newest first", [LIST]
    yield "stage", [f"{LIST}?stage={stage}" for stage in ("LEAD", "MQL", "SAL", "ADOPT", "LOST")]
    yield (
        "owner by next action",
        [f"{LIST}?owner={pk}&state=open&sort=next_action_date" for pk in owners],
    )
    yield (
        "team, overdue, by next action",
        [f"{LIST}?team={pk}&next_action=overdue&sort=next_action_date" for pk in teams],
    )
    yield (
        "department by amount",
        [
            f"{LIST}?department={name}&state=open&sort=-amount"
            for name in ("inside_sales", "field_sales", "success")
        ],
    )
    yield (
        "channel and segment by name",
        [f"{LIST}?channel={channel}&segment={segment}&sort=name" for channel, segment in pairs],
    )
    yield (
        "temperature by last activity",
        [f"{LIST}?temperature={word}&sort=-last_activity_at" for word in ("hot", "warm")],
    )
    yield (
        "rare: stage, owner, temperature",
        [
            f"{LIST}?stage={stage}&owner={pk}&temperature={word}&sort=amount"
            for stage, pk, word in _sample(rng, "stage", "owner_id", "temperature")
        ],
    )


def _deep(rng: Random) -> Iterator[tuple[str, list[str]]]:
    """Places far in: read on from rows drawn from the whole table."""
    for sort, extra in (("-entered_at", ""), ("name", ""), ("-amount", ""), ("-opened_at", "LEAD")):
        column = JOURNEY_SORTS[sort.removeprefix("-")].name
        found = Journey.objects.filter(pk__in=_some_keys(rng, 60))
        places = [
            write_cursor(Cursor(value, pk))
            for pk, value in found.values_list("pk", column)
            if value is not None
        ]
        kept = f"&stage={extra}" if extra else ""
        name = f"{sort.removeprefix('-')}{', filtered' if extra else ''}"
        yield name, [f"{LIST}?sort={sort}{kept}&after={place}" for place in places]


def _words(rng: Random) -> dict[str, Sequence[str]]:
    names = Journey.objects.filter(pk__in=_some_keys(rng, 40)).values_list("account__name")
    rare = [name for (name,) in names]
    return {
        "rare word": rare,
        "frequent word": COMMON_WORDS,
        "2 characters": PAIRS,
        "1 character": SINGLES,
    }


def _sample(rng: Random, *columns: str) -> list[Any]:
    """Return values that stand together in rows drawn from the whole table, each once."""
    rows = Journey.objects.filter(pk__in=_some_keys(rng, 200))
    found = sorted({row for row in rows.values_list(*columns) if all(row)})
    return [row[0] for row in found] if len(columns) == 1 else found


def _some_keys(rng: Random, size: int) -> list[int]:
    last = Journey.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return rng.sample(range(1, last + 1), size)


def _of(paths: Sequence[str], expects: str) -> Callable[[], Ask]:
    return _each([(path, expects) for path in paths])


def _each(asks: Sequence[tuple[str, str]]) -> Callable[[], Ask]:
    numbers = count()
    return lambda: Ask(*asks[next(numbers) % len(asks)])
