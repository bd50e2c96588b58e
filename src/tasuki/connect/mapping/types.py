"""What a mapping says: which files, which records they hold, and where each field comes from."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from enum import StrEnum

from tasuki.core.labels import Label, Message


class Entity(StrEnum):
    """What a block of a mapping makes, in the order in which an import writes."""

    USER = "user"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    ACCOUNT = "account"
    PERSON = "person"
    STAGE = "stage"
    DEAL = "deal"
    JOURNEY = "journey"
    ACTIVITY = "activity"
    SUBSCRIPTION = "subscription"
    SPEND = "spend"

    @property
    def label(self) -> Label:
        """Name it in both languages."""
        return _ENTITY_LABELS[self]


_ENTITY_LABELS = {
    Entity.USER: Label("利用者", "Users"),
    Entity.CHANNEL: Label("チャネル", "Channels"),
    Entity.CAMPAIGN: Label("施策", "Campaigns"),
    Entity.ACCOUNT: Label("取引先企業", "Accounts"),
    Entity.PERSON: Label("担当者", "Contacts"),
    Entity.STAGE: Label("ステージの履歴", "Stage history"),
    Entity.DEAL: Label("金額の履歴", "Deal amounts"),
    Entity.JOURNEY: Label("ジャーニー", "Journeys"),
    Entity.ACTIVITY: Label("活動", "Activities"),
    Entity.SUBSCRIPTION: Label("契約期間", "Subscription periods"),
    Entity.SPEND: Label("費用", "Spend"),
}


class Gates(StrEnum):
    """What happens when a stage was entered without the items its gate asks for."""

    ENFORCED = "enforced"
    AS_RECORDED = "as_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one field's text comes from.

    Exactly one of `column`, `value` and `template` is set. `column` may lie in another file
    (`deals.won_date`), which is then looked up. `translate` turns texts of the source into ours
    before `default` stands in for nothing. With `when`, the field is only taken from rows whose
    columns hold one of the given texts. `format` is a strptime pattern for dates.
    """

    column: str = ""
    value: str = ""
    template: str = ""
    translate: Map[str, str] = field(default_factory=dict)
    default: str = ""
    when: Map[str, tuple[str, ...]] = field(default_factory=dict)
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSpec:
    """One file of the mapping.

    With `key`, other files look rows up in it: its `key` column is compared with their `by`
    column (the same name unless said otherwise, perhaps itself in a third file).
    """

    name: str
    file: str
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    key: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One kind of record made from the rows of one file."""

    entity: Entity
    file: str
    key: Source | None = None
    fields: Map[str, Source] = field(default_factory=dict)
    stages: Map[str, Source] = field(default_factory=dict)
    owners: Map[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A whole mapping. `source` names the other system: its keys are remembered under it."""

    source: str
    files: Map[str, FileSpec]
    blocks: tuple[Block, ...]
    currency: str = "JPY"
    reporting_currency: str = ""
    time_zone: str = "Asia/Tokyo"
    gates: Gates = Gates.ENFORCED
    label: str = ""


class MappingRule(StrEnum):
    """What is wrong with a mapping."""

    NOT_YAML = "not_yaml"
    MISSING = "missing"
    UNKNOWN_NAME = "unknown_name"
    WRONG_SHAPE = "wrong_shape"
    WRONG_VALUE = "wrong_value"
    TWO_SOURCES = "two_sources"


@dataclass(frozen=True, slots=True)
class MappingProblem:
    """One mistake: where (`records[2].fields.email`), which rule, in words."""

    path: str
    rule: MappingRule
    message: Message


class MappingInvalid(Exception):
    """The mapping cannot be used; `problems` names every mistake at once."""

    def __init__(self, problems: tuple[MappingProblem, ...]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.message.en}" for p in problems))
        self.problems = problems
