"""The texts of the screens: collect what the code says, check that Japanese has it, compile.

    messages.py extract   add new texts to the catalogues, drop those that nobody says any more
    messages.py check     fail when a text has no Japanese, or two apps translate it differently
    messages.py compile   write the .mo files that Django reads

Each app keeps its own `locale/ja/LC_MESSAGES/django.po`. Django reads them as one, so a text that
another app translates already needs no second entry.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "tasuki"
METHODS = [("**/jinja2/**.html", "jinja2"), ("**/jinja2/**.txt", "jinja2"), ("**.py", "python")]
OPTIONS = {
    # As the templates are compiled, so that the texts come out the same.
    pattern: {
        "encoding": "utf-8",
        "silent": "false",
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "extensions": "jinja2.ext.do",
    }
    for pattern, method in METHODS
    if method == "jinja2"
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Key = tuple[str, str | None]


def main(arguments: list[str]) -> int:
    """Run the command that the first argument names; return the exit code."""
    commands: dict[str, Callable[[], int]] = {
        "extract": extract,
        "check": check,
        "compile": compile_catalogues,
    }
    if len(arguments) != 1 or arguments[0] not in commands:
        sys.stderr.write(__doc__ or "")
        return 2
    return commands[arguments[0]]()


def extract() -> int:
    """Bring every catalogue in line with the code; return 1 when texts now wait for Japanese."""
    said = {app: _said_by(app) for app in _apps()}
    everything: set[Key] = set().union(*said.values())
    catalogues = {app: _read(app) for app in said}
    known = {_key(m) for catalogue in catalogues.values() for m in _messages(catalogue)}
    for app, texts in said.items():
        catalogue = catalogues[app]
        for message in list(_messages(catalogue)):
            if _key(message) not in everything:
                catalogue.delete(message.id, message.context)
        for key, message in texts.items():
            if key not in known:
                catalogue.add(message.id, context=message.context, flags=message.flags)
                known.add(key)
        if len(catalogue) or _path(app).exists():
            _write(app, catalogue)
    return check()


def check() -> int:
    """Return 0 when every text has one Japanese translation; say what is missing otherwise."""
    problems = list(_problems())
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if problems:
        sys.stderr.write(f"{len(problems)} problems with texts; see `make messages`.\n")
    return 1 if problems else 0


def compile_catalogues() -> int:
    """Write a .mo file beside each catalogue."""
    for app in _apps():
        path = _path(app)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, _read(app))
    return 0


def _problems() -> Iterator[str]:
    translations: dict[Key, set[str]] = defaultdict(set)
    for app in _apps():
        for message in _messages(_read(app)):
            yield from (f"{app}: {problem}" for problem in _faults(message))
            translations[_key(message)].add(str(message.string))
    for key, found in translations.items():
        if len(found) > 1:
            yield f"{key[0]!r} is translated in more than one way: {', '.join(sorted(found))}"
    said: dict[Key, str] = {}
    for app in _apps():
        said = dict.fromkeys(_said_by(app), app) | said
    for key in sorted(set(said) - set(translations), key=str):
        yield f"{said[key]}: {key[0]!r} is in no catalogue"
    for key in sorted(set(translations) - set(said), key=str):
        yield f"{key[0]!r} is in a catalogue, but nobody says it"


def _faults(message: Message) -> Iterator[str]:
    if not _is_translated(message):
        yield f"no Japanese for {message.id!r}"
    for error in message.check(None):
        yield f"{message.id!r}: {error}"


def _apps() -> list[str]:
    return sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


def _path(app: str) -> Path:
    return SOURCE / app / "locale" / "ja" / "LC_MESSAGES" / "django.po"


def _said_by(app: str) -> dict[Key, Message]:
    found: dict[Key, Message] = {}
    extracted = extract_from_dir(
        SOURCE / app,
        method_map=METHODS,
        options_map=OPTIONS,
        keywords=KEYWORDS,
        directory_filter=lambda path: Path(path).name not in {"node_modules", "frontend", "static"},
    )
    for _file, _line, identifier, _comments, context in extracted:
        if identifier and identifier != ("", ""):
            message = Message(identifier, context=context)
            message = Message(identifier, context=context, flags=_flags(message))
            found.setdefault(_key(message), message)
    return found


def _flags(message: Message) -> list[str]:
    return ["python-format"] if message.python_format else []


def _read(app: str) -> Catalog:
    path = _path(app)
    if not path.exists():
        return Catalog(locale="ja", domain="django", project="Tasuki", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="ja", domain="django", charset="utf-8")


def _write(app: str, catalogue: Catalog) -> None:
    """Write the catalogue with neither places nor dates, which only make differences."""
    path = _path(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.obsolete.clear()
    lines = [
        'msgid ""',
        'msgstr ""',
        '"Language: ja\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=UTF-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        '"Plural-Forms: nplurals=1; plural=0;\\n"',
    ]
    with path.open("wb") as file:
        file.write(("\n".join(lines) + "\n\n").encode())
        write_po(file, catalogue, width=100, no_location=True, omit_header=True, sort_output=True)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _key(message: Message) -> Key:
    identifier = message.id if isinstance(message.id, str) else message.id[0]
    return identifier, message.context


def _is_translated(message: Message) -> bool:
    if message.fuzzy:
        return False
    if isinstance(message.string, str):
        return bool(message.string)
    return bool(message.string and all(message.string))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
