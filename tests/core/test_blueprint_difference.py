"""What changed between two blueprints is told part by part, in words, in both languages."""

from dataclasses import fields, replace

import pytest
import yaml

from tasuki.core.blueprint import (
    AssignmentRule,
    Blueprint,
    Contract,
    GateItem,
    Motion,
    MotionRule,
    Reason,
    ReturnRule,
    SideTrack,
    Stage,
    read_blueprint,
    write_blueprint,
)
from tasuki.core.blueprint.difference import Change, ChangeKind, differences
from tasuki.core.blueprint.outline import Part, Weight, outline
from tasuki.core.blueprint.spoken import spoken_minutes, spoken_ratio
from tasuki.core.labels import Label
from tests.core.processes import EXAMPLES, THE_MODEL, the_model
from tests.core.small_process import small_process

ALL = [read_blueprint(text=path.read_text("utf-8")) for path in (THE_MODEL, *EXAMPLES)]


def changed(old: str, new: str, *, count: int = 1) -> Blueprint:
    """The default process with some of its text replaced."""
    text = write_blueprint(blueprint=the_model())
    assert old in text
    return read_blueprint(text=text.replace(old, new, count))


def only(before: Blueprint, after: Blueprint) -> Change:
    """The one difference there is, worded in both languages."""
    found = differences(before=before, after=after)
    assert len(found) == 1
    assert found[0].label.ja
    assert found[0].label.en[0].isupper()
    return found[0]


@pytest.mark.parametrize("before", ALL, ids=lambda one: one.key)
@pytest.mark.parametrize("after", ALL, ids=lambda one: one.key)
def test_nothing_differs_exactly_when_nothing_changed(before: Blueprint, after: Blueprint) -> None:
    assert (differences(before=before, after=after) == ()) is (before == after)


@pytest.mark.parametrize("before", ALL, ids=lambda one: one.key)
@pytest.mark.parametrize("after", ALL, ids=lambda one: one.key)
def test_what_one_way_adds_the_other_way_removes(before: Blueprint, after: Blueprint) -> None:
    there = differences(before=before, after=after)
    back = differences(before=after, after=before)

    added = {change.path for change in there if change.kind is ChangeKind.ADDED}
    assert {change.path for change in back if change.kind is ChangeKind.REMOVED} == added
    assert len(there) == len(back)


def test_a_new_item_is_told_where_it_stands() -> None:
    bare = [item for item in the_model().stage("MQL").gate if item.key != "contact"]
    before = with_stage("MQL", gate=tuple(bare))

    assert only(before, the_model()) == Change(
        path="stages.MQL.gate.contact",
        kind=ChangeKind.ADDED,
        label=Label("MQL の必須項目「連絡先」を追加", 'MQL: required item "Contact details" added'),
        before=None,
        after=Label("メールアドレス・電話番号", "E-mail address, Phone number"),
        weight=Weight.RULE,
    )
    assert only(the_model(), before).kind is ChangeKind.REMOVED


def test_a_changed_figure_is_told_with_both_values() -> None:
    after = with_stage("SAO", stall_days=30, probability_ratio=0.2)

    change = only(the_model(), after)

    assert change.label == Label(
        "有効商談の停滞とみなす日数を変更", "SAO: days until stalled changed"
    )
    assert (change.before, change.after) == (Label("21日", "21 days"), Label("30日", "30 days"))


def test_a_figure_left_out_has_no_words() -> None:
    change = only(the_model(), with_stage("SAO", stall_days=None))

    assert change.after is None


def test_a_condition_is_told_in_words() -> None:
    entered = changed("- code: SAO", "- code: SAO\n  entry: account.employees >= 300")

    change = only(the_model(), entered)

    assert change.after == Label("従業員数が300以上である", "Employees is at least 300")
    assert change.before is None


def test_codes_differ_though_their_names_are_equal() -> None:
    before = changed("code: drafting", "code: written")

    assert only(before, the_model()).path == "stages.O4.gate.approval_status.choices"


def test_a_renamed_reason_is_only_wording() -> None:
    after = changed("{ja: 時期が合わない, en: Wrong time}", "{ja: 時期尚早, en: Too early}")

    change = only(the_model(), after)

    assert change.path == "sides.RECYCLE.reasons.timing.label"
    assert change.weight is Weight.WORDING
    assert change.label.ja == "育成戻しの理由「時期尚早」の名前を変更"


def test_a_new_name_changes_only_what_bears_it() -> None:
    label = Label("有望リード", "Hot lead")

    assert only(the_model(), with_stage("MQL", label=label)).path == "stages.MQL.label"


def test_a_new_order_is_one_change() -> None:
    stages = list(the_model().stages)
    stages[6], stages[7] = stages[7], stages[6]
    swapped = tuple(replace(stage, position=index) for index, stage in enumerate(stages))

    change = only(the_model(), replace(the_model(), stages=swapped))

    assert (change.path, change.label.ja, change.weight) == (
        "stages",
        "ステージの順序を変更",
        Weight.COURSE,
    )
    assert "提案・決裁プロセス確認" in (change.before or Label("", "")).ja
    assert "決裁プロセス確認・提案" in (change.after or Label("", "")).ja


def test_a_new_order_of_items_names_its_stage() -> None:
    stage = the_model().stage("O2")

    change = only(the_model(), with_stage("O2", gate=stage.gate[::-1]))

    assert change.label == Label("提案の項目の順序を変更", "Proposal: order of items changed")
    assert change.weight is Weight.WORDING


def test_a_contract_is_told_with_its_deadlines() -> None:
    contract = the_model().contracts[0]
    due = replace(contract.deadlines, accept=45)
    after = replace(
        the_model(),
        contracts=(replace(contract, deadlines=due), *the_model().contracts[1:]),
    )

    change = only(the_model(), after)

    assert change.path == f"contracts.{contract.key}.accept"
    assert change.label.ja == f"引き継ぎ「{contract.label.ja}」の受諾の期限を変更"
    assert change.after == Label("45分", "45 minutes")


def test_an_assignment_rule_is_told_with_its_people() -> None:
    rule = the_model().assignment[0]
    narrow = replace(rule, team="西日本", people=("a@example.jp", "b@example.jp"))
    after = replace(the_model(), assignment=(narrow, *the_model().assignment[1:]))

    told = [(one.path, one.after) for one in differences(before=the_model(), after=after)]

    assert told == [
        (f"assignment.{rule.key}.team", Label("西日本", "西日本")),
        (
            f"assignment.{rule.key}.people",
            Label("a@example.jp・b@example.jp", "a@example.jp, b@example.jp"),
        ),
    ]


def test_the_whole_has_a_name_of_its_own() -> None:
    after = replace(the_model(), label=Label("私たちの型", "Our way"))

    change = only(the_model(), after)

    assert change.label == Label("全体の名前を変更", "Whole process: name changed")


def test_an_unsound_process_is_compared_too() -> None:
    small = read_blueprint(text=yaml.safe_dump(small_process()))
    stage = replace(small.stages[0], code="", direct_from=("NOWHERE",))
    gone = replace(small, stages=(stage, *small.stages[1:]), default_motion="none")

    found = differences(before=small, after=gone)

    assert [(change.path, change.kind.value) for change in found] == [
        ("default_motion", "changed"),
        ("stages.", "added"),
        ("stages.A", "removed"),
    ]


@pytest.mark.parametrize(
    ("minutes", "ja", "en"),
    [
        (0, "すぐに", "at once"),
        (1, "1分", "1 minute"),
        (90, "1時間30分", "1 hour 30 minutes"),
        (480, "1営業日", "1 business day"),
        (1000, "2営業日40分", "2 business days 40 minutes"),
    ],
)
def test_minutes_are_said_as_people_count_them(minutes: int, ja: str, en: str) -> None:
    assert spoken_minutes(minutes) == Label(ja, en)


def test_no_deadline_is_not_said() -> None:
    assert spoken_minutes(None) is None


def test_a_share_keeps_its_digits() -> None:
    assert spoken_ratio(0.125) == Label("12.5%", "12.5%")
    assert spoken_ratio(0.29) == Label("29%", "29%")


def test_every_kind_and_weight_has_a_name() -> None:
    assert all(one.label.ja and one.label.en for one in (*ChangeKind, *Weight))


def listed(list_key: str) -> Part:
    """The first part of a list of the default process."""
    return next(part for part in outline(blueprint=the_model()).parts if part.list_key == list_key)


def with_stage(code: str, **fields: object) -> Blueprint:
    """The default process with one stage changed."""
    return replace(
        the_model(),
        stages=tuple(
            replace(stage, **fields) if stage.code == code else stage  # type: ignore[arg-type]
            for stage in the_model().stages
        ),
    )


_NOT_TRAITS = {"position", "gate", "items", "reasons", "deadlines", "alternatives", "field"}


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (Stage, outline(blueprint=the_model()).parts[0]),
        (GateItem, outline(blueprint=the_model()).parts[1].parts[0]),
        (Reason, listed("sides").parts[0]),
        (SideTrack, listed("sides")),
        (ReturnRule, listed("returns")),
        (Motion, listed("motions")),
        (MotionRule, listed("motion_rules")),
        (Contract, listed("contracts")),
        (AssignmentRule, listed("assignment")),
    ],
)
def test_whatever_a_part_says_is_told(kind: type, part: Part) -> None:
    told = {trait.key for trait in part.traits} | {"code", "key", "when", "giver", "taker"}

    assert {field.name for field in fields(kind)} - told - _NOT_TRAITS == set()
