"""Departments that a process gives work to, though nobody is there to do it."""

from django.db.models import Q

from tasuki.core.blueprint import Blueprint
from tasuki.core.departments import Department
from tasuki.people.queries import active_people


def departments_without_people(*, blueprint: Blueprint) -> tuple[Department, ...]:
    """Return the departments with a stage and without a single active person."""
    working = {stage.department for stage in blueprint.stages}
    rows = active_people().values_list(
        "team__department", "grants__department", "grants__team__department"
    )
    somebody = {code for row in rows.filter(_anywhere()).distinct() for code in row if code}
    return tuple(each for each in Department if each in working and each.value not in somebody)


def _anywhere() -> Q:
    return (
        Q(team__department__gt="")
        | Q(grants__department__gt="")
        | Q(grants__team__department__gt="")
    )
