"""The web processes are forks: what the first process holds, they must not share."""

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper

from tasuki.cli.commands.serve import _leave_database


def test_the_first_process_gives_up_its_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(DatabaseWrapper, "close", lambda _self: done.append("close"))
    monkeypatch.setattr(DatabaseWrapper, "close_pool", lambda _self: done.append("close_pool"))

    _leave_database()

    assert done == ["close", "close_pool"]
