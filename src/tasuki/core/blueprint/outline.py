"""A blueprint as a tree of named parts, each with the traits that a person would compare."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tasuki.core.blueprint.assignment import AssignmentRule
from tasuki.core.blueprint.contracts import Contract, ContractKind
from tasuki.core.blueprint.items import GateItem, Reason
from tasuki.core.blueprint.spoken import (
    joined,
    spoken_flag,
    spoken_minutes,
    spoken_number,
    spoken_ratio,
)
from tasuki.core.blueprint.types import (
    Blueprint,
    JourneyKind,
    Motion,
    MotionRule,
    Ownership,
    ReturnRule,
    SideTrack,
    Stage,
)
from tasuki.core.conditions.fields import FieldKind
from tasuki.core.conditions.printer import print_condition
from tasuki.core.conditions.tree import Condition
from tasuki.core.conditions.wording import describe_condition
from tasuki.core.departments import Department
from tasuki.core.labels import Label


class Weight(StrEnum):
    """How much a difference matters to those who work by the process."""

    WORDING = "wording"
    RULE = "rule"
    COURSE = "course"

    @property
    def label(self) -> Label:
        """Name the weight in both languages."""
        return _WEIGHTS[self]


_WEIGHTS = {
    Weight.WORDING: Label("言葉", "Wording"),
    Weight.RULE: Label("ルール", "Rule"),
    Weight.COURSE: Label("流れ", "Course"),
}


@dataclass(frozen=True, slots=True)
class Trait:
    """One property of a part, in words; None where nothing is said.

    Where the words are made of other parts' names, `exact` alone tells whether it changed: a stage
    that gets a new name does not change those that name it.
    """

    key: str
    name: Label
    value: Label | None
    weight: Weight = Weight.RULE
    exact: object = None

    @property
    def said(self) -> object:
        """What two traits are compared by."""
        return self.value if self.exact is None else self.exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the process. `list_key` and `key` tell it apart among its neighbours.

    `names_itself` is true where the name alone says what it is, like that of a stage.
    """

    list_key: str
    key: str
    noun: Label
    name: Label
    traits: tuple[Trait, ...] = ()
    parts: tuple["Part", ...] = ()
    summary: Label | None = None
    weight: Weight = Weight.RULE
    order_weight: Weight = Weight.WORDING
    names_itself: bool = False


def outline(*, blueprint: Blueprint) -> Part:
    """Lay a process out as one part that holds all others, in the order of the file."""
    words = _Words(blueprint)
    motions = {motion.code: motion.label for motion in blueprint.motions}
    return Part(
        list_key="",
        key="",
        noun=Label("プロセス", "process"),
        name=Label("全体", "Whole process"),
        names_itself=True,
        traits=(
            Trait("key", Label("識別名", "key"), _plain(blueprint.key), Weight.COURSE),
            Trait("label", Label("名前", "name"), blueprint.label, Weight.WORDING),
            Trait(
                "default_motion",
                Label("ふだんの営業体制", "usual motion"),
                motions.get(blueprint.default_motion, _plain(blueprint.default_motion)),
                exact=blueprint.default_motion,
            ),
        ),
        parts=(
            *(words.stage(stage) for stage in blueprint.stages),
            *(words.side(side) for side in blueprint.sides),
            *(words.back(rule) for rule in blueprint.returns),
            *(_motion(motion) for motion in blueprint.motions),
            *(words.motion_rule(rule) for rule in blueprint.motion_rules),
            *(words.contract(contract) for contract in blueprint.contracts),
            *(words.assignment(rule) for rule in blueprint.assignment),
        ),
    )


class _Words:
    """Knows what codes are called in one blueprint."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._fields = blueprint.fields
        self._names = {place.code: place.label for place in blueprint.places}
        self._motions = {motion.code: motion.label for motion in blueprint.motions}

    def stage(self, stage: Stage) -> Part:
        return Part(
            list_key="stages",
            key=stage.code,
            noun=Label("ステージ", "stage"),
            name=stage.label,
            names_itself=True,
            traits=(
                Trait("label", Label("名前", "name"), stage.label, Weight.WORDING),
                _department("department", Label("担当部門", "department"), stage.department),
                Trait("line", Label("流れの種類", "line"), LINES[stage.line], Weight.COURSE),
                Trait(
                    "wins", Label("受注とする扱い", "being the contract"), spoken_flag(stage.wins)
                ),
                Trait("enter_when", Label("入る条件の説明", "definition"), stage.enter_when),
                self._condition("entry", Label("入る条件", "entry condition"), stage.entry),
                Trait(
                    "stall_days",
                    Label("停滞とみなす日数", "days until stalled"),
                    spoken_number(stage.stall_days, Label("日", " days")),
                ),
                Trait(
                    "probability_ratio",
                    Label("確度", "probability"),
                    spoken_ratio(stage.probability_ratio),
                ),
                self._stages(
                    "direct_from", Label("直接の入口", "direct ways in"), stage.direct_from
                ),
            ),
            parts=tuple(self.item("gate", item) for item in stage.gate),
            summary=stage.enter_when,
            weight=Weight.COURSE,
            order_weight=Weight.COURSE,
        )

    def side(self, side: SideTrack) -> Part:
        return Part(
            list_key="sides",
            key=side.code,
            noun=Label("分岐先", "side track"),
            name=side.label,
            names_itself=True,
            traits=(
                Trait("label", Label("名前", "name"), side.label, Weight.WORDING),
                _department("department", Label("担当部門", "department"), side.department),
                Trait("move", Label("動き", "move"), _plain(side.move.value), Weight.COURSE),
                Trait("enter_when", Label("入る条件の説明", "definition"), side.enter_when),
                self._stages("from_stages", Label("入口のステージ", "ways in"), side.from_stages),
                Trait(
                    "needs_revisit_date",
                    Label("次に見直す日の要否", "need for a revisit date"),
                    spoken_flag(side.needs_revisit_date),
                ),
                self._stages("reactivates_to", Label("再開先", "ways back"), side.reactivates_to),
            ),
            parts=_reasons(side.reasons),
            summary=side.enter_when,
            weight=Weight.COURSE,
        )

    def back(self, rule: ReturnRule) -> Part:
        giver, taker = self._end(rule.giver), self._end(rule.taker)
        return Part(
            list_key="returns",
            key=f"{rule.giver}-{rule.taker}",
            noun=Label("差し戻し", "return"),
            name=Label(f"{giver.ja} → {taker.ja}", f"{giver.en} → {taker.en}"),
            parts=_reasons(rule.reasons),
        )

    def motion_rule(self, rule: MotionRule) -> Part:
        motion = self._motions.get(rule.motion, _plain(rule.motion))
        return Part(
            list_key="motion_rules",
            key=print_condition(condition=rule.when),
            noun=Label("営業体制を選ぶ規則", "motion rule"),
            name=describe_condition(condition=rule.when, fields=self._fields),
            traits=(Trait("motion", Label("営業体制", "motion"), motion, exact=rule.motion),),
            summary=motion,
            order_weight=Weight.RULE,
        )

    def contract(self, contract: Contract) -> Part:
        enters = None if contract.enters is None else self._end(contract.enters)
        giver, taker = contract.giver.label, contract.taker.label
        return Part(
            list_key="contracts",
            key=contract.key,
            noun=Label("引き継ぎ", "hand-off"),
            name=contract.label,
            traits=(
                Trait("label", Label("名前", "name"), contract.label, Weight.WORDING),
                Trait("kind", Label("向き", "direction"), CONTRACT_KINDS[contract.kind]),
                _department("giver", Label("渡す部門", "giving department"), contract.giver),
                _department("taker", Label("受ける部門", "receiving department"), contract.taker),
                self._stages(
                    "from_stages", Label("渡せるステージ", "stages it leaves"), contract.from_stages
                ),
                Trait(
                    "enters",
                    Label("受諾後のステージ", "stage after acceptance"),
                    enters,
                    exact=contract.enters or "",
                ),
                *_deadlines(contract),
                Trait(
                    "motions",
                    Label("対象の営業体制", "motions"),
                    joined([self._motions.get(code, _plain(code)) for code in contract.motions]),
                    exact=contract.motions,
                ),
            ),
            parts=(
                *(self.item("items", item) for item in contract.items),
                *_reasons(contract.reasons),
            ),
            summary=Label(f"{giver.ja} → {taker.ja}", f"{giver.en} → {taker.en}"),
        )

    def assignment(self, rule: AssignmentRule) -> Part:
        return Part(
            list_key="assignment",
            key=rule.key,
            noun=Label("割り当て規則", "assignment rule"),
            name=rule.label,
            traits=(
                Trait("label", Label("名前", "name"), rule.label, Weight.WORDING),
                Trait("department", Label("対象の部門", "department"), rule.department.label),
                self._condition("when", Label("条件", "condition"), rule.when),
                Trait(
                    "team",
                    Label("チーム", "team"),
                    None if rule.team is None else _plain(rule.team),
                ),
                Trait(
                    "people", Label("人", "people"), joined([_plain(one) for one in rule.people])
                ),
                Trait(
                    "keep_account",
                    Label("前の担当者を優先", "keeping the account"),
                    spoken_flag(rule.keep_account),
                ),
            ),
            summary=rule.department.label,
            order_weight=Weight.RULE,
        )

    def item(self, list_key: str, item: GateItem) -> Part:
        noun = Label("必須項目", "required item") if item.required else Label("項目", "item")
        fields = joined([self._field(path) for path in item.fields])
        return Part(
            list_key=list_key,
            key=item.key,
            noun=noun,
            name=item.label,
            traits=(
                Trait("label", Label("名前", "name"), item.label, Weight.WORDING),
                Trait(
                    "required",
                    Label("必須・任意の別", "required or optional"),
                    Label("必須", "required") if item.required else Label("任意", "optional"),
                ),
                Trait("fields", Label("答える欄", "fields"), fields, exact=item.fields),
                Trait("kind", Label("種類", "kind"), FIELD_KINDS[item.kind]),
                Trait(
                    "choices",
                    Label("選択肢", "choices"),
                    joined([choice.label for choice in item.choices]),
                    exact=item.choices,
                ),
                Trait("guidance", Label("書き方", "guidance"), item.guidance, Weight.WORDING),
            ),
            summary=fields,
        )

    def _field(self, path: str) -> Label:
        spec = self._fields.get(path)
        return spec.label if spec else _plain(path)

    def _condition(self, key: str, name: Label, condition: Condition | None) -> Trait:
        if condition is None:
            return Trait(key, name, None, exact="")
        said = describe_condition(condition=condition, fields=self._fields)
        return Trait(key, name, said, exact=print_condition(condition=condition))

    def _stages(self, key: str, name: Label, codes: Sequence[str]) -> Trait:
        return Trait(key, name, joined([self._end(code) for code in codes]), exact=tuple(codes))

    def _end(self, code: str) -> Label:
        if code in list(Department):
            return Department(code).label
        return self._names.get(code, _plain(code))


LINES = {
    JourneyKind.NEW: Label("新規", "New"),
    JourneyKind.RENEWAL: Label("更新", "Renewal"),
    JourneyKind.EXPANSION: Label("拡大", "Expansion"),
}
CONTRACT_KINDS = {
    ContractKind.FORWARD: Label("次の部門へ", "Forward"),
    ContractKind.BACK: Label("前の部門へ", "Back"),
    ContractKind.VOICE: Label("顧客の声", "Voice of the customer"),
}
OWNERSHIPS = {
    Ownership.BY_DEPARTMENT: Label("部門ごとに担当が替わる", "Each department has its owner"),
    Ownership.SINGLE: Label("一人が最後まで担当する", "One owner throughout"),
    Ownership.TEAM: Label("チームで担当する", "A team owns it"),
}
FIELD_KINDS = {
    FieldKind.TEXT: Label("文字", "Text"),
    FieldKind.CHOICE: Label("選択", "Choice"),
    FieldKind.DATE: Label("日付", "Date"),
    FieldKind.DATETIME: Label("日時", "Date and time"),
    FieldKind.MONEY: Label("金額", "Amount"),
    FieldKind.NUMBER: Label("数", "Number"),
    FieldKind.FLAG: Label("はい・いいえ", "Yes or no"),
}


def _motion(motion: Motion) -> Part:
    return Part(
        list_key="motions",
        key=motion.code,
        noun=Label("営業体制", "motion"),
        name=motion.label,
        traits=(
            Trait("label", Label("名前", "name"), motion.label, Weight.WORDING),
            Trait("ownership", Label("担当の持ち方", "ownership"), OWNERSHIPS[motion.ownership]),
        ),
        summary=OWNERSHIPS[motion.ownership],
    )


def _deadlines(contract: Contract) -> Iterator[Trait]:
    due = contract.deadlines
    for key, name, minutes in (
        ("accept", Label("受諾の期限", "time to accept"), due.accept),
        ("first_contact", Label("最初の連絡の期限", "time to first contact"), due.first_contact),
        ("meeting", Label("面談の期限", "time to meeting"), due.meeting),
    ):
        yield Trait(key, name, spoken_minutes(minutes))


def _reasons(reasons: Iterable[Reason]) -> tuple[Part, ...]:
    return tuple(
        Part(
            list_key="reasons",
            key=reason.code,
            noun=Label("理由", "reason"),
            name=reason.label,
            traits=(
                Trait("label", Label("名前", "name"), reason.label, Weight.WORDING),
                Trait(
                    "needs_note",
                    Label("説明の要否", "need for a note"),
                    spoken_flag(reason.needs_note),
                ),
                Trait(
                    "names_item",
                    Label("足りない項目の要否", "need to name an item"),
                    spoken_flag(reason.names_item),
                ),
            ),
        )
        for reason in reasons
    )


def _department(key: str, name: Label, department: Department) -> Trait:
    return Trait(key, name, department.label, Weight.COURSE)


def _plain(text: str) -> Label:
    return Label(text, text)
