"""Reads the forms of a page as a browser would send them back."""

from html.parser import HTMLParser

from django.test import Client

Fields = dict[str, list[str]]


def fields_of(client: Client, path: str) -> Fields:
    """Return what the form that posts to `path` holds when nobody has typed anything."""
    reader = _Reader(path)
    reader.feed(client.get(path).content.decode())
    assert reader.found
    return reader.fields


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: Fields = {}
        self.found = False
        self._action = action
        self._inside = False
        self._select = ""
        self._options: list[tuple[str, bool]] = []
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = has.get("action") == self._action
            self.found |= self._inside
        elif self._inside and tag == "input":
            self._input(has)
        elif self._inside and tag == "select":
            self._select, self._options = has["name"], []
        elif self._select and tag == "option":
            self._options.append((has.get("value", ""), "selected" in has))
        elif self._inside and tag == "textarea":
            self._area = has["name"]
            self.fields[self._area] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            self.fields.setdefault(self._select, []).append(
                (chosen or [value for value, _selected in self._options])[0]
            )
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            # A browser leaves out the line break right behind the tag.
            self.fields[self._area][0] += data.removeprefix("\n")

    def _input(self, has: dict[str, str]) -> None:
        ticked = has.get("type") not in ("checkbox", "radio") or "checked" in has
        if "name" in has and ticked:
            self.fields.setdefault(has["name"], []).append(has.get("value", "on"))
