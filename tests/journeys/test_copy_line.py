"""Rows that are copied while others are built: nothing reads past them, nothing gets lost."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, transaction

from tasuki.journeys.models import Account
from tasuki.journeys.operations import copy_line
from tasuki.journeys.operations.bulk import (
    copy_rows,
    fresh_row,
    one_of,
    reserve_ids,
    reserve_many,
    stored_rows,
)
from tasuki.journeys.operations.copy_line import copying_along, looking_ahead, wait_for_rows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def accounts(count: int, *, name: str = "青葉商会") -> list[Account]:
    ids = reserve_ids(model=Account, count=count)
    columns = {"created_at": NOW, "updated_at": NOW, "attributes": {"色": "青"}}
    return [fresh_row(Account, id=pk, name=name, **columns) for pk in ids]


def names() -> list[str]:
    return list(Account.objects.order_by("pk").values_list("name", flat=True))


def test_a_statement_sees_every_row_that_was_handed_over_before_it() -> None:
    rows = accounts(1_203)

    with copying_along():
        copied = copy_rows(model=Account, rows=rows)
        seen = Account.objects.count()

    assert (copied, seen) == (1_203, 1_203)
    assert Account.objects.get(pk=rows[-1].pk).attributes == {"色": "青"}


def test_all_rows_are_in_when_the_block_ends() -> None:
    with copying_along():
        copy_rows(model=Account, rows=accounts(3))

    assert len(names()) == 3


def test_rows_wait_for_each_other_when_too_many_are_handed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(copy_line, "WAITING", 1)
    with copying_along():
        for number in range(20):
            copy_rows(model=Account, rows=accounts(1, name=f"{number:02}"))

    assert names() == [f"{number:02}" for number in range(20)]


def test_reserving_ids_and_looking_ahead_pass_the_rows_that_wait() -> None:
    with copying_along():
        copy_rows(model=Account, rows=accounts(2_000))
        with looking_ahead(), looking_ahead():
            seen = Account.objects.count()
        wait_for_rows()
        settled = Account.objects.count()

    assert seen in range(0, 2_001, 500)
    assert settled == 2_000


def test_without_a_line_rows_are_in_at_once_and_nothing_waits() -> None:
    copy_rows(model=Account, rows=accounts(1))
    wait_for_rows()
    with looking_ahead():
        assert len(names()) == 1


def test_a_refused_row_is_told_to_the_next_statement_and_nothing_goes_in() -> None:
    first = accounts(1)

    def twice() -> None:
        copy_rows(model=Account, rows=first)
        copy_rows(model=Account, rows=first)
        names()

    with pytest.raises(psycopg.errors.UniqueViolation), transaction.atomic(), copying_along():
        twice()

    assert names() == []


def test_a_refused_row_is_told_when_the_block_ends() -> None:
    nameless = accounts(1, name="")
    with pytest.raises(psycopg.errors.CheckViolation), transaction.atomic(), copying_along():
        copy_rows(model=Account, rows=nameless)

    assert names() == []


def test_a_refused_row_is_told_to_whoever_hands_more_over() -> None:
    nameless = accounts(1, name="")

    def for_ever() -> None:
        while True:
            copy_rows(model=Account, rows=nameless)

    with pytest.raises(psycopg.errors.CheckViolation), transaction.atomic(), copying_along():
        for_ever()

    assert names() == []


def test_leaving_by_an_error_leaves_the_connection_usable() -> None:
    def stop() -> None:
        copy_rows(model=Account, rows=accounts(3_000))
        raise KeyError

    with pytest.raises(KeyError), transaction.atomic(), copying_along():
        stop()

    assert names() == []
    assert connection.in_atomic_block


def test_ids_of_several_tables_are_taken_at_once() -> None:
    taken = reserve_many(counts={Account: 3})
    assert len(set(taken[Account])) == 3
    assert list(reserve_many(counts={Account: 0})[Account]) == []


def test_stored_rows_are_found_by_an_array() -> None:
    rows = accounts(2)
    copy_rows(model=Account, rows=rows)

    whole = stored_rows(model=Account, ids=[rows[0].pk])
    parts = stored_rows(model=Account, ids=[row.pk for row in rows], columns=("name",))

    assert whole[rows[0].pk].attributes == {"色": "青"}
    assert [parts[row.pk].name for row in rows] == ["青葉商会", "青葉商会"]
    assert stored_rows(model=Account, ids=[]) == {}
    assert Account.objects.filter(one_of("name", ["青葉商会", "?"])).count() == 2
