"""A draft may hold any text: every page answers, and what can be put right by a form is."""

import pytest

from tasuki.blueprint.sheet import NoSuchPart, Sheet
from tests.blueprint.scenes import begin, keeper
from tests.journeys.factories import process

ODD = (
    "",
    "[]",
    "1",
    "stages: 5\nsides: {a: 1}\ncontracts: [1, [2], null]\nkey: [x]\nlabel: text",
    "stages:\n- code: A\n  gate: 3\n- code: A\n  gate: [1, {key: k, field: 7}]\n- null",
    "stages:\n- {code: A, label: {ja: 3, en: [x]}, direct_from: B, entry: {a: b}, wins: maybe}",
    "contracts:\n- {key: c, deadlines: 4h, items: [{required: 9}], reasons: {a: b}, motions: [1]}",
    "stages: &s\n- {code: A}\nsides: *s\nreturns: *s",
    "sides:\n- {reasons: [1, {code: 2, label: x}]}\nassignment:\n- {people: a, when: 'x ='}",
    "a: 2026-01-01\nb: !!binary aGk=\n1: x",
    "a: !!python/object:os.system x",
    "key: 2026-99-99",
)
PAGES = (
    *("", "text/", "changes/", "whole/", "stages/0/", "stages/1/", "stages/1/items/0/"),
    *("stages/0/items/0/", "sides/0/", "contracts/0/", "contracts/0/items/0/", "assignment/0/"),
    *("returns/0/", "motions/0/", "motion_rules/0/", "condition/?entry=a+%3D+1"),
)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ODD)
def test_every_page_answers_whatever_the_text(text: str) -> None:
    process()
    client = keeper()
    draft = begin(client)
    base = f"/process/drafts/{draft.pk}/"
    assert client.post(f"{base}text/", {"text": text, "revision": 1}).status_code == 302
    for page in PAGES:
        assert client.get(base + page).status_code in (200, 302, 404), page
    for page in PAGES[3:-1]:
        draft.refresh_from_db()
        data = {"revision": draft.revision, "code": "A", "label_ja": "あ", "accept_hours": "4"}
        assert client.post(base + page, data).status_code in (302, 404), page
        for verb in ("up", "remove"):
            data = {"revision": draft.revision, "verb": verb}
            assert client.post(f"{base}{page}order/", data).status_code in (302, 404), page
    assert client.get(base).status_code == 200
    assert client.post(f"{base}publish/", {"note": "x", "revision": "1"}).status_code == 409


@pytest.mark.django_db
def test_a_text_that_nests_too_deeply_is_only_text() -> None:
    process()
    client = keeper()
    draft = begin(client)
    base = f"/process/drafts/{draft.pk}/"
    deep = "[" * 2_000 + "]" * 2_000
    assert client.post(f"{base}text/", {"text": deep, "revision": 1}).status_code == 302
    assert client.get(base).status_code == 200
    assert client.get(f"{base}stages/0/").headers["Location"] == f"{base}text/"


def test_parts_written_once_and_used_twice_are_told_apart() -> None:
    sheet = Sheet("a: &x [{code: one}]\nb: *x\n")
    sheet.put(("a",), 0, {"code": "two"})
    assert sheet.tree == {"a": [{"code": "two"}], "b": [{"code": "one"}]}
    assert "&" not in sheet.text


def test_labels_stand_on_one_line() -> None:
    assert Sheet("a:\n  ja: あ\n  en: a\nb:\n  ja: い\n  x: 1\n").text == (
        "a: {ja: あ, en: a}\nb:\n  ja: い\n  x: 1\n"
    )


def test_what_is_not_there_cannot_be_changed() -> None:
    sheet = Sheet("a: [{code: one}]\nb: 5\n")
    for act in (
        lambda: sheet.entry(("a",), 2),
        lambda: sheet.put(("a",), 2, {}),
        lambda: sheet.put(("b", 0, "items"), 0, {}),
        lambda: sheet.put(("a", 4, "items"), 0, {}),
        lambda: sheet.remove(("a",), 1),
        lambda: sheet.move(("a",), 1, 1),
    ):
        with pytest.raises(NoSuchPart):
            act()
    sheet.put(("c",), 0, {"code": "first"})
    sheet.move(("c",), 0, 1)
    assert sheet.entries("c") == [{"code": "first"}]
    assert sheet.entries("b", "x") == []
