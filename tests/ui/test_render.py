"""Whole pages, and blocks of them for htmx."""

from typing import Any, cast

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from tasuki.ui.render import UnknownFragment, page, render_block

PARENT = (
    "<html>{% block title %}T{% endblock %}{% block body %}{% endblock %}{{ broken.tail }}</html>"
)
CHILD = (
    "{% extends parent %}{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}{% set top = 'top' %}"
    "{% block body %}{% block part %}{{ bold(value) }}{{ top }}{% endblock %}rest{% endblock %}"
)


def render(name: str, **values: Any) -> str:
    env = cast(Jinja2, engines["jinja2"]).env
    parent = env.from_string(PARENT)
    return render_block(env.from_string(CHILD), name, {"parent": parent, **values})


def request_with(**headers: str) -> HttpRequest:
    request = RequestFactory().get("/styleguide/", headers=headers)
    request.user = AnonymousUser()
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return request


def test_a_block_has_what_the_top_of_its_template_defines() -> None:
    assert render("part", value="<1>") == "<b>&lt;1&gt;</b>top"


def test_a_block_of_the_parent_can_be_asked_for() -> None:
    assert render("title", value="") == "T"


def test_an_unknown_block_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownFragment, match="'nothing'"):
        render("nothing", value="")


def test_htmx_gets_the_block_and_others_the_page() -> None:
    whole = page(request_with(), "ui/error.html", error(), fragment="content", status=404)
    part = page(
        request_with(**{"HX-Request": "true"}), "ui/error.html", error(), fragment="content"
    )

    assert whole.status_code == 404
    assert b"<html" in whole.content
    assert b"<h1" in part.content
    assert b"<html" not in part.content
    assert part.headers["Vary"] == "HX-Request"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_htmx_gets_the_page_when_it_restores_or_boosts(header: str) -> None:
    request = request_with(**{"HX-Request": "true", header: "true"})

    assert b"<html" in page(request, "ui/error.html", error(), fragment="content").content


def error() -> dict[str, Any]:
    explanation = {"icon": "lock", "title": "Title", "text": "Text"}
    return {"explanation": explanation, "status": 404, "missing_right": None}
