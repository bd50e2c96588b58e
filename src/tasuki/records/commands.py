"""What the command palette can do besides finding records: places to go and acts to begin.

Data: a command shows when its address exists and the person holds its right. Keywords are what
people type, in both languages; they are searched, never shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.core.access import Access, Capability
from tasuki.core.names import search_text
from tasuki.journeys.queries.search import search_words
from tasuki.ui.navigation import resolve


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do or place to go."""

    label: str | Promise
    keywords: str
    url_name: str
    icon: str
    needs: Capability | None = None
    query: str = ""


@dataclass(frozen=True, slots=True)
class CommandLink:
    """A command that this person can use."""

    label: str
    url: str
    icon: str


COMMANDS: Final = (
    Command(
        _("Advance a journey"),
        "商談を進める すすめる 前へ advance move next stage",
        "records:journeys",
        "arrow-right",
        Capability.WORK_JOURNEYS,
        "owner=me&state=open&sort=next_action_date",
    ),
    Command(
        _("Add a journey"),
        "商談を追加 案件 リード 新規 つくる 作成 add new journey lead deal",
        "records:journey_new",
        "plus",
        Capability.WORK_JOURNEYS,
    ),
    Command(
        _("Add an account"),
        "取引先を追加 会社 企業 新規 作成 add new account company",
        "records:account_new",
        "building-2",
        Capability.WORK_JOURNEYS,
    ),
    Command(
        _("Add a contact"),
        "担当者を追加 人 新規 作成 add new contact person",
        "records:person_new",
        "user-round",
        Capability.WORK_JOURNEYS,
    ),
    Command(
        _("My overdue next actions"),
        "期限切れ おくれ 遅れ 自分 overdue late mine",
        "records:journeys",
        "alarm-clock",
        Capability.SEE_JOURNEYS,
        "owner=me&next_action=overdue&sort=next_action_date",
    ),
    Command(
        _("Stalled journeys"),
        "停滞 とまっている stalled stuck",
        "records:journeys",
        "hourglass",
        Capability.SEE_JOURNEYS,
        "stalled=yes&sort=entered_at",
    ),
    Command(_("Course"), "コース 全体 流れ 残高 ボトルネック course flow", "dashboards:course",
            "waypoints", Capability.SEE_FIGURES),
    Command(_("Journeys"), "ジャーニー 一覧 商談 案件 journeys list", "records:journeys",
            "route", Capability.SEE_JOURNEYS),
    Command(_("Accounts"), "取引先企業 会社 一覧 accounts companies list", "records:accounts",
            "building-2", Capability.SEE_JOURNEYS),
    Command(_("Contacts"), "担当者 人 一覧 contacts people list", "records:persons", "users",
            Capability.SEE_JOURNEYS),
    Command(_("Import"), "取り込み インポート csv excel import upload", "connect:imports",
            "import", Capability.IMPORT),
    Command(_("Duplicates"), "重複 名寄せ 統合 duplicates merge", "connect:duplicates",
            "git-merge", Capability.MERGE),
    Command(_("People and teams"), "ユーザー 社員 チーム 権限 招待 people users teams roles",
            "workspace:people", "user-cog", Capability.MANAGE_PEOPLE),
    Command(_("Working time"), "勤務時間 休日 holidays", "workspace:working_time",
            "calendar-clock", Capability.MANAGE_WORKING_TIME),
    Command(_("My settings"), "設定 パスワード 言語 自分 settings password language",
            "workspace:me", "settings"),
)  # fmt: skip


def commands_for(*, text: str, access: Access, limit: int) -> list[CommandLink]:
    """Return the commands whose label or keywords hold every word; all for an empty query."""
    words = search_words(text)
    found = (link for command in COMMANDS if (link := _link(command, words, access)))
    return list(_first(found, limit))


def _link(command: Command, words: tuple[str, ...], access: Access) -> CommandLink | None:
    if command.needs is not None and not access.allows(command.needs):
        return None
    sought = search_text(str(command.label), *command.keywords.split())
    if not all(word in sought for word in words):
        return None
    path = resolve(command.url_name)
    if path is None:
        return None
    url = f"{path}?{command.query}" if command.query else path
    return CommandLink(str(command.label), url, command.icon)


def _first(links: Iterator[CommandLink], limit: int) -> Iterator[CommandLink]:
    for _number, link in zip(range(limit), links, strict=False):
        yield link
