"""Writing a mapping as the YAML a person would write: short forms wherever they say it all."""

from collections.abc import Mapping as Map

import yaml

from tasuki.connect.mapping.types import Block, FileSpec, Gates, Mapping, Source


def write_mapping(mapping: Mapping) -> str:
    """Return YAML that `read_mapping` reads back as the same mapping."""
    tree: dict[str, object] = {"source": mapping.source}
    if mapping.label:
        tree["label"] = mapping.label
    tree["currency"] = mapping.currency
    if mapping.reporting_currency:
        tree["reporting_currency"] = mapping.reporting_currency
    tree["time_zone"] = mapping.time_zone
    tree["gates"] = mapping.gates.value if mapping.gates else Gates.ENFORCED.value
    tree["files"] = {name: _file(spec) for name, spec in mapping.files.items()}
    tree["records"] = [_block(block) for block in mapping.blocks]
    text: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=100)
    return text


def _file(spec: FileSpec) -> object:
    values = {
        name: getattr(spec, name)
        for name in ("file", "sheet", "encoding", "delimiter", "key", "by")
        if getattr(spec, name)
    }
    return spec.file if set(values) <= {"file"} else values


def _block(block: Block) -> dict[str, object]:
    tree: dict[str, object] = {"entity": block.entity.value, "from": block.file}
    if block.key is not None:
        tree["key"] = _source(block.key)
    for name, sources in (
        ("fields", block.fields),
        ("stages", block.stages),
        ("owners", block.owners),
    ):
        if sources:
            tree[name] = _sources(sources)
    return tree


def _sources(sources: Map[str, Source]) -> dict[str, object]:
    return {name: _source(source) for name, source in sources.items()}


def _source(source: Source) -> object:
    tree: dict[str, object] = {}
    if source.column:
        tree["column"] = source.column
    elif source.template:
        tree["template"] = source.template
    else:
        tree["value"] = source.value
    if source.translate:
        tree["map"] = dict(source.translate)
    if source.default:
        tree["default"] = source.default
    if source.when:
        tree["when"] = {
            column: values[0] if len(values) == 1 else list(values)
            for column, values in source.when.items()
        }
    if source.format:
        tree["format"] = source.format
    return _short(tree)


def _short(tree: dict[str, object]) -> object:
    if set(tree) == {"column"} and "{" not in str(tree["column"]):
        return tree["column"]
    if set(tree) == {"template"} and "{" in str(tree["template"]):
        return tree["template"]
    return tree
