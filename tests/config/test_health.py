"""What those who watch the process are told."""

import pytest
from django.db import DatabaseError
from django.test import Client

from tasuki.config import health


def test_the_process_says_it_is_alive_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_it_is_ready_when_every_migration_is_applied(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "pending_migrations": 0}


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "pending_migrations", lambda: ["people.0002_next"])

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["pending_migrations"] == 1


def test_it_is_not_ready_without_a_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> list[str]:
        raise DatabaseError

    monkeypatch.setattr(health, "pending_migrations", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "unreachable"}


def test_only_looking_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
