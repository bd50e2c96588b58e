"""The fields of each kind of record: what a mapping may name, and how people call it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tasuki.connect.mapping.types import Entity
from tasuki.core.labels import Label


class Kind(StrEnum):
    """How the text of a field is read."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    MONEY = "money"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    REFERENCE = "reference"
    EMAIL = "email"
    PHONE = "phone"
    DOMAIN = "domain"
    CORPORATE_NUMBER = "corporate_number"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: how it is read, how long it may be, its words, what it may refer to."""

    kind: Kind
    label: Label
    length: int = 200
    required: bool = False
    to: Entity | None = None
    choices: tuple[str, ...] = ()


def _text(ja: str, en: str, length: int = 200, *, required: bool = False) -> Field:
    return Field(Kind.TEXT, Label(ja, en), length, required)


def _to(entity: Entity, ja: str, en: str, *, required: bool = False) -> Field:
    return Field(Kind.REFERENCE, Label(ja, en), required=required, to=entity)


def _of(kind: Kind, ja: str, en: str, *, required: bool = False) -> Field:
    return Field(kind, Label(ja, en), required=required)


def _choice(ja: str, en: str, *choices: str, required: bool = False) -> Field:
    return Field(Kind.CHOICE, Label(ja, en), required=required, choices=choices)


OPEN_PREFIXES: Final[Mapping[Entity, tuple[str, ...]]] = {
    Entity.ACCOUNT: ("attributes.",),
    Entity.PERSON: ("attributes.",),
    Entity.JOURNEY: ("answers.",),
    Entity.ACTIVITY: ("details.",),
}
"""Fields beyond the list: their names are the company's own."""

_OWNER: Final = _to(Entity.USER, "主担当", "Owner")
_CURRENCY: Final = _text("通貨", "Currency", 3)
_KINDS: Final = ("mail", "call", "meeting", "web", "form", "usage", "ticket", "note")

FIELDS: Final[Mapping[Entity, Mapping[str, Field]]] = {
    Entity.USER: {
        "email": Field(Kind.EMAIL, Label("メールアドレス", "E-mail"), 254, required=True),
        "family_name": _text("姓", "Family name", 60, required=True),
        "given_name": _text("名", "Given name", 60),
        "family_kana": _text("姓(ふりがな)", "Family name (reading)", 60),
        "given_kana": _text("名(ふりがな)", "Given name (reading)", 60),
        "department": _choice(
            "部門", "Department", "marketing", "inside_sales", "field_sales", "success"
        ),
    },
    Entity.CHANNEL: {
        "code": _text("コード", "Code", 32, required=True),
        "label_ja": _text("日本語名", "Japanese name", 64),
        "label_en": _text("英語名", "English name", 64),
    },
    Entity.CAMPAIGN: {
        "name": _text("施策名", "Name", required=True),
        "channel": _to(Entity.CHANNEL, "チャネル", "Channel", required=True),
        "starts_date": _of(Kind.DATE, "開始日", "Starts"),
        "ends_date": _of(Kind.DATE, "終了日", "Ends"),
    },
    Entity.ACCOUNT: {
        "name": _text("会社名", "Company name", required=True),
        "name_kana": _text("会社名(カナ)", "Company name (reading)"),
        "domain": Field(Kind.DOMAIN, Label("ドメイン・URL", "Domain or website"), 253),
        "corporate_number": Field(Kind.CORPORATE_NUMBER, Label("法人番号", "Corporate number"), 13),
        "phone": Field(Kind.PHONE, Label("代表電話", "Phone"), 40),
        "industry": _text("業種", "Industry", 64),
        "employees": _of(Kind.NUMBER, "従業員数", "Employees"),
        "prefecture": _text("都道府県", "Prefecture", 32),
        "segment": _text("セグメント", "Segment", 32),
        "is_named": _of(Kind.FLAG, "重点企業", "Target account"),
        "motion": _text("営業体制", "Motion", 32),
        "owner": _OWNER,
    },
    Entity.PERSON: {
        "account": _to(Entity.ACCOUNT, "取引先企業", "Account"),
        "full_name": _text("氏名", "Full name"),
        "family_name": _text("姓", "Family name", 100),
        "given_name": _text("名", "Given name", 100),
        "full_kana": _text("氏名(ふりがな)", "Full name (reading)"),
        "family_kana": _text("姓(ふりがな)", "Family name (reading)", 100),
        "given_kana": _text("名(ふりがな)", "Given name (reading)", 100),
        "email": Field(Kind.EMAIL, Label("メールアドレス", "E-mail"), 254),
        "phone": Field(Kind.PHONE, Label("電話番号", "Phone"), 40),
        "title": _text("役職", "Job title", 100),
        "department": _text("部署", "Department", 100),
        "role": _text("購買での役割", "Part in the purchase", 32),
    },
    Entity.STAGE: {
        "journey": _to(Entity.JOURNEY, "ジャーニー", "Journey", required=True),
        "stage": _text("ステージ", "Stage", required=True),
        "entered_at": _of(Kind.MOMENT, "入った日時", "Entered at", required=True),
    },
    Entity.DEAL: {
        "journey": _to(Entity.JOURNEY, "ジャーニー", "Journey", required=True),
        "amount": _of(Kind.MONEY, "金額", "Amount"),
        "currency": _CURRENCY,
        "expected_close_date": _of(Kind.DATE, "受注予定日", "Expected close date"),
        "happened_at": _of(Kind.MOMENT, "変更日時", "Changed at", required=True),
    },
    Entity.JOURNEY: {
        "account": _to(Entity.ACCOUNT, "取引先企業", "Account", required=True),
        "person": _to(Entity.PERSON, "担当者", "Contact"),
        "parent": _to(Entity.JOURNEY, "もとのジャーニー", "Parent journey"),
        "kind": _choice("区分", "Kind", "new", "renewal", "expansion"),
        "title": _text("件名", "Title"),
        "channel": _to(Entity.CHANNEL, "チャネル", "Channel"),
        "campaign": _to(Entity.CAMPAIGN, "施策", "Campaign"),
        "source": _text("流入元", "Source"),
        "motion": _text("営業体制", "Motion", 32),
        "owner": _OWNER,
        "stage": _text("今のステージ", "Current stage"),
        "stage_date": _of(Kind.MOMENT, "今のステージに入った日", "Current stage since"),
        "reason": _text("理由", "Reason", 64),
        "note": _text("理由の補足", "Note", 2000),
        "completed_at": _of(Kind.MOMENT, "完了日", "Completed"),
        "amount": _of(Kind.MONEY, "金額", "Amount"),
        "currency": _CURRENCY,
        "amount_date": _of(Kind.MOMENT, "金額の日付", "Amount since"),
        "expected_close_date": _of(Kind.DATE, "受注予定日", "Expected close date"),
        "temperature": _choice("温度感", "Temperature", "hot", "warm", "cold"),
        "fit": _choice("適合度", "Fit", "A", "B", "C", "D"),
        "next_action": _text("次のアクション", "Next action"),
        "next_action_date": _of(Kind.DATE, "次のアクションの期日", "Next action date"),
        "revisit_date": _of(Kind.DATE, "再訪日", "Revisit date"),
    },
    Entity.ACTIVITY: {
        "journey": _to(Entity.JOURNEY, "ジャーニー", "Journey"),
        "account": _to(Entity.ACCOUNT, "取引先企業", "Account"),
        "person": _to(Entity.PERSON, "担当者", "Contact"),
        "kind": _choice("種類", "Kind", *_KINDS, required=True),
        "direction": _choice("向き", "Direction", "inbound", "outbound"),
        "outcome": _text("結果", "Outcome", 32),
        "subject": _text("件名", "Subject", 300),
        "body": _text("内容", "Text", 100_000),
        "minutes": _of(Kind.NUMBER, "時間(分)", "Minutes"),
        "actor": _to(Entity.USER, "対応者", "Done by"),
        "happened_at": _of(Kind.MOMENT, "日時", "When", required=True),
    },
    Entity.SUBSCRIPTION: {
        "journey": _to(Entity.JOURNEY, "ジャーニー", "Journey", required=True),
        "plan": _text("プラン", "Plan", 100),
        "amount": _of(Kind.MONEY, "継続金額", "Recurring amount", required=True),
        "currency": _CURRENCY,
        "interval_months": _of(Kind.NUMBER, "支払い間隔(月)", "Interval in months"),
        "starts_date": _of(Kind.DATE, "開始日", "Starts", required=True),
        "ends_date": _of(Kind.DATE, "終了日(この日を含まない)", "Ends (exclusive)"),
        "seats": _of(Kind.NUMBER, "席数", "Seats"),
    },
    Entity.SPEND: {
        "channel": _to(Entity.CHANNEL, "チャネル", "Channel", required=True),
        "campaign": _to(Entity.CAMPAIGN, "施策", "Campaign"),
        "from_date": _of(Kind.DATE, "開始日", "From", required=True),
        "to_date": _of(Kind.DATE, "終了日(この日を含まない)", "To (exclusive)"),
        "amount": _of(Kind.MONEY, "費用", "Amount", required=True),
        "currency": _CURRENCY,
    },
}
KEYED: Final = frozenset(Entity) - {Entity.STAGE, Entity.DEAL}
"""Kinds whose records are remembered by a key of the source."""


def field_of(*, entity: Entity, name: str) -> Field | None:
    """Find a field; those with an open prefix are texts of the company's own naming."""
    known = FIELDS[entity].get(name)
    if known is not None:
        return known
    for prefix in OPEN_PREFIXES.get(entity, ()):
        if name.startswith(prefix) and len(name) > len(prefix):
            own = name.removeprefix(prefix)
            return Field(Kind.TEXT, Label(own, own), 2000)
    return None
