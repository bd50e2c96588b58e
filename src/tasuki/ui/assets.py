"""The built styles, scripts and icons: from their plain names to addresses, and icons as markup."""

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from markupsafe import Markup, escape

BUILT: Final = Path(__file__).parent / "static" / "ui"
MANIFEST: Final = BUILT / "manifest.json"


def asset(name: str) -> str:
    """Return the address of a built file, as `main.js`, `main.css`, `icons.svg` or `logo.svg`.

    The names are hashed by the build, so the address goes around Django's own hashing. Without
    a build the plain name is returned: pages still work, plainly, and a system check says why.
    """
    return f"{settings.STATIC_URL}ui/{_files().get(name, name)}"


def icon(name: str, classes: str = "", title: str = "") -> Markup:
    """Return an icon of the sprite. Hidden from screen readers unless it has a `title`."""
    return _drawn(asset("icons.svg"), name, classes, title)


@lru_cache(maxsize=1024)
def _drawn(sprite: str, name: str, classes: str, title: str) -> Markup:
    """Put the markup together once: a page of a list holds a hundred icons of a dozen kinds."""
    hidden = Markup('aria-hidden="true"')
    naming = Markup('role="img" aria-label="{}"').format(title) if title else hidden
    return Markup('<svg class="icon {}" {}><use href="{}#{}"/></svg>').format(
        classes, naming, sprite, escape(name)
    )


def _files() -> dict[str, str]:
    return _read(MANIFEST.stat().st_mtime_ns) if settings.DEBUG and MANIFEST.exists() else _read(0)


@cache
def _read(_version: int) -> dict[str, str]:
    if not MANIFEST.exists():
        return {}
    files: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return files
