"""Reading a mapping from YAML: either the whole value, or every mistake in it at once."""

from collections.abc import Iterable
from collections.abc import Mapping as Map
from enum import StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import yaml

from tasuki.connect.mapping.fields import FIELDS, field_of
from tasuki.connect.mapping.templates import template_columns
from tasuki.connect.mapping.types import (
    Block,
    Entity,
    FileSpec,
    Gates,
    Mapping,
    MappingInvalid,
    MappingProblem,
    MappingRule,
    Source,
)
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.core.money import CURRENCIES
from tasuki.core.spelling import did_you_mean

SOURCE_LENGTH: Final = 64
GATE_WORDS: Final[Map[str, str]] = {"tell": Gates.AS_RECORDED, "enforce": Gates.ENFORCED}
_TOP: Final = (
    "source",
    "label",
    "currency",
    "reporting_currency",
    "time_zone",
    "gates",
    "files",
    "records",
)
_FILE: Final = ("file", "sheet", "encoding", "delimiter", "key", "by")
_BLOCK: Final = ("entity", "from", "key", "fields", "stages", "owners")
_SOURCE: Final = ("column", "value", "template", "map", "default", "when", "format")

_Closed = TypeVar("_Closed", bound=StrEnum)


def read_mapping(text: str) -> Mapping:
    """Return the mapping that the YAML text describes.

    Raises: MappingInvalid with every mistake.
    """
    try:
        # The base loader keeps every value a text: "no" stays "no", 0120 stays 0120.
        tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes no objects
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        message = Label(f"YAMLとして読めません({line}行目)。", f"This is not YAML (line {line}).")
        raise MappingInvalid((MappingProblem("", MappingRule.NOT_YAML, message),)) from error
    reader = _Reader()
    mapping = reader.mapping(tree)
    if reader.problems or mapping is None:
        raise MappingInvalid(tuple(reader.problems))
    return mapping


def _in_full(word: object) -> object:
    """The words of the command line may stand in the file, too."""
    return GATE_WORDS.get(word, word) if isinstance(word, str) else word


class _Reader:
    """Walks the tree, keeps every mistake with its path."""

    def __init__(self) -> None:
        self.problems: list[MappingProblem] = []
        self.files: dict[str, FileSpec] = {}

    def mapping(self, tree: object) -> Mapping | None:
        top = self.dictionary("", tree, _TOP)
        if top is None:
            return None
        source = self.text("source", top.get("source"), required=True)
        if len(source) > SOURCE_LENGTH:
            self.wrong_value("source", source[:20])
        self.read_files(top.get("files"))
        blocks = [
            block
            for index, node in enumerate(self.listing("records", top.get("records")))
            if (block := self.block(f"records[{index}]", node)) is not None
        ]
        self.check_lookups()
        return Mapping(
            source=source,
            label=self.text("label", top.get("label")),
            files=dict(self.files),
            blocks=tuple(blocks),
            currency=self.currency("currency", top.get("currency"), default="JPY"),
            reporting_currency=self.currency("reporting_currency", top.get("reporting_currency")),
            time_zone=self.zone(top.get("time_zone")),
            gates=self.closed("gates", _in_full(top.get("gates")), Gates, Gates.ENFORCED),
        )

    def read_files(self, node: object) -> None:
        for name, given in (self.dictionary("files", node, None, required=True) or {}).items():
            path = f"files.{name}"
            spec = {"file": given} if isinstance(given, str) else given
            values = self.dictionary(path, spec, _FILE)
            if values is None:
                continue
            texts = {key: self.text(f"{path}.{key}", value) for key, value in values.items()}
            if not texts.get("file"):
                self.missing(f"{path}.file")
            known = {key: text for key, text in texts.items() if key in _FILE}
            self.files[str(name)] = FileSpec(name=str(name), **{"file": "", **known})

    def check_lookups(self) -> None:
        """Every file that another one is looked up through exists and has a key."""
        for name, spec in self.files.items():
            if spec.by:
                self.check_column(f"files.{name}.by", spec.by)

    def block(self, path: str, node: object) -> Block | None:
        values = self.dictionary(path, node, _BLOCK)
        if values is None:
            return None
        entity = self.required_choice(f"{path}.entity", values.get("entity"), Entity)
        file = self.text(f"{path}.from", values.get("from"), required=True)
        if file and file not in self.files:
            self.unknown(f"{path}.from", file, self.files)
        if entity is None:
            return None
        key = self.source(f"{path}.key", values["key"]) if "key" in values else None
        fields = self.fields(f"{path}.fields", values.get("fields"), entity)
        self.check_required(path, entity, fields)
        return Block(
            entity=entity,
            file=file,
            key=key,
            fields=fields,
            stages=self.sources(f"{path}.stages", values.get("stages"), entity, None),
            owners=self.sources(
                f"{path}.owners", values.get("owners"), entity, [d.value for d in Department]
            ),
        )

    def check_required(self, path: str, entity: Entity, fields: Map[str, Source]) -> None:
        for name, spec in FIELDS[entity].items():
            if spec.required and name not in fields:
                self.missing(f"{path}.fields.{name}")
        named = {"family_name", "given_name", "full_name", "email"}
        if entity is Entity.PERSON and not named & set(fields):
            self.missing(f"{path}.fields.full_name")
        targets = {"journey", "account", "person"}
        if entity is Entity.ACTIVITY and not targets & set(fields):
            self.missing(f"{path}.fields.journey")

    def fields(self, path: str, node: object, entity: Entity) -> dict[str, Source]:
        found = {}
        for name, given in (self.dictionary(path, node, None, required=True) or {}).items():
            if field_of(entity=entity, name=str(name)) is None:
                self.unknown(f"{path}.{name}", str(name), FIELDS[entity])
            elif (source := self.source(f"{path}.{name}", given)) is not None:
                found[str(name)] = source
        return found

    def sources(
        self, path: str, node: object, entity: Entity, allowed: list[str] | None
    ) -> dict[str, Source]:
        if node in (None, ""):
            return {}
        if entity is not Entity.JOURNEY:
            self.unknown(path, path.rpartition(".")[2], [])
            return {}
        found = {}
        for name, given in (self.dictionary(path, node, None) or {}).items():
            if allowed is not None and name not in allowed:
                self.unknown(f"{path}.{name}", str(name), allowed)
            elif (source := self.source(f"{path}.{name}", given)) is not None:
                found[str(name)] = source
        return found

    def source(self, path: str, node: object) -> Source | None:
        if isinstance(node, str):
            node = {"template" if "{" in node else "column": node}
        values = self.dictionary(path, node, _SOURCE)
        if values is None:
            return None
        given = [name for name in ("column", "value", "template") if name in values]
        if len(given) != 1:
            message = Label(
                "column、value、templateのどれか1つを書いてください。",
                "Give exactly one of column, value and template.",
            )
            self.problems.append(MappingProblem(path, MappingRule.TWO_SOURCES, message))
            return None
        texts = {
            name: self.text(f"{path}.{name}", values.get(name))
            for name in ("column", "value", "template", "default", "format")
        }
        for column in self.columns_of(path, texts):
            self.check_column(path, column)
        return Source(
            **texts,
            translate=self.text_map(f"{path}.map", values.get("map")),
            when=self.conditions(f"{path}.when", values.get("when")),
        )

    def columns_of(self, path: str, texts: Map[str, str]) -> Iterable[str]:
        if texts["column"]:
            return [texts["column"]]
        try:
            return template_columns(texts["template"])
        except ValueError:
            self.wrong_value(f"{path}.template", texts["template"])
            return []

    def check_column(self, path: str, column: str) -> None:
        """A column of another file needs that file to have a key."""
        name, dot, _ = column.partition(".")
        if dot and name in self.files and not self.files[name].key:
            self.missing(f"files.{name}.key")

    def conditions(self, path: str, node: object) -> dict[str, tuple[str, ...]]:
        found = {}
        for column, wanted in (self.dictionary(path, node, None) or {}).items():
            values = wanted if isinstance(wanted, list) else [wanted]
            self.check_column(path, str(column))
            found[str(column)] = tuple(self.text(f"{path}.{column}", item) for item in values)
        return found

    def text_map(self, path: str, node: object) -> dict[str, str]:
        tree = self.dictionary(path, node, None) or {}
        return {
            self.text(path, key): self.text(f"{path}.{key}", item) for key, item in tree.items()
        }

    def dictionary(
        self,
        path: str,
        node: object,
        allowed: Iterable[str] | None,
        *,
        required: bool = False,
    ) -> dict[str, object] | None:
        if node in (None, "") and path:
            if required:
                self.missing(path)
            return None if allowed is not None else {}
        if not isinstance(node, dict):
            self.wrong_shape(path, Label("項目と値の組", "names with values"))
            return None
        for name in node:
            if allowed is not None and name not in allowed:
                self.unknown(f"{path}.{name}".strip("."), str(name), allowed)
        return node

    def listing(self, path: str, node: object) -> list[object]:
        if node in (None, ""):
            self.missing(path)
            return []
        if not isinstance(node, list):
            self.wrong_shape(path, Label("「-」で始まる並び", "a list"))
            return []
        return node

    def text(self, path: str, node: object, *, required: bool = False) -> str:
        if node is None or node == "":
            if required:
                self.missing(path)
            return ""
        if isinstance(node, dict | list):
            self.wrong_shape(path, Label("1つの値", "one value"))
            return ""
        return str(node)

    def currency(self, path: str, node: object, default: str = "") -> str:
        code = self.text(path, node) or default
        if code and code not in CURRENCIES:
            self.wrong_value(path, code)
        return code

    def zone(self, node: object) -> str:
        name = self.text("time_zone", node) or "Asia/Tokyo"
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.wrong_value("time_zone", name)
        return name

    def closed(self, path: str, node: object, values: type[_Closed], default: _Closed) -> _Closed:
        return self.required_choice(path, node or default.value, values) or default

    def required_choice(self, path: str, node: object, values: type[_Closed]) -> _Closed | None:
        text = self.text(path, node, required=True)
        known = {item.value: item for item in values}
        if text and text not in known:
            self.unknown(path, text, known)
        return known.get(text)

    def missing(self, path: str) -> None:
        message = Label(f"「{path}」がありません。", f'"{path}" is missing.')
        problem = MappingProblem(path, MappingRule.MISSING, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def unknown(self, path: str, name: str, known: Iterable[str]) -> None:
        hint = did_you_mean(word=name, known=known)
        message = Label(f"「{name}」は使えません。{hint.ja}", f'"{name}" is not known.{hint.en}')
        self.problems.append(MappingProblem(path, MappingRule.UNKNOWN_NAME, message))

    def wrong_shape(self, path: str, wanted: Label) -> None:
        message = Label(f"ここには{wanted.ja}を書きます。", f"This must be {wanted.en}.")
        self.problems.append(MappingProblem(path, MappingRule.WRONG_SHAPE, message))

    def wrong_value(self, path: str, value: str) -> None:
        message = Label(f"「{value}」という値は使えません。", f'"{value}" cannot be used here.')
        self.problems.append(MappingProblem(path, MappingRule.WRONG_VALUE, message))
