"""Invented records for the style guide: every component in every state, in both languages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.core.lifecycle.types import Exit
from tasuki.core.money import Money
from tasuki.ui.formats import TOKYO
from tasuki.ui.ribbon import RibbonRow, RibbonSegment, lay_out

_STAGES: Final = {
    "LEAD": (Label("リード", "Lead"), Department.MARKETING),
    "MQL": (Label("MQL", "MQL"), Department.MARKETING),
    "SAL": (Label("IS受諾", "Accepted by IS"), Department.INSIDE_SALES),
    "SQL": (Label("商談化", "SQL"), Department.INSIDE_SALES),
    "SAO": (Label("有効商談", "Accepted deal"), Department.FIELD_SALES),
    "O1": (Label("課題合意", "Issue agreed"), Department.FIELD_SALES),
    "O2": (Label("提案", "Proposal"), Department.FIELD_SALES),
    "WON": (Label("受注", "Won"), Department.FIELD_SALES),
    "ONB": (Label("オンボーディング", "Onboarding"), Department.SUCCESS),
    "RECYCLE": (Label("育成戻し", "Recycled"), Department.MARKETING),
    "LOST": (Label("失注", "Lost"), None),
}
_SIDE_TRACKS: Final = frozenset({"RECYCLE", "LOST"})

_WON: Final = (
    ("LEAD", 6, "佐藤 美咲", Exit.ADVANCED),
    ("MQL", 2, "佐藤 美咲", Exit.ADVANCED),
    ("SAL", 1, "田中 翔", Exit.ADVANCED),
    ("SQL", 9, "田中 翔", Exit.ADVANCED),
    ("SAO", 12, "鈴木 健一", Exit.RETURNED),
    ("SQL", 5, "田中 翔", Exit.ADVANCED),
    ("SAO", 7, "鈴木 健一", Exit.ADVANCED),
    ("O1", 21, "鈴木 健一", Exit.ADVANCED),
    ("O2", 18, "鈴木 健一", Exit.ADVANCED),
    ("WON", 2, "鈴木 健一", Exit.ADVANCED),
    ("ONB", 14, "高橋 由美", None),
)
_RECYCLED: Final = (
    ("LEAD", 3, "佐藤 美咲", Exit.ADVANCED, 1),
    ("MQL", 1, "佐藤 美咲", Exit.ADVANCED, 1),
    ("SAL", 8, "田中 翔", Exit.RECYCLED, 1),
    ("RECYCLE", 92, "佐藤 美咲", Exit.REACTIVATED, 1),
    ("MQL", 2, "佐藤 美咲", Exit.ADVANCED, 2),
    ("SAL", 1, "渡辺 蓮", Exit.ADVANCED, 2),
    ("SQL", 16, "渡辺 蓮", None, 2),
)
_LOST: Final = (
    ("LEAD", 4, "佐藤 美咲", Exit.ADVANCED),
    ("MQL", 3, "佐藤 美咲", Exit.ADVANCED),
    ("SAL", 2, "田中 翔", Exit.ADVANCED),
    ("SQL", 11, "田中 翔", Exit.ADVANCED),
    ("SAO", 33, "鈴木 健一", Exit.LOST),
    ("LOST", 20, "", None),
)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A row of the sample list."""

    key: int
    name: str
    contact: str
    stage: Label
    department: Department | None
    owner: str
    amount: Money | None
    next_date: date | None
    ribbon: tuple[RibbonRow, ...]
    is_late: bool = False


def samples(*, now: datetime) -> dict[str, Any]:
    """Return the context of the style guide's templates."""
    today = now.astimezone(TOKYO).date()
    return {
        "departments": tuple(Department),
        "ribbons": _ribbons(now),
        "short_stays": lay_out(_many_stays(now), now=now),
        "sample_rows": _rows(now),
        "stages": [(label, department) for label, department in _STAGES.values()],
        "today": today,
        "amounts": [Money(980, "JPY"), Money(3_500_000, "JPY"), Money(123_456_789, "JPY")],
        "durations": [timedelta(minutes=135), timedelta(days=1, hours=4), timedelta(days=64)],
        "days_ago": [now - timedelta(minutes=20), now - timedelta(days=3), now + timedelta(days=2)],
        "week_ago": now - timedelta(days=7),
        "options": [("a", _("Trade fair")), ("b", _("Web form")), ("c", _("Referral"))],
        "parts": PARTS,
        "companies": COMPANIES,
    }


PARTS: Final = (
    ("foundations", _("Foundations")),
    ("controls", _("Buttons and menus")),
    ("forms", _("Forms")),
    ("figures", _("Figures and facts")),
    ("lists", _("Lists")),
    ("process", _("Process")),
    ("feedback", _("Feedback")),
    ("overlays", _("Dialogs and commands")),
)

COMPANIES: Final = (
    "青葉精機株式会社",
    "株式会社みなと物流",
    "北斗電子工業株式会社",
    "さくら食品株式会社",
)

_ANSWERS: Final = {
    "companies": "ui/styleguide/answer_companies.html",
    "palette": "ui/styleguide/answer_palette.html",
    "sheet": "ui/styleguide/answer_sheet.html",
}


def sample_answer(part: str) -> str | None:
    """Return the template that answers a live sample, None when there is no such sample."""
    return _ANSWERS.get(part)


def _ribbons(now: datetime) -> dict[str, tuple[RibbonRow, ...]]:
    return {
        "won": lay_out(_segments([(*stay, 1) for stay in _WON], now), now=now),
        "recycled": lay_out(_segments(list(_RECYCLED), now), now=now),
        "lost": lay_out(_segments([(*stay, 1) for stay in _LOST], now), now=now),
    }


def _segments(
    stays: list[tuple[str, int, str, Exit | None, int]], now: datetime
) -> list[RibbonSegment]:
    started = now - timedelta(days=sum(days for _stage, days, _who, _exit, _cycle in stays))
    segments = []
    for stage, days, holder, exit_, cycle in stays:
        label, department = _STAGES[stage]
        ended = started + timedelta(days=days)
        segments.append(
            RibbonSegment(
                stage=stage,
                label=label,
                department=department,
                started_at=started,
                ended_at=ended if exit_ else None,
                exit=exit_,
                holder=holder,
                cycle=cycle,
                href="#ribbon",
                is_breach=exit_ is None and days == 16,
                is_side_track=stage in _SIDE_TRACKS,
            )
        )
        started = ended
    return segments


def _many_stays(now: datetime) -> list[RibbonSegment]:
    bounce = [("SAL", 1, "田中 翔", Exit.ADVANCED, 1), ("SQL", 1, "田中 翔", Exit.RETURNED, 1)]
    return _segments([*bounce * 9, ("SAL", 40, "田中 翔", None, 1)], now)


def _rows(now: datetime) -> list[SampleRow]:
    ribbons = _ribbons(now)
    return [
        SampleRow(
            key=index,
            name=name,
            contact=contact,
            stage=_STAGES[stage][0],
            department=_STAGES[stage][1],
            owner=owner,
            amount=amount,
            next_date=now.date() + timedelta(days=days) if days is not None else None,
            ribbon=ribbons[ribbon],
            is_late=days is not None and days < 0,
        )
        for index, (name, contact, stage, owner, amount, days, ribbon) in enumerate(
            (
                (COMPANIES[0], "伊藤 誠", "ONB", "高橋 由美", Money(4_800_000, "JPY"), 2, "won"),
                (
                    COMPANIES[1],
                    "山本 彩",
                    "SQL",
                    "渡辺 蓮",
                    Money(1_200_000, "JPY"),
                    -3,
                    "recycled",
                ),
                (COMPANIES[2], "中村 大輔", "LOST", "", Money(7_500_000, "JPY"), None, "lost"),
                (COMPANIES[3], "小林 恵", "MQL", "佐藤 美咲", None, 5, "recycled"),
            ),
            start=1,
        )
    ]
