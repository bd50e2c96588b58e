"""Only what says something counts: no dashes, no filler, no text pasted twice."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.blueprint import GateItem
from tasuki.core.conditions import Choice, FieldKind
from tasuki.core.handoffs import (
    ContentState,
    completeness_ratio,
    judge_content,
    lacking,
    says_something,
    snapshot,
)
from tasuki.core.labels import Label

S = ContentState
NAME = Label("名前", "Name")
YES = Choice("yes", NAME)


def item(
    key: str = "need",
    kind: FieldKind = FieldKind.TEXT,
    *,
    field: str = "",
    alternatives: tuple[str, ...] = (),
    choices: tuple[Choice, ...] = (),
    required: bool = True,
) -> GateItem:
    return GateItem(
        key=key,
        field=field or f"answers.{key}",
        label=NAME,
        kind=kind,
        alternatives=alternatives,
        choices=choices,
        required=required,
    )


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "ー", "…", "。。。", "x", "あ", "ああああ", "111", "なし", "なし。", "ナシ？",
        "特になし", "該当 なし", "test", "ＴＥＳＴ", "TBD", "n/a", "N.A.", "- none -", "ok", "Asdf",
    ],
)  # fmt: skip
def test_filler_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize(
    "text", ["月末の請求に三日かかる", "部長", "A社", "12", "予算なし", "okinawa"]
)
def test_a_short_answer_may_still_say_something(text: str) -> None:
    assert says_something(text)


@given(st.text(alphabet="-_.,、。 　！？・/\\", max_size=20))
def test_no_punctuation_ever_says_anything(text: str) -> None:
    assert not says_something(text)


FACTS = [
    (item(), {}, S.MISSING),
    (item(), {"answers.need": ""}, S.MISSING),
    (item(), {"answers.need": "-"}, S.FILLER),
    (item(), {"answers.need": "残業が多い"}, S.REAL),
    (item(kind=FieldKind.FLAG), {"answers.need": False}, S.MISSING),
    (item(kind=FieldKind.FLAG), {"answers.need": True}, S.REAL),
    (item(kind=FieldKind.NUMBER), {"answers.need": 0}, S.REAL),
    (item(kind=FieldKind.TEXT), {"answers.need": 7}, S.REAL),
    (item(kind=FieldKind.DATE), {"answers.need": "2026-04-01"}, S.REAL),
    (item(kind=FieldKind.CHOICE, choices=(YES,)), {"answers.need": "yes"}, S.REAL),
    (item(kind=FieldKind.CHOICE, choices=(YES,)), {"answers.need": "gone"}, S.MISSING),
    (item(kind=FieldKind.CHOICE, field="journey.fit"), {"journey.fit": "A"}, S.REAL),
]


@pytest.mark.parametrize(("asked", "facts", "state"), FACTS)
def test_what_an_item_holds(asked: GateItem, facts: dict[str, object], state: S) -> None:
    (entry,) = judge_content(items=[asked], facts=facts)

    assert entry.state is state
    assert entry.counts is (state is S.REAL)
    assert state.label.ja
    assert state.label.en


CONTACT = item("contact", field="person.email", alternatives=("person.phone", "answers.other"))
WAYS = [
    ({"person.email": "a@example.jp", "person.phone": "03"}, "person.email", S.REAL),
    ({"person.phone": "03-1234-5678"}, "person.phone", S.REAL),
    ({"person.email": "-", "person.phone": "03-1234-5678"}, "person.phone", S.REAL),
    ({"person.phone": "-"}, "person.phone", S.FILLER),
    ({}, "person.email", S.MISSING),
]


@pytest.mark.parametrize(("facts", "field", "state"), WAYS)
def test_any_of_the_alternatives_answers(facts: dict[str, object], field: str, state: S) -> None:
    (entry,) = judge_content(items=[CONTACT], facts=facts)

    assert (entry.field, entry.state) == (field, state)


def test_the_later_of_two_equal_texts_is_the_copy() -> None:
    facts = {
        "answers.need": "残業が多い",
        "answers.why": " 残業が、多い。",
        "answers.who": "経理部",
    }

    content = judge_content(items=[item("need"), item("why"), item("who")], facts=facts)

    assert [(one.state, one.same_as) for one in content] == [
        (S.REAL, None),
        (S.COPIED, "need"),
        (S.REAL, None),
    ]


def test_equal_codes_and_addresses_are_no_copies() -> None:
    asked = [
        item("budget", FieldKind.CHOICE, choices=(YES,)),
        item("consent", FieldKind.CHOICE, choices=(YES,)),
        item("mail", field="person.email"),
        item("again", field="person.email"),
    ]
    facts = {"answers.budget": "yes", "answers.consent": "yes", "person.email": "a@example.jp"}

    assert all(entry.counts for entry in judge_content(items=asked, facts=facts))


def test_completeness_is_the_part_of_the_required_items_that_counts() -> None:
    asked = [item("a"), item("b"), item("c"), item("d", required=False)]
    content = judge_content(
        items=asked, facts={"answers.a": "残業", "answers.b": "-", "answers.d": "競合"}
    )

    assert completeness_ratio(content) == pytest.approx(1 / 3)
    assert [entry.item.key for entry in lacking(content)] == ["b", "c"]


@pytest.mark.parametrize("asked", [[], [item(required=False)]])
def test_nothing_required_is_complete(asked: list[GateItem]) -> None:
    content = judge_content(items=asked, facts={})

    assert completeness_ratio(content) == 1.0
    assert lacking(content) == ()


def test_a_snapshot_keeps_json_values_by_item_key() -> None:
    asked = [item("day", FieldKind.DATE), item("at", FieldKind.DATETIME), item("n"), item("none")]
    facts: dict[str, object] = {
        "answers.day": date(2026, 4, 1),
        "answers.at": datetime(2026, 4, 1, 3, tzinfo=UTC),
        "answers.n": "残業",
    }

    assert snapshot(judge_content(items=asked, facts=facts)) == {
        "day": "2026-04-01",
        "at": "2026-04-01T03:00:00+00:00",
        "n": "残業",
    }
