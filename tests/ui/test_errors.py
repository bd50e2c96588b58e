"""Error pages say what to do, in the person's language, and ask the database for nothing."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.test import Client, RequestFactory

from tasuki.core.access import Capability
from tasuki.people.access import CapabilityDenied
from tasuki.people.labels import CAPABILITY_NAMES
from tasuki.ui import views


def request() -> HttpRequest:
    made = RequestFactory().get("/")
    made.user = AnonymousUser()
    return made


def text(response: Any) -> str:
    content: bytes = response.content
    return content.decode()


def test_an_address_that_leads_nowhere(client: Client) -> None:
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "ここには何もありません" in text(response)
    assert response.headers["Content-Security-Policy"]


def test_a_denial_names_the_missing_right() -> None:
    response = views.denied(request(), CapabilityDenied(Capability.MERGE))

    assert response.status_code == 403
    assert str(CAPABILITY_NAMES[Capability.MERGE]) in text(response)


@pytest.mark.parametrize(
    ("response", "status", "title"),
    [
        (lambda: views.bad_request(request(), BadRequest()), 400, "読み取れませんでした"),
        (lambda: views.failed(request()), 500, "システム側で問題が起きました"),
        (lambda: views.form_expired(request()), 403, "開いたまま時間がたちすぎました"),
    ],
)
def test_other_errors(response: Any, status: int, title: str) -> None:
    answer: HttpResponseBase = response()

    assert answer.status_code == status
    assert title in text(answer)


def test_a_form_without_its_token_is_explained() -> None:
    response = Client(enforce_csrf_checks=True).post("/preferences/theme/", {"theme": "dark"})

    assert response.status_code == 403
    assert "有効期限が切れました" in text(response)
