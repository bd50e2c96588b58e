"""The motion decides who owns; gates know what an answer is."""

from datetime import date

import pytest

from tasuki.core.blueprint import GateItem
from tasuki.core.conditions import FieldKind
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.core.lifecycle import KeepsOwner, NeedsOwner, is_answered, motion_for, owner_after
from tests.core.processes import the_model

TODAY = date(2026, 4, 1)
IS, FS, CS = Department.INSIDE_SALES, Department.FIELD_SALES, Department.SUCCESS

OWNERS = [
    ("division", "SAL", "SQL", 7, None, KeepsOwner(7, None)),
    ("division", "SQL", "SAO", 7, 3, NeedsOwner(FS, None)),
    ("division", "SAL", "SQL", None, None, NeedsOwner(IS, None)),
    ("division", None, "SAL", 7, None, KeepsOwner(7, None)),
    ("division", "SQL", "RECYCLE", 7, None, NeedsOwner(Department.MARKETING, None)),
    ("full_cycle", "SQL", "SAO", 7, None, KeepsOwner(7, None)),
    ("full_cycle", "WON", "ONB", None, 3, NeedsOwner(CS, 3)),
    ("abm", "SQL", "SAO", 7, 3, NeedsOwner(FS, 3)),
    ("abm", "O1", "O2", 7, 3, KeepsOwner(7, 3)),
    ("abm", "O1", "O2", None, 3, NeedsOwner(FS, 3)),
]


@pytest.mark.parametrize(("motion", "from_stage", "to_stage", "owner", "team", "after"), OWNERS)
def test_the_motion_decides_who_owns(
    motion: str,
    from_stage: str | None,
    to_stage: str,
    owner: int | None,
    team: int | None,
    after: KeepsOwner | NeedsOwner,
) -> None:
    found = owner_after(
        blueprint=the_model(),
        motion=motion,
        held_by=None if from_stage is None else the_model().department_of(from_stage),
        to_stage=to_stage,
        owner=owner,
        team=team,
    )

    assert found == after


def test_an_unknown_motion_is_an_error() -> None:
    with pytest.raises(KeyError):
        owner_after(
            blueprint=the_model(),
            motion="gone",
            held_by=None,
            to_stage="LEAD",
            owner=1,
            team=None,
        )


@pytest.mark.parametrize(("is_named", "motion"), [(True, "abm"), (False, "division")])
def test_hybrid_chooses_by_the_account(*, is_named: bool, motion: str) -> None:
    facts = {"account.is_named": is_named}

    assert motion_for(blueprint=the_model(), facts=facts, today=TODAY) == motion


ANSWERS = [
    (FieldKind.TEXT, "課題", True),
    (FieldKind.TEXT, "3", True),
    (FieldKind.TEXT, " 　", False),
    (FieldKind.TEXT, "--", False),
    (FieldKind.TEXT, None, False),
    (FieldKind.FLAG, True, True),
    (FieldKind.FLAG, False, False),
    (FieldKind.FLAG, "true", False),
    (FieldKind.MONEY, 0, True),
    (FieldKind.DATE, TODAY, True),
    (FieldKind.DATE, "2026-04-01", True),
]


@pytest.mark.parametrize(("kind", "value", "answered"), ANSWERS)
def test_only_a_real_answer_counts(*, kind: FieldKind, value: object, answered: bool) -> None:
    item = GateItem(key="x", field="answers.x", label=Label("項目", "Item"), kind=kind)

    assert is_answered(item=item, facts={"answers.x": value}) is answered
