"""The text of a draft as a tree that can be changed part by part, sound or not."""

import json
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, TypeAlias

import yaml

Entry: TypeAlias = dict[str, Any]
"""A mapping of the YAML as it was loaded; nothing is known about its values."""


class NoSuchPart(LookupError):
    """The draft has no such part: it was moved or removed meanwhile."""


class Sheet:
    """A draft's tree. Whatever is not touched stays as it was written, comments aside."""

    def __init__(self, text: str) -> None:
        """Read the text. Raises: ValueError when it is no YAML mapping."""
        try:
            # Never the loader in C: it overruns its stack on a text that nests deeply.
            tree = yaml.safe_load(text)
            # Parts that the file names once and uses twice are told apart from here on.
            self.tree: Entry = json.loads(json.dumps(tree, default=str))
        except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
            raise ValueError(str(error)) from error
        if not isinstance(self.tree, dict):
            raise ValueError("no mapping")

    @property
    def text(self) -> str:
        """The tree as YAML, labels on one line."""
        return yaml.dump(
            _one_lined(self.tree), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000
        )

    def entries(self, *path: str | int) -> list[Any]:
        """Return the list at a path, empty where there is none."""
        place: Any = self.tree
        for step in path:
            try:
                place = place[step]
            except (KeyError, IndexError, TypeError):
                return []
        return place if isinstance(place, list) else []

    def entry(self, path: Sequence[str | int], index: int) -> Entry:
        """Return a copy of one entry of a list; empty for the one after the last.

        Raises: NoSuchPart.
        """
        entries = self.entries(*path)
        if index > len(entries):
            raise NoSuchPart
        found = entries[index] if index < len(entries) else {}
        return deepcopy(found) if isinstance(found, dict) else {}

    def put(self, path: Sequence[str | int], index: int, entry: Entry) -> None:
        """Put an entry in its place, or after the last. Raises: NoSuchPart."""
        entries = self._made(path)
        if index > len(entries):
            raise NoSuchPart
        entries[index : index + 1] = [entry]

    def remove(self, path: Sequence[str | int], index: int) -> None:
        """Take an entry out. Raises: NoSuchPart."""
        entries = self.entries(*path)
        if index >= len(entries):
            raise NoSuchPart
        del entries[index]

    def move(self, path: Sequence[str | int], index: int, step: int) -> None:
        """Change places with a neighbour; at the end of the list nothing happens.

        Raises: NoSuchPart.
        """
        entries = self.entries(*path)
        if index >= len(entries):
            raise NoSuchPart
        other = index + step
        if 0 <= other < len(entries):
            entries[index], entries[other] = entries[other], entries[index]

    def _made(self, path: Sequence[str | int]) -> list[Any]:
        *above, last = path
        place: Any = self.tree
        for step in above:
            try:
                place = place[step]
            except (KeyError, IndexError, TypeError):
                raise NoSuchPart from None
        if not isinstance(place, dict):
            raise NoSuchPart
        if not isinstance(place.get(last), list):
            place[last] = []
        found: list[Any] = place[last]
        return found


class _OneLine(dict[str, Any]):
    """A small mapping that stands on the line of its key."""


class _Dumper(yaml.SafeDumper):
    """Writes as people do: nothing is named once and used twice."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _write_one_line(dumper: _Dumper, entry: _OneLine) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", entry, flow_style=True)


_Dumper.add_representer(_OneLine, _write_one_line)


def _one_lined(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {key: _one_lined(each) for key, each in value.items()}
        return _OneLine(inner) if inner and set(inner) <= {"ja", "en"} else inner
    if isinstance(value, list):
        return [_one_lined(each) for each in value]
    return value
