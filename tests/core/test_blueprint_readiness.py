"""A process in which departments divide the work goes live only with its contracts."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tasuki.core.blueprint import (
    BlueprintInvalid,
    BlueprintRule,
    Motion,
    MotionRule,
    Ownership,
    examine_blueprint,
    read_blueprint,
    readiness,
)
from tasuki.core.conditions import parse_condition
from tasuki.core.labels import Label
from tests.core.processes import EXAMPLES, THE_MODEL, the_model
from tests.core.small_process import small_process

NAME = Label("名", "Name")


@pytest.mark.parametrize("path", [THE_MODEL, *EXAMPLES], ids=lambda path: path.stem)
def test_every_blueprint_of_ours_may_go_live(path: Path) -> None:
    assert readiness(blueprint=read_blueprint(text=path.read_text("utf-8"))) == ()


def test_each_boundary_without_a_contract_is_named_with_what_to_do() -> None:
    gaps = readiness(blueprint=replace(the_model(), contracts=()))

    assert [(gap.path, gap.rule) for gap in gaps] == [("contracts", BlueprintRule.NO_CONTRACT)] * 3
    assert gaps[0].message.ja == (
        "「MQL」から「IS受諾」でマーケティングからインサイドセールスへ渡りますが、"
        "引き継ぎの取り決めがありません。渡す情報・期限・差し戻しの理由を決めてください。"
    )
    assert '"Won" to "Onboarding"' in gaps[2].message.en


def test_a_contract_from_elsewhere_does_not_close_the_boundary() -> None:
    first, *others = the_model().contracts
    elsewhere = replace(first, from_stages=("LEAD",))

    gaps = readiness(blueprint=replace(the_model(), contracts=(elsewhere, *others)))

    assert len(gaps) == 1


def test_a_contract_for_other_motions_does_not_close_the_boundary() -> None:
    first, *others = the_model().contracts
    special = replace(first, motions=("full_cycle",))

    gaps = readiness(blueprint=replace(the_model(), contracts=(special, *others)))

    assert len(gaps) == 1


@pytest.mark.parametrize("ownership", [Ownership.SINGLE, Ownership.TEAM])
def test_one_owner_throughout_needs_no_contract(ownership: Ownership) -> None:
    small = read_blueprint(text=yaml.safe_dump(small_process()))
    alone = replace(small, motions=(Motion("division", NAME, ownership),))

    assert readiness(blueprint=alone) == ()
    assert len(readiness(blueprint=small)) == 1


def test_a_motion_that_a_rule_chooses_counts() -> None:
    small = read_blueprint(text=yaml.safe_dump(small_process()))
    both = (
        Motion("division", NAME, Ownership.BY_DEPARTMENT),
        Motion("one", NAME, Ownership.SINGLE),
    )
    usual = replace(small, motions=both, default_motion="one")
    rule = MotionRule(parse_condition(text="account.is_named = true"), "division")

    assert readiness(blueprint=usual) == ()
    assert len(readiness(blueprint=replace(usual, motion_rules=(rule,)))) == 1


def test_no_stages_at_all_is_said_first() -> None:
    gaps = readiness(blueprint=replace(the_model(), stages=()))

    assert [(gap.path, gap.rule) for gap in gaps] == [("stages", BlueprintRule.MISSING)]


def test_an_unsound_text_is_read_as_far_as_it_goes() -> None:
    process = small_process() | {"label": None}

    blueprint, problems = examine_blueprint(text=yaml.safe_dump(process))

    assert [problem.path for problem in problems] == ["label"]
    assert blueprint.label == Label("", "")
    assert [stage.code for stage in blueprint.stages] == ["A", "B", "WON", "RENEW"]


def test_what_is_no_yaml_cannot_be_examined() -> None:
    with pytest.raises(BlueprintInvalid, match="YAML"):
        examine_blueprint(text="a: [")
