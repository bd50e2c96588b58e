"""The rules of the house that no linter knows."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tasuki"
MOST_LINES = 500
_WRITES = frozenset(
    {
        "bulk_create",
        "bulk_update",
        "create",
        "delete",
        "get_or_create",
        "save",
        "update",
        "update_or_create",
    }
)
_MAY_WRITE = ("journeys/operations", "journeys/migrations", "journeys/models")


def tracked(*suffixes: str) -> list[Path]:
    """Return the files that git knows or would know, with these endings."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [ROOT / line for line in listed.splitlines()]
    return [path for path in paths if path.suffix in suffixes and path.is_file()]


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the path inside the package and the syntax tree of each module of `folders`."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not folders or name.startswith(folders):
            yield name, ast.parse(path.read_text("utf-8"), filename=name)


def test_files_stay_short_enough_to_read() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): count
        for path in tracked(".py", ".html", ".mjs", ".js", ".css")
        if "migrations" not in path.parts
        and (count := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }

    assert long == {}


def test_only_the_operations_of_journeys_write_journey_tables() -> None:
    names = journey_models()
    assert {"Journey", "Account", "Person"} <= names

    writes = [
        f"{path}:{call.lineno} {model}.{verb}"
        for path, tree in modules()
        if not path.startswith(_MAY_WRITE)
        for call, model, verb in written(tree, names)
    ]

    assert writes == []


def journey_models() -> set[str]:
    """Return the names of the classes that `journeys` declares as tables."""
    return {
        node.name
        for _path, tree in modules("journeys/models")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(b) for b in node.bases)
    }


def written(tree: ast.Module, names: set[str]) -> Iterator[tuple[ast.Call, str, str]]:
    """Yield each call that writes through a manager of, or makes and saves, one of `names`."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tasuki.journeys")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        head = re.match(r"\w+", ast.unparse(node.func.value))
        if node.func.attr in _WRITES and head and head.group() in names & imported:
            yield node, head.group(), node.func.attr


def test_the_watch_over_writes_sees_them() -> None:
    tree = ast.parse(
        "from tasuki.journeys.models import Journey\n"
        "Journey.objects.filter(pk=1).update(stage='x')\n"
        "Journey.objects.filter(pk=1).exists()\n"
    )

    assert [(model, verb) for _call, model, verb in written(tree, {"Journey"})] == [
        ("Journey", "update")
    ]


def test_models_are_imported_never_looked_up() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        if "/migrations/" not in path
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "apps.get_model"
    ]

    assert found == []


def test_nothing_happens_behind_the_back_of_an_operation() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "") == "django.db.models.signals"
    ]

    assert found == []


@pytest.mark.django_db(databases=[])
def test_a_relation_to_another_app_leaves_no_way_back() -> None:
    from django.apps import apps  # noqa: PLC0415 - settings come first

    ours = [model for model in apps.get_models() if model.__module__.startswith("tasuki.")]
    open_ways = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in ours
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and field.related_model.__module__.startswith("tasuki.")
        and field.related_model._meta.app_label != model._meta.app_label
        and not field.remote_field.hidden  # type: ignore[union-attr]
    ]

    assert open_ways == []


def test_the_core_knows_neither_clock_nor_chance() -> None:
    found = [
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path, tree in modules("core/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"datetime.now", "datetime.utcnow", "date.today", "timezone.now"}
    ]

    assert found == []


def test_names_say_what_they_are() -> None:
    vague = {"utils", "helpers", "helper", "manager", "managers", "misc", "common"}

    assert [path for path in tracked(".py") if {path.stem, path.parent.name} & vague] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    marks = re.compile(r"/(?:home|Users)/\w+/|file:///|/root/(?!`)")
    this = Path(__file__).resolve()
    suffixes = (".py", ".toml", ".txt", ".md", ".html", ".mjs", ".json", ".yaml", ".yml", ".css")

    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked(*suffixes, "")
        if path != this and marks.search(path.read_text("utf-8", errors="ignore"))
    ]

    assert found == []


def test_locked_packages_name_no_place_to_fetch_them_from() -> None:
    locks = [*(ROOT / "requirements").glob("*.txt"), *tracked(".json")]
    addresses = re.compile(r'--index-url|--extra-index|"resolved":|https?://[^"\s]*registry')

    assert [path.name for path in locks if addresses.search(path.read_text("utf-8"))] == []


def test_every_requirement_is_locked_by_hash() -> None:
    whole = re.compile(r"^[\w.\[\]-]+==.*(?:\\\n\s+--hash=sha256:[0-9a-f]{64}.*)+", re.MULTILINE)
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text("utf-8")
        named = re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)
        assert len(whole.findall(text)) == len(named) > 0, path.name
