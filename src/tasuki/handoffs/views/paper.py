"""The review on paper: a PDF made by the server, where the library and fonts for it are there."""

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from tasuki.ui.render import page

TEMPLATE = "handoffs/review_paper.html"


@cache
def can_print() -> bool:
    """Tell whether this machine can set Japanese on paper: WeasyPrint, Pango and the fonts."""
    try:
        import_module("weasyprint")
    except (ImportError, OSError):
        return False
    return _has_japanese_font()


def paper(request: HttpRequest, context: Mapping[str, Any], name: str) -> HttpResponse:
    """Answer with the review as a PDF. The page may load nothing from anywhere."""
    weasyprint = import_module("weasyprint")
    markup = page(request, TEMPLATE, context).content.decode()
    document = weasyprint.HTML(string=markup, url_fetcher=_refuse)
    return HttpResponse(
        cast(bytes, document.write_pdf()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _refuse(address: str, *_rest: object, **_more: object) -> dict[str, object]:
    raise ValueError(f"the paper loads nothing, and asked for {address}")


def _has_japanese_font() -> bool:
    program = shutil.which("fc-list")
    if program is None:
        return False
    found = subprocess.run(  # noqa: S603 - a fixed question
        [program, ":lang=ja", "family"], capture_output=True, check=False, timeout=20
    )
    return bool(found.stdout.strip())
