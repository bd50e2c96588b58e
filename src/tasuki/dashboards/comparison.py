"""The four figures at the head of the course, each with its counter-metric."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.analytics.course import Course, Selection, StageFigures
from tasuki.analytics.course import records as behind
from tasuki.analytics.course.values import ratio
from tasuki.core.blueprint import JourneyKind
from tasuki.core.lifecycle import Exit
from tasuki.core.money import Money
from tasuki.ui import formats

ASIDE = (Exit.RECYCLED, Exit.DISQUALIFIED, Exit.LOST, Exit.CHURNED)
REVIVED = (Exit.REACTIVATED, Exit.WON_BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One figure, how it is counted, and the one that shows when it is being gamed."""

    key: str
    name: Promise
    value: str
    definition: Promise
    basis: Promise
    change: tuple[str, str] | None
    counter: tuple[Promise, str]
    selection: Selection | None


def headlines(*, course: Course, before: Course | None, language: str) -> tuple[Headline, ...]:
    """This will return what began, was won, left the way, and is open, with changes."""
    return (
        _began(course, before),
        _won(course, before),
        _left(course, before),
        _pipeline(course, before, language),
    )


def _began(course: Course, before: Course | None) -> Headline:
    count = sum(stage.began for stage in _main(course))
    first = next((stage for stage in _main(course) if stage.began), None)
    return Headline(
        key="began",
        name=_("New journeys"),
        value=formats.format_number(count),
        definition=_("Journeys that began, at whatever stage."),
        basis=_("Counted in the period"),
        change=_change(count, sum(stage.began for stage in _main(before)) if before else None),
        counter=(
            _("Gone on from the first stage"),
            formats.format_ratio(first.cohort.advanced_ratio if first else None),
        ),
        selection=behind.began_in("", course.query.period) if _no_children(course) else None,
    )


def _won(course: Course, before: Course | None) -> Headline:
    count = _entered_winning(course)
    churned = _exits(course, (Exit.CHURNED,))
    return Headline(
        key="won",
        name=_("Won"),
        value=formats.format_number(count),
        definition=_("Entries into the stage that is the contract."),
        basis=_("Counted in the period"),
        change=_change(count, _entered_winning(before) if before else None),
        counter=(_("Customers churned"), formats.format_number(churned)),
        selection=behind.entered_in(code, course.query.period)
        if (code := _winning_code(course))
        else None,
    )


def _left(course: Course, before: Course | None) -> Headline:
    count, revived = _exits(course, ASIDE), _exits(course, REVIVED)
    return Headline(
        key="aside",
        name=_("Left the way"),
        value=formats.format_number(count),
        definition=_("Stays that ended on a side track: recycled, disqualified, lost, churned."),
        basis=_("Counted in the period"),
        change=_change(count, _exits(before, ASIDE) if before else None),
        counter=(_("Taken up again from there"), formats.format_number(revived)),
        selection=behind.left_in("", course.query.period, ASIDE),
    )


def _pipeline(course: Course, before: Course | None, language: str) -> Headline:
    minor, unpriced = _open_amount(course)
    return Headline(
        key="pipeline",
        name=_("Open pipeline"),
        value=formats.format_money_short(Money(minor, course.currency), language=language),
        definition=_("Deal amounts of journeys that rest before the contract."),
        basis=_("As of the end of the period"),
        change=_change(minor, _open_amount(before)[0] if before else None),
        counter=(_("Deals without an amount"), formats.format_ratio(unpriced)),
        selection=None,
    )


def _main(course: Course) -> list[StageFigures]:
    return [stage for stage in course.stages if not stage.is_side and stage.line is JourneyKind.NEW]


def _no_children(course: Course) -> bool:
    """Whether nothing but new business began, so that one list shows all that did."""
    others = (stage.began for stage in course.stages if stage not in _main(course))
    return not any(others)


def _winning_code(course: Course) -> str:
    return course.blueprint.winning_stage


def _entered_winning(course: Course) -> int:
    code = _winning_code(course)
    return course.stage(code).entered if code else 0


def _open_amount(course: Course) -> tuple[int, float | None]:
    """Return the open amount before the contract and the share of deals without one.

    A deal is what the department of the contract holds: before that, nobody expects an amount.
    """
    code = _winning_code(course)
    before_contract = []
    for stage in _main(course):
        if stage.code == code:
            break
        before_contract.append(stage)
    seller = course.stage(code).department if code else None
    deals = [stage for stage in before_contract if stage.department is seller]
    resting = sum(stage.open for stage in deals)
    priced = sum(stage.priced for stage in deals)
    return (
        sum(stage.pipeline_minor for stage in before_contract),
        ratio(resting - priced, resting),
    )


def _exits(course: Course, ways: tuple[Exit, ...]) -> int:
    return sum(stage.exits.get(way, 0) for stage in course.stages for way in ways)


def _change(now: int, before: int | None) -> tuple[str, str] | None:
    if before is None:
        return None
    if not before:
        return ("flat", "–") if now == before else ("up", f"+{formats.format_number(now)}")
    share = (now - before) / before
    direction = "up" if share > 0 else "down" if share < 0 else "flat"
    return direction, f"{'+' if share > 0 else ''}{formats.format_ratio(share)}"
