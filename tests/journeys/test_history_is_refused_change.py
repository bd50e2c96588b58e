"""The database itself refuses to change history, whatever program asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from tasuki.core.ngrams import grams
from tasuki.journeys.kinds import ActivityKind, EventKind
from tasuki.journeys.models import Activity, DealChange, Event, Stay, WriteBatch
from tests.journeys import factories
from tests.journeys.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> WriteBatch:
    return WriteBatch.objects.create(kind="import", label="test", created_at=NOW)


@pytest.fixture
def rows(batch: WriteBatch) -> dict[str, Model]:
    """One row of each append-only table; the event belongs to a batch."""
    factories.process()
    journey = factories.journey()
    times = {"happened_at": NOW, "recorded_at": NOW}
    return {
        "event": Event.objects.create(
            journey=journey, kind=EventKind.IMPORTED, actor_kind="import", batch=batch, **times
        ),
        "activity": Activity.objects.create(journey=journey, kind=ActivityKind.CALL, **times),
        "deal_change": DealChange.objects.create(journey=journey, **times),
    }


@pytest.mark.parametrize("table", ["event", "activity", "deal_change"])
def test_an_update_is_refused(rows: dict[str, Model], table: str) -> None:
    row = rows[table]

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(happened_at=NOW + timedelta(days=1))


@pytest.mark.parametrize("table", ["event", "activity", "deal_change"])
def test_a_delete_is_refused(rows: dict[str, Model], table: str) -> None:
    row = rows[table]

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()


def test_only_the_rows_of_a_batch_being_reverted_may_go(
    rows: dict[str, Model], batch: WriteBatch
) -> None:
    WriteBatch.objects.filter(pk=batch.pk).update(state=WriteBatch.State.REVERTING)

    rows["event"].delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows["activity"].delete()

    assert not Event.objects.filter(pk=rows["event"].pk).exists()


def test_an_entry_is_never_overwritten() -> None:
    factories.process()
    journey = factories.journey()

    with pytest.raises(IntegrityError, match="never overwritten"), transaction.atomic():
        Stay.objects.filter(journey=journey).update(entered_at=NOW - timedelta(days=1))


def test_a_closed_stay_is_never_changed() -> None:
    factories.process()
    journey = factories.journey()
    stays = Stay.objects.filter(journey=journey)
    stays.update(left_at=NOW, exit="advanced")

    with pytest.raises(IntegrityError, match="is closed"), transaction.atomic():
        stays.update(left_at=NOW + timedelta(days=1))


def test_a_stay_cannot_be_deleted() -> None:
    factories.process()
    journey = factories.journey()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Stay.objects.filter(journey=journey).delete()


@pytest.mark.parametrize("text", ["", "東", "東京 商事", "アオバ製作所 aoba.co.jp", "アアアア"])
def test_the_database_cuts_texts_as_the_core_does(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tasuki_grams(%s)", [text])
        pieces = cursor.fetchone()[0]

    assert sorted(set(pieces)) == grams(text)
