"""The style guide shows every component, in both languages, under the strict policy."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tasuki import ui
from tasuki.core.access import Role
from tests.people.factories import client_of, make_user

TEMPLATES = Path(ui.__file__).parent / "jinja2" / "ui"
COMPONENTS = TEMPLATES / "components"
ICONS = Path(ui.__file__).parent / "frontend" / "icons"


@pytest.fixture
def builder(client: Client, settings: pytest.FixtureRequest) -> Client:
    settings.TASUKI_DEMO = True  # type: ignore[attr-defined]
    return client


def guide(client: Client, language: str) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(reverse("ui:styleguide"))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_renders_without_anything_a_strict_policy_forbids(
    builder: Client, language: str
) -> None:
    html = guide(builder, language)

    assert f'<html lang="{language}"' in html
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert "javascript:" not in html


def test_it_is_complete_in_both_languages(builder: Client) -> None:
    japanese, english = guide(builder, "ja"), guide(builder, "en")

    assert "スタイルガイド" in japanese
    assert "Style guide" in english
    assert "Style guide" not in japanese


def test_every_component_file_is_shown() -> None:
    shown = "".join(path.read_text() for path in (TEMPLATES / "styleguide").glob("*.html"))
    used_inside = "".join(path.read_text() for path in COMPONENTS.glob("*.html"))

    for path in COMPONENTS.glob("*.html"):
        assert f"ui/components/{path.name}" in shown + used_inside, path.name


def test_every_public_macro_is_described_at_the_top_of_its_file() -> None:
    for path in COMPONENTS.glob("*.html"):
        text = path.read_text()
        described = text[: text.index("#}")]
        for name in re.findall(r"{% macro ([a-z]\w*)\(", text):
            assert re.search(rf"\b{name}\b", described), f"{path.name}: {name}"


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    listed = {
        line for line in (ICONS / "icons.txt").read_text().splitlines() if not line.startswith("#")
    } | {path.stem for path in (ICONS / "own").glob("*.svg")}
    source = Path(ui.__file__).parent.parent

    for path in source.glob("*/jinja2/**/*.html"):
        text = path.read_text()
        named = re.findall(r"""\bicon\(["']([a-z0-9-]+)["']""", text)
        named += re.findall(r"""icon_name=["']([a-z0-9-]+)["']""", text)
        assert set(named) <= listed, f"{path}: {set(named) - listed}"


def test_it_is_closed_to_strangers_outside_demo_and_development(client: Client) -> None:
    assert client.get(reverse("ui:styleguide")).status_code == 404


@pytest.mark.django_db
def test_it_is_open_to_whoever_is_signed_in() -> None:
    response = client_of(make_user(Role.VIEWER)).get(reverse("ui:styleguide"))

    assert response.status_code == 200


@pytest.mark.parametrize("part", ["companies", "palette", "sheet"])
def test_live_samples_answer(builder: Client, part: str) -> None:
    response = builder.get(reverse("ui:styleguide_part", args=[part]), {"q": "青葉"})

    assert response.status_code == 200
    assert "<html" not in response.content.decode()


def test_a_live_sample_searches(builder: Client) -> None:
    answer = builder.get(reverse("ui:styleguide_part", args=["companies"]), {"q": "みなと"})

    assert re.findall(r'data-label="([^"]+)"', answer.content.decode()) == ["株式会社みなと物流"]


def test_an_unknown_sample_is_not_found(builder: Client) -> None:
    assert builder.get(reverse("ui:styleguide_part", args=["nothing"])).status_code == 404
