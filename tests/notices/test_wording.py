"""Each kind of notice is said in both languages, to its reader and to a channel."""

from typing import Any

import pytest
from django.utils import translation

from tasuki.notices.kinds import GROUP_OF, Channel, NoticeKind, SendState
from tasuki.notices.models import Notice
from tasuki.notices.wording import (
    CHANNEL_NAMES,
    GROUP_HELP,
    GROUP_NAMES,
    ICONS,
    STATE_NAMES,
    Phrases,
    Words,
    said_note,
)
from tests.journeys import factories
from tests.people.factories import make_user

FACTS: dict[str, Any] = {
    "company": "株式会社青葉",
    "by": "佐藤 花子",
    "to": "受川 円",
    "from": "渡部 渡",
    "department": "field_sales",
    "contract": "inside_sales_to_field_sales",
    "stage": "SQL",
    "due_at": "2026-11-24T06:30:00+00:00",
    "clock": "accept",
}


@pytest.fixture
def _process(db: None) -> None:
    factories.process()


def said(kind: NoticeKind, language: str, *, to_house: bool = False, **facts: Any) -> Words:
    """A notice in words."""
    user = None if to_house else make_user()
    with translation.override(language):
        return Phrases().of(Notice(kind=kind, user=user, facts=FACTS | facts))


@pytest.mark.usefixtures("_process")
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("to_house", [False, True])
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_kind_says_whom_it_is_about(
    kind: NoticeKind, language: str, *, to_house: bool
) -> None:
    words = said(kind, language, to_house=to_house)

    assert "%" not in words.title + words.detail
    assert kind is NoticeKind.TEST or "株式会社青葉" in words.title
    assert kind in ICONS
    assert GROUP_OF[kind] is None or GROUP_OF[kind] in GROUP_NAMES.keys() & GROUP_HELP.keys()


@pytest.mark.usefixtures("_process")
@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        (NoticeKind.OFFERED, {}, "インサイドセールスからフィールドセールスへ"),
        (NoticeKind.OFFERED, {}, "返答期限 2026/11/24 (火) 15:30"),
        (NoticeKind.OFFERED, {"due_at": ""}, "インサイドセールスからフィールドセールスへ"),
        (NoticeKind.RETURNED, {"reason": "need_unclear"}, ""),
        (NoticeKind.RETURNED, {"reason": "no_such", "item": "no_such"}, "no_such · 不足：no_such"),
        (NoticeKind.RETURNED, {"contract": "gone", "item": "x"}, "不足：x"),
        (NoticeKind.WITHDRAWN, {"contract": "gone"}, "gone"),
        (NoticeKind.RATED, {"rating": 4}, "役立ち度 5点中4点"),
        (NoticeKind.RATED, {}, ""),
        (NoticeKind.OVERDUE, {"clock": "contact"}, "初回連絡の期限 2026/11/24 (火) 15:30"),
        (NoticeKind.ASSIGNED, {"stage": "GONE"}, "GONE"),
    ],
)
def test_the_detail_names_codes_as_people_call_them(
    kind: NoticeKind, facts: dict[str, Any], expected: str
) -> None:
    assert expected in said(kind, "ja", **facts).detail


@pytest.mark.django_db
def test_without_a_process_codes_stand_for_themselves() -> None:
    assert said(NoticeKind.WITHDRAWN, "ja").detail == "inside_sales_to_field_sales"
    assert said(NoticeKind.RETURNED, "ja", reason="timing", item="need").detail == (
        "timing · 不足：need"
    )


@pytest.mark.django_db
def test_a_fact_that_is_missing_leaves_a_sentence() -> None:
    with translation.override("ja"):
        words = Phrases().of(Notice(kind=NoticeKind.OVERDUE, user=None, facts={"company": "甲"}))

    assert words.title == "期限超過：「甲」が担当者を待っています"


def test_every_state_and_way_has_a_name() -> None:
    assert set(STATE_NAMES) == set(SendState)
    assert set(CHANNEL_NAMES) == set(Channel)


def test_a_note_is_said_and_a_strange_one_is_shown() -> None:
    assert said_note("HTTP 500") == "HTTP 500"
    assert said_note("private") != "private"
