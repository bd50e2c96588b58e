"""The facts a condition may speak about, and the kind of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from tasuki.core.departments import Department
from tasuki.core.labels import Label

ANSWERS_PREFIX = "answers."


class FieldKind(StrEnum):
    """What a fact is made of; it decides which comparisons make sense."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    DATETIME = "datetime"
    MONEY = "money"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a closed set: the stable code and its label."""

    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A fact by its path, e.g. `account.employees`."""

    path: str
    kind: FieldKind
    label: Label
    choices: tuple[Choice, ...] = ()


Fields: TypeAlias = Mapping[str, FieldSpec]
"""A registry: path to specification."""

_TEMPERATURES = (
    Choice("hot", Label("高い", "Hot")),
    Choice("warm", Label("ふつう", "Warm")),
    Choice("cold", Label("低い", "Cold")),
)
_FITS = tuple(Choice(code, Label(code, code)) for code in "ABCD")
_KINDS = (
    Choice("new", Label("新規", "New")),
    Choice("renewal", Label("更新", "Renewal")),
    Choice("expansion", Label("拡大", "Expansion")),
)
_DEPARTMENTS = tuple(Choice(department.value, department.label) for department in Department)

_STANDARD = (
    FieldSpec("account.name", FieldKind.TEXT, Label("取引先企業名", "Account name")),
    FieldSpec("account.domain", FieldKind.TEXT, Label("ドメイン", "Domain")),
    FieldSpec("account.corporate_number", FieldKind.TEXT, Label("法人番号", "Corporate number")),
    FieldSpec("account.industry", FieldKind.TEXT, Label("業種", "Industry")),
    FieldSpec("account.employees", FieldKind.NUMBER, Label("従業員数", "Employees")),
    FieldSpec("account.prefecture", FieldKind.TEXT, Label("都道府県", "Prefecture")),
    FieldSpec("account.segment", FieldKind.TEXT, Label("セグメント", "Segment")),
    FieldSpec("account.is_named", FieldKind.FLAG, Label("重点企業", "Target account")),
    FieldSpec("person.email", FieldKind.TEXT, Label("メールアドレス", "E-mail address")),
    FieldSpec("person.phone", FieldKind.TEXT, Label("電話番号", "Phone number")),
    FieldSpec("person.title", FieldKind.TEXT, Label("役職", "Job title")),
    FieldSpec("person.department", FieldKind.TEXT, Label("部署", "Contact's department")),
    FieldSpec("person.role", FieldKind.TEXT, Label("購買での役割", "Role in the purchase")),
    FieldSpec("journey.kind", FieldKind.CHOICE, Label("区分", "Kind"), _KINDS),
    FieldSpec("journey.stage", FieldKind.CHOICE, Label("ステージ", "Stage")),
    FieldSpec("journey.department", FieldKind.CHOICE, Label("部門", "Department"), _DEPARTMENTS),
    FieldSpec("journey.motion", FieldKind.CHOICE, Label("営業体制", "Motion")),
    FieldSpec("journey.cycle", FieldKind.NUMBER, Label("周回", "Cycle")),
    FieldSpec("journey.channel", FieldKind.TEXT, Label("チャネル", "Channel")),
    FieldSpec("journey.campaign", FieldKind.TEXT, Label("施策", "Campaign")),
    FieldSpec("journey.source", FieldKind.TEXT, Label("流入元", "Source")),
    FieldSpec("journey.owner_id", FieldKind.NUMBER, Label("主担当", "Owner")),
    FieldSpec("journey.amount_minor", FieldKind.MONEY, Label("金額", "Amount")),
    FieldSpec("journey.currency", FieldKind.TEXT, Label("通貨", "Currency")),
    FieldSpec(
        "journey.temperature", FieldKind.CHOICE, Label("温度感", "Temperature"), _TEMPERATURES
    ),
    FieldSpec("journey.fit", FieldKind.CHOICE, Label("適合度", "Fit"), _FITS),
    FieldSpec("journey.opened_at", FieldKind.DATETIME, Label("開始日時", "Opened")),
    FieldSpec("journey.entered_at", FieldKind.DATETIME, Label("ステージ開始日時", "Stage entered")),
    FieldSpec(
        "journey.expected_close_date", FieldKind.DATE, Label("受注予定日", "Expected close date")
    ),
    FieldSpec(
        "journey.next_action_date", FieldKind.DATE, Label("次回アクション日", "Next action date")
    ),
)

STANDARD_FIELDS: Fields = {spec.path: spec for spec in _STANDARD}
"""Every fact that is a column of the product; gates add `answers.*` of their own."""
