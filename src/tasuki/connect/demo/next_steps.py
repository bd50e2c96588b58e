"""What is planned next on every open journey; some of it is overdue, as in life."""

from datetime import timedelta
from random import Random
from typing import Final

from tasuki.connect.demo.clock import OfficeClock, is_working_day
from tasuki.connect.demo.telling import Telling
from tasuki.core.blueprint import StageKind
from tasuki.journeys.operations.facts import NextAction

STEPS: Final = {
    "LEAD": ("お役立ち資料を送る", "セミナーに招待する", "事例メールを送る"),
    "MQL": ("インサイドセールスに渡す", "行動履歴を確認して渡す"),
    "SAL": ("初回架電", "再架電", "不在のためメールを送る", "課題のヒアリング"),
    "SQL": ("商談の日程を確定する", "商談前の確認メール", "事前資料を送る"),
    "SAO": ("課題の整理を送る", "次回商談の準備", "関係者の紹介を依頼する"),
    "O1": ("デモの準備", "提案書の作成", "現場の方へのヒアリング"),
    "O2": ("見積りの説明", "提案内容の確認", "比較表を送る"),
    "O3": ("決裁者との面談", "稟議資料の作成を手伝う", "情報システム部の審査に回答する"),
    "O4": ("稟議の状況を確認する", "契約条件の調整", "契約書の送付"),
    "WON": ("キックオフの日程調整", "導入担当の紹介"),
    "ONB": ("初期設定の確認", "操作研修", "データ移行の確認"),
    "ADOPT": ("定例会", "活用状況の確認", "成果の振り返り"),
    "RENEW": ("更新条件の説明", "更新の意思確認", "利用実績の報告"),
    "EXPAND": ("追加提案の準備", "見積りの送付"),
}
_AHEAD: Final = {"LEAD": 40, "ADOPT": 30, "RENEW": 20}


def next_step(telling: Telling, *, rng: Random, clock: OfficeClock) -> NextAction | None:
    """This will plan the next step of an open journey; None where nothing is open."""
    place = telling.blueprint.place(telling.stage)
    if place.kind is StageKind.SIDE or telling.stays[-1].left_at is not None:
        return None
    days = rng.randint(0, _AHEAD.get(telling.stage, 9))
    if rng.random() < 0.14:
        days = -rng.randint(1, 12)
    due = clock.today + timedelta(days=days)
    while not is_working_day(due):
        due += timedelta(days=1)
    return NextAction(what=rng.choice(STEPS[telling.stage]), due_date=due)
