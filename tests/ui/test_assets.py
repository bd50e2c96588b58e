"""Built files by their plain names, and icons."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasuki.ui import assets
from tasuki.ui.assets import asset, icon


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"main.js": "main-abc12345.js"}), encoding="utf-8")
    monkeypatch.setattr(assets, "MANIFEST", path)
    assets._read.cache_clear()
    yield path
    assets._read.cache_clear()


def test_a_built_file_is_found_by_its_plain_name(manifest: Path) -> None:
    assert asset("main.js") == "/static/ui/main-abc12345.js"
    assert asset("unknown.js") == "/static/ui/unknown.js"


def test_without_a_build_the_plain_name_is_used(manifest: Path) -> None:
    manifest.unlink()

    assert asset("main.js") == "/static/ui/main.js"


def test_an_icon_is_silent_unless_it_is_named(manifest: Path) -> None:
    assert icon("x") == (
        '<svg class="icon " aria-hidden="true"><use href="/static/ui/icons.svg#x"/></svg>'
    )
    assert 'role="img" aria-label="&lt;b&gt;"' in icon("x", title="<b>")
