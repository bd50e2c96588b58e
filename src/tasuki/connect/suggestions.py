"""From the headers of unknown files to a first mapping, and from choices column by column to one.

A column's choice is `entity.field` (`account.name`), a stage's date (`stage.WON`), or nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tasuki.connect.mapping.fields import FIELDS
from tasuki.connect.mapping.types import Block, Entity, FileSpec, Gates, Source
from tasuki.connect.mapping.types import Mapping as ImportMapping
from tasuki.core.blueprint import Blueprint
from tasuki.core.labels import Label

KEY_FIELD: Final = "key"
ANSWER_FIELD: Final = "attribute"
_OFFERED: Final = (
    Entity.ACCOUNT,
    Entity.PERSON,
    Entity.JOURNEY,
    Entity.ACTIVITY,
    Entity.SUBSCRIPTION,
    Entity.SPEND,
    Entity.USER,
)
_LINKED: Final = {"account", "person", "journey", "parent"}

_SYNONYMS: Final[Mapping[str, str]] = {
    "account.key": "account id,company id,取引先id,会社id,企業id,顧客id,顧客コード,取引先コード",
    "account.name": "company,company name,account,account name,organization,organisation,会社名,"
    "企業名,取引先,取引先名,取引先企業,法人名,顧客名,社名,貴社名",
    "account.name_kana": "会社名カナ,会社名フリガナ,企業名カナ,会社名かな",
    "account.domain": "domain,website,url,homepage,web site,ドメイン,ホームページ,hp,"
    "サイト,webサイト",
    "account.corporate_number": "corporate number,法人番号",
    "account.phone": "company phone,代表電話,会社電話,代表番号",
    "account.industry": "industry,sector,business segment,業種,業界",
    "account.employees": "employees,number of employees,従業員数,社員数,従業員規模",
    "account.prefecture": "prefecture,state,都道府県,所在地",
    "account.segment": "segment,セグメント,企業規模",
    "person.key": "contact id,person id,担当者id,連絡先id",
    "person.full_name": "name,full name,contact,contact name,氏名,名前,お名前,担当者,担当者名,"
    "ご担当者名,ご担当者",
    "person.full_kana": "氏名カナ,フリガナ,ふりがな,お名前カナ,氏名かな",
    "person.family_name": "last name,family name,surname,lastname,姓,苗字",
    "person.given_name": "first name,given name,firstname,名",
    "person.family_kana": "セイ,姓カナ,せい",
    "person.given_kana": "メイ,名カナ,めい",
    "person.email": "email,e-mail,mail,email address,メール,メールアドレス,eメール,ｅメール",
    "person.phone": "phone,tel,telephone,mobile,電話,電話番号,携帯,携帯電話,連絡先",
    "person.title": "title,job title,position,役職,肩書",
    "person.department": "department,部署,部門,部署名,所属",
    "journey.key": "id,lead id,deal id,opportunity id,mql id,リードid,商談id,案件id,"
    "案件番号,商談番号",
    "journey.title": "deal,deal name,opportunity,opportunity name,subject,件名,案件名,"
    "商談名,取引名",
    "journey.channel": "channel,origin,チャネル,流入経路,流入チャネル,獲得経路,経路",
    "journey.source": "source,lead source,utm source,流入元,リードソース,きっかけ",
    "journey.stage": "stage,deal stage,status,ステージ,フェーズ,ステータス,商談フェーズ,進捗",
    "journey.stage_date": "stage date,ステージ日,ステージ変更日,フェーズ変更日",
    "journey.reason": "lost reason,loss reason,closed lost reason,失注理由,理由",
    "journey.amount": "amount,close value,deal amount,revenue,金額,案件金額,受注金額,"
    "見込金額,契約金額",
    "journey.expected_close_date": "close date,expected close date,closing date,"
    "受注予定日,完了予定日",
    "journey.owner": "owner,sales agent,rep,owner email,営業担当,主担当,担当営業",
    "journey.next_action": "next action,next step,次のアクション,次回アクション",
    "journey.next_action_date": "next action date,次回アクション日,次回予定日",
    "stage.LEAD": "created,created at,created date,lead date,登録日,作成日,リード獲得日,獲得日",
    "stage.MQL": "mql date,first contact date,mql日,mql化日",
    "stage.SAL": "sal date,is受諾日,sal日",
    "stage.SQL": "sql date,商談化日,アポ獲得日",
    "stage.SAO": "engage date,sao date,有効商談日,商談実施日",
    "stage.WON": "won date,受注日,成約日,契約日",
    "stage.LOST": "lost date,失注日",
    "stage.CHURN": "churn date,解約日",
    "activity.happened_at": "activity date,happened at,日時,活動日時,対応日時",
    "activity.kind": "activity type,種類,活動種別,対応種別",
    "activity.body": "body,text,memo,notes,note,内容,メモ,備考,コメント,対応内容",
    "subscription.key": "subscription id,契約id,契約番号",
    "subscription.amount": "mrr,monthly amount,recurring amount,月額,月額料金,継続金額",
    "subscription.starts_date": "start date,subscription start,契約開始日,利用開始日,開始日",
    "subscription.ends_date": "end date,subscription end,契約終了日,利用終了日,終了日",
    "subscription.plan": "plan,プラン,プラン名",
    "spend.amount": "spend,cost,費用,広告費,コスト",
    "spend.from_date": "date day,spend date,費用日",
}
_BY_WORD: Final = {word: target for target, words in _SYNONYMS.items() for word in words.split(",")}
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CORPORATE: Final = re.compile(r"T?[0-9]{13}")


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of a file with some of its values and what it is taken for."""

    file: str
    column: str
    samples: tuple[str, ...]
    target: str


def targets(*, blueprint: Blueprint) -> list[tuple[Label, list[tuple[str, Label]]]]:
    """Return everything a column can be, in groups, for a select."""
    groups: list[tuple[Label, list[tuple[str, Label]]]] = []
    for entity in _OFFERED:
        known = Label(f"{entity.label.ja}のID", f"ID ({entity.label.en.lower()})")
        options = [(f"{entity.value}.{KEY_FIELD}", known)]
        options += [
            (f"{entity.value}.{name}", field.label)
            for name, field in FIELDS[entity].items()
            if not (name in _LINKED and entity is not Entity.ACTIVITY)
        ]
        if entity in (Entity.ACCOUNT, Entity.PERSON):
            own = Label("その他の属性(見出しの名前で)", "Other attribute (named as the column)")
            options.append((f"{entity.value}.{ANSWER_FIELD}", own))
        groups.append((entity.label, options))
    dates = [
        (
            f"stage.{place.code}",
            Label(f"「{place.label.ja}」の日付", f'Date of "{place.label.en}"'),
        )
        for place in blueprint.places
    ]
    groups.insert(3, (Label("ステージの日付", "Stage dates"), dates))
    return groups


def suggest(*, headers: Sequence[str], samples: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the likely choice of each column, each choice at most once; empty for the rest."""
    chosen: dict[str, str] = {}
    for header in headers:
        target = _BY_WORD.get(_word(header), "") or _by_values(samples.get(header, ()))
        chosen[header] = target if target not in chosen.values() else ""
    return chosen


def mapping_of(
    *,
    source: str,
    files: Sequence[str],
    choices: Iterable[ColumnChoice],
    gates: Gates,
    currency: str,
) -> ImportMapping:
    """Return the mapping that the choices describe, file by file.

    Records without a chosen ID are known by what identifies them: a corporate number, a domain or
    a name; an e-mail address; the company and the person.
    """
    listed = list(choices)
    specs = {f"file{n}": FileSpec(name=f"file{n}", file=name) for n, name in enumerate(files, 1)}
    blocks: list[Block] = []
    for name, spec in specs.items():
        own = [choice for choice in listed if choice.file == spec.file and choice.target]
        blocks += _blocks(name, {choice.target: choice.column for choice in own}, own)
    return ImportMapping(
        source=source, files=specs, blocks=tuple(blocks), gates=gates, currency=currency
    )


def _blocks(file: str, columns: Mapping[str, str], choices: Sequence[ColumnChoice]) -> list[Block]:
    keys = _keys(columns)
    blocks: list[Block] = []
    for entity in _OFFERED:
        fields = _fields(entity, columns, choices)
        stages = _stage_sources(columns) if entity is Entity.JOURNEY else {}
        if not fields and not stages:
            continue
        if entity is Entity.JOURNEY and "account" not in keys:
            continue
        fields |= _links(entity, keys)
        if entity is Entity.JOURNEY and not stages and "stage" not in fields:
            fields["stage"] = Source(value="LEAD")
        if entity is Entity.ACCOUNT and "name" not in fields:
            fields["name"] = keys["account"]
        blocks.append(
            Block(
                entity=entity,
                file=file,
                key=keys.get(entity.value),
                fields=fields,
                stages=stages,
            )
        )
    channel = columns.get("journey.channel") or columns.get("spend.channel")
    if channel:
        code = Source(column=channel)
        blocks.insert(0, Block(entity=Entity.CHANNEL, file=file, key=code, fields={"code": code}))
    return blocks


def _fields(
    entity: Entity, columns: Mapping[str, str], choices: Sequence[ColumnChoice]
) -> dict[str, Source]:
    prefix = f"{entity.value}."
    found = {
        target.removeprefix(prefix): Source(column=column)
        for target, column in columns.items()
        if target.startswith(prefix)
        and target.removeprefix(prefix) not in (KEY_FIELD, ANSWER_FIELD)
    }
    for choice in choices:
        if choice.target == f"{prefix}{ANSWER_FIELD}":
            found[f"attributes.{choice.column}"] = Source(column=choice.column)
    return found


def _stage_sources(columns: Mapping[str, str]) -> dict[str, Source]:
    return {
        target.removeprefix("stage."): Source(column=column)
        for target, column in columns.items()
        if target.startswith("stage.")
    }


def _keys(columns: Mapping[str, str]) -> dict[str, Source]:
    keys: dict[str, Source] = {}
    for entity, names in (
        ("account", ("key", "corporate_number", "domain", "name")),
        ("person", ("key", "email", "full_name")),
        ("journey", ("key",)),
        ("activity", ("key",)),
        ("subscription", ("key",)),
        ("spend", ("key",)),
        ("user", ("key", "email")),
    ):
        column = next((c for n in names if (c := columns.get(f"{entity}.{n}"))), None)
        if column is not None:
            keys[entity] = Source(column=column)
    if "person" not in keys and "person.family_name" in columns:
        parts = [columns["person.family_name"], columns.get("person.given_name", "")]
        keys["person"] = Source(template=" ".join(f"{{{part}}}" for part in parts if part))
    if "person.key" not in columns and "person.email" not in columns and "person" in keys:
        account = keys.get("account")
        name = keys["person"].template or f"{{{keys['person'].column}}}"
        prefix = f"{{{account.column}}} / " if account and account.column else ""
        keys["person"] = Source(template=f"{prefix}{name}")
    if "journey" not in keys and "account" in keys:
        known = [keys[name] for name in ("account", "person") if name in keys]
        texts = [part.template or f"{{{part.column}}}" for part in known]
        keys["journey"] = Source(template=" / ".join(texts))
    return keys


def _links(entity: Entity, keys: Mapping[str, Source]) -> dict[str, Source]:
    wanted = {
        Entity.PERSON: ("account",),
        Entity.JOURNEY: ("account", "person"),
        Entity.ACTIVITY: ("journey", "account", "person"),
        Entity.SUBSCRIPTION: ("journey",),
    }.get(entity, ())
    return {name: keys[name] for name in wanted if name in keys}


def _by_values(samples: Sequence[str]) -> str:
    given = [sample.strip() for sample in samples if sample.strip()]
    if given and all(_EMAIL.fullmatch(sample) for sample in given):
        return "person.email"
    if given and all(_CORPORATE.fullmatch(sample) for sample in given):
        return "account.corporate_number"
    return ""


def _word(header: str) -> str:
    narrow = unicodedata.normalize("NFKC", header).strip().lower()
    return re.sub(r"[\s_\-・()（）]+", " ", narrow).strip()
