"""Lists as CSV: whole, safe in a spreadsheet, and no more than the role may take along."""

import csv
import io

import pytest
from django.test import Client

from tasuki.core.access import Grant, Role
from tasuki.journeys.models import Journey
from tasuki.people.models import AccountEvent
from tests.journeys import factories
from tests.people.factories import client_of, make_user
from tests.records.scenes import admin, journey_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def process() -> None:
    """The default process, published."""
    factories.process()


def rows(client: Client, path: str, encoding: str = "utf-8-sig") -> list[list[str]]:
    """The rows of a file."""
    return read(client.get(path).getvalue(), encoding)


def read(content: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    """The rows of a file's content."""
    return list(csv.reader(io.StringIO(content.decode(encoding))))


def test_all_that_match_are_written() -> None:
    journey = journey_of("株式会社青葉", temperature="hot")
    Journey.objects.filter(pk=journey.pk).update(amount_minor=1_200_000, currency="JPY")
    journey_of("桜")

    head, *found = rows(client_of(admin()), "/journeys/export/?q=青葉")

    assert len(found) == 1
    assert head[:2] == ["ID", "会社"]
    row = dict(zip(head, found[0], strict=True))
    assert (row["会社"], row["ステージ"], row["金額"]) == ("株式会社青葉", "リード", "1200000")
    assert (row["姓"], row["名"], row["温度感"]) == ("山田", "太郎", "高い")


def test_a_spreadsheet_never_computes_a_cell() -> None:
    journey_of("=cmd|' /C calc'!A0")

    found = rows(client_of(admin()), "/journeys/export/")

    assert found[1][1] == "'=cmd|' /C calc'!A0"


def test_the_older_encoding_is_a_choice() -> None:
    journey_of("青葉👍")

    found = rows(client_of(admin()), "/accounts/export/?encoding=cp932", "cp932")

    assert found[1][1] == "青葉?"
    assert rows(client_of(admin()), "/accounts/export/?encoding=nope")[1][1] == "青葉👍"


def test_people_are_written_as_the_role_sees_them() -> None:
    journey_of("青葉")

    whole = rows(client_of(admin()), "/persons/export/?q=山田")
    masked = rows(client_of(make_user(Role.EXECUTIVE)), "/persons/export/")

    assert whole[1][1:3] == ["山田", "太郎"]
    assert "yamada@aoba.example.co.jp" in whole[1]
    assert masked[1][1:3] == ["山田", ""]
    assert "yamada@aoba.example.co.jp" not in masked[1]


def test_ticked_records_only() -> None:
    first, _second = journey_of("青葉"), journey_of("桜")

    response = client_of(admin()).post("/journeys/export/", {"ids": [first.pk]})
    everything = client_of(admin()).post("/journeys/export/", {"everything": "1", "query": "q=桜"})

    assert [row[1] for row in read(response.getvalue())[1:]] == ["青葉"]
    assert [row[1] for row in read(everything.getvalue())[1:]] == ["桜"]


def test_a_member_takes_along_only_what_the_team_holds() -> None:
    member = make_user(Grant(Role.MEMBER))
    journey_of("自分の会社", member)
    journey_of("他人の会社")

    for path in ("/journeys/export/", "/accounts/export/", "/persons/export/"):
        found = rows(client_of(member), path)
        assert len(found) == 2
        assert "自分の会社" in found[1]


def test_it_is_remembered_who_took_what_along() -> None:
    first, _second = journey_of("青葉"), journey_of("桜")
    user = admin()
    browser = client_of(user)
    browser.get("/journeys/export/?q=%E9%9D%92%E8%91%89&stage=LEAD")
    browser.get("/accounts/export/?q=%00")
    browser.head("/persons/export/")
    browser.post("/journeys/export/", {"ids": [first.pk]})
    browser.post("/journeys/export/", {"everything": "1", "query": "q=桜"})

    kept = AccountEvent.objects.filter(user=user, by=user, action="exported").order_by("pk")
    assert [event.detail for event in kept] == [
        "/journeys/export/?q=青葉&stage=LEAD (1)",
        "/accounts/export/?q= (2)",
        f"/journeys/export/?ids={first.pk} (1)",
        "/journeys/export/?q=桜 (1)",
    ]
    shown = browser.get(f"/people/{user.pk}/").content.decode()
    assert "リストを書き出し: /journeys/export/?q=桜 (1)" in shown


def test_a_viewer_takes_nothing_along() -> None:
    browser = client_of(make_user(Role.VIEWER))

    for path in ("/journeys/export/", "/accounts/export/", "/persons/export/"):
        assert browser.get(path).status_code == 403


def test_the_file_speaks_the_language_of_the_page() -> None:
    journey_of("青葉")
    browser = client_of(admin())
    browser.cookies["tasuki_language"] = "en"

    head, row = rows(browser, "/journeys/export/")

    assert (head[6], row[6]) == ("Stage", "Lead")
