"""Pages of long lists: every row on one page, in both directions, with and without words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from tasuki.journeys.models import Journey
from tasuki.journeys.queries import paging
from tasuki.journeys.queries.listing import JOURNEY_SORTS
from tasuki.journeys.queries.paging import (
    Count,
    Cursor,
    Order,
    Search,
    Slice,
    count_of,
    cursor_at,
    read_cursor,
    slice_of,
    write_cursor,
)
from tasuki.journeys.queries.search import search_words
from tests.conftest import SharedRows
from tests.journeys import factories

pytestmark = pytest.mark.django_db
ENTERED = JOURNEY_SORTS["entered_at"]
AMOUNT = JOURNEY_SORTS["amount"]
NAME = JOURNEY_SORTS["name"]
DUE = JOURNEY_SORTS["next_action_date"]


@pytest.fixture(scope="module")
def journeys(shared_rows: SharedRows) -> list[Journey]:
    """Seven journeys; amounts tie and are missing, names tie."""
    with shared_rows():
        factories.process()
        return [_journey(*row) for row in enumerate([30, None, 10, 30, None, 20, 10])]


def _journey(number: int, amount: int | None) -> Journey:
    company = factories.account(f"株式会社青葉{'あか' if number % 2 else 'しろ'}")
    person = factories.person(company, email=f"p{number}@aoba.example.co.jp")
    journey = factories.journey(account_id=company.pk, person_id=person.pk)
    Journey.objects.filter(pk=journey.pk).update(
        amount_reporting_minor=amount, entered_at=datetime(2026, 4, 1 + number, tzinfo=UTC)
    )
    return Journey.objects.get(pk=journey.pk)


def walk(order: Order, size: int, search: Search = paging.NO_SEARCH) -> list[tuple[int, ...]]:
    """Go to the end by `after`, then back to the start by `before`; return the pages on the way."""
    rows = Journey.objects.all()
    pages, cursor = [], None
    while True:
        found = slice_of(rows=rows, order=order, cursor=cursor, size=size, search=search)
        pages.append(found)
        if found.after is None:
            break
        cursor = _through_text(found.after, order)
    back = []
    while found.before is not None:
        cursor = _through_text(found.before, order)
        found = slice_of(rows=rows, order=order, cursor=cursor, size=size, search=search)
        back.append(found.ids)
    assert [row for page in back[::-1] for row in page] == [
        row for page in pages[:-1] for row in page.ids
    ]
    return [page.ids for page in pages]


def _through_text(cursor: Cursor, order: Order) -> Cursor | None:
    return read_cursor(text=write_cursor(cursor), column=order.column)


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize("search", [paging.NO_SEARCH, Search(("青葉",))], ids=["all", "words"])
@pytest.mark.parametrize("column", [ENTERED, AMOUNT, NAME, DUE], ids=lambda column: column.name)
def test_every_row_stands_on_one_page(
    journeys: list[Journey],
    column: paging.SortColumn,
    search: Search,
    size: int,
    descending: bool,  # noqa: FBT001
) -> None:
    order = Order(column, descending)

    pages = walk(order, size, search)

    shown = [row for page in pages for row in page]
    assert shown == [row.pk for row in _sorted(journeys, order)]
    assert all(len(page) == size for page in pages[:-1])


def _sorted(journeys: list[Journey], order: Order) -> list[Journey]:
    name = order.column.name
    known = [row for row in journeys if getattr(row, name) is not None]
    unknown = [row for row in journeys if getattr(row, name) is None]
    known.sort(key=lambda row: (getattr(row, name), row.pk), reverse=order.descending)
    return known + sorted(unknown, key=lambda row: row.pk, reverse=order.descending)


def test_a_frequent_word_is_found_in_the_head_alone(
    journeys: list[Journey], django_assert_num_queries: object
) -> None:
    assert callable(django_assert_num_queries)
    order, search = Order(ENTERED, True), Search(("青葉",))  # noqa: FBT003
    with django_assert_num_queries(1):
        found = slice_of(
            rows=Journey.objects.all(), order=order, cursor=None, size=3, search=search
        )

    assert found.ids == tuple(row.pk for row in journeys[:3:-1])


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("アオバアカ",), 0),
        (("青葉アカ",), 3),
        (("シロ",), 4),
        (("青葉", "p3@"), 1),
        (("無し",), 0),
    ],
)
def test_all_words_must_be_found(
    journeys: list[Journey], words: tuple[str, ...], count: int
) -> None:
    search = Search(words)

    assert count_of(rows=Journey.objects.all(), search=search) == Count(count, capped=False)
    found = slice_of(
        rows=Journey.objects.all(),
        order=Order(ENTERED, True),  # noqa: FBT003
        cursor=None,
        size=50,
        search=search,
    )
    assert len(found.ids) == count


@pytest.mark.parametrize("word", ["p3@aoba", "%", "_", "\\"])
def test_nobody_finds_out_by_searching_what_they_may_not_see(
    journeys: list[Journey], word: str
) -> None:
    search = Search((word,), with_personal_data=False)

    assert count_of(rows=Journey.objects.all(), search=search).rows == 0
    assert count_of(
        rows=Journey.objects.all(), search=Search(("青葉",), with_personal_data=False)
    ) == Count(7, capped=False)


def test_counting_stops_where_it_is_told(
    journeys: list[Journey], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "SEARCH_CAP", 2)
    rows = Journey.objects.all()

    assert count_of(rows=rows, cap=3) == Count(3, capped=True)
    assert count_of(rows=rows, cap=3, exact=True) == Count(7, capped=False)
    assert count_of(rows=rows, search=Search(("青葉",))) == Count(2, capped=True)
    assert count_of(rows=rows, search=Search(("青葉",)), exact=True) == Count(7, capped=False)


def test_counting_uses_what_a_page_has_told(
    journeys: list[Journey], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows, order = Journey.objects.all(), Order(ENTERED, True)  # noqa: FBT003
    rare = Search(search_words("あか"))
    whole = slice_of(rows=rows, order=order, cursor=None, size=7)
    part = slice_of(rows=rows, order=order, cursor=None, size=2)
    last = slice_of(rows=rows, order=order, cursor=part.after, size=7)
    found = slice_of(rows=rows, order=order, cursor=None, size=5, search=rare)

    assert (whole.is_whole, part.is_whole, last.is_whole) == (True, False, False)
    assert (found.is_rare, found.is_whole, len(found.ids)) == (True, True, 3)
    with django_assert_num_queries(0):
        assert count_of(rows=rows, page=whole) == Count(7, capped=False)
        assert count_of(rows=rows, search=rare, page=found) == Count(3, capped=False)
    assert count_of(rows=rows, page=last) == Count(7, capped=False)
    later = replace(found, is_whole=False)
    with django_assert_num_queries(1):
        assert count_of(rows=rows, search=rare, page=later) == Count(3, capped=False)


def test_an_empty_set_has_an_empty_page() -> None:
    rows, order = Journey.objects.none(), Order(ENTERED, True)  # noqa: FBT003
    nothing = Slice(ids=(), before=None, after=None, is_whole=True)
    sought = slice_of(rows=rows, order=order, cursor=None, size=5, search=Search(("青",)))

    assert slice_of(rows=rows, order=order, cursor=None, size=5) == nothing
    assert sought == replace(nothing, is_rare=True)
    assert count_of(rows=rows, search=Search(("青",))) == Count(0, capped=False)


@pytest.mark.parametrize("text", ["", "x", "bm9uZQ", "W10", "WzEsMl0", "A" * 999])
def test_a_broken_place_is_none(text: str) -> None:
    assert read_cursor(text=text, column=ENTERED) is None


@pytest.mark.parametrize(
    ("column", "cursor"),
    [
        (ENTERED, Cursor(None, 1)),
        (ENTERED, Cursor("soon", 1)),
        (ENTERED, Cursor(5, 1)),
        (ENTERED, Cursor(datetime(2026, 4, 1, tzinfo=UTC), -1)),
        (DUE, Cursor("2026-13-01", 1)),
        (AMOUNT, Cursor(2**70, 1)),
        (NAME, Cursor("a\x00b", 1)),
    ],
)
def test_a_place_of_another_sort_is_none(column: paging.SortColumn, cursor: Cursor) -> None:
    assert read_cursor(text=write_cursor(cursor), column=column) is None


@pytest.mark.parametrize(
    ("column", "descending", "text", "expected"),
    [
        (
            ENTERED,
            True,
            "2026-04-03",
            Cursor(datetime.fromisoformat("2026-04-03T23:59:59.999999+09:00"), 2**63 - 1),
        ),
        (ENTERED, False, "2026-04-03", Cursor(datetime.fromisoformat("2026-04-03T00+09:00"), 0)),
        (ENTERED, False, "2026-04-03T05:00", Cursor(datetime(2026, 4, 3, 5, tzinfo=UTC), 0)),
        (DUE, False, "2026-04-03", Cursor(date(2026, 4, 3), 0)),
        (AMOUNT, True, "500", Cursor(500, 2**63 - 1)),
        (AMOUNT, True, "much", None),
        (ENTERED, True, "early", None),
        (NAME, False, "サ", Cursor("サ", 0)),
        (NAME, False, "", None),
    ],
)
def test_a_list_opens_at_a_value(
    column: paging.SortColumn,
    descending: bool,  # noqa: FBT001
    text: str,
    expected: Cursor | None,
) -> None:
    assert cursor_at(text=text, order=Order(column, descending)) == expected
