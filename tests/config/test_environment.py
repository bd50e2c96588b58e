"""What the environment variables mean, and how a wrong one is told."""

import os
from pathlib import Path

import pytest

from tasuki.config.database import database_settings
from tasuki.config.environment import UnableToReadEnvironment, read_environment
from tasuki.config.secret import secret_key


def test_nothing_said_means_a_local_installation_with_its_own_database() -> None:
    environment = read_environment(variables={"TASUKI_HOME": "/srv/tasuki"})

    assert environment.home == Path("/srv/tasuki")
    assert environment.database_url is None
    assert not environment.is_https
    assert not environment.debug
    assert not environment.demo
    assert environment.import_max_bytes == 512 * 1024 * 1024
    assert environment.hosts == ["localhost", "127.0.0.1", "[::1]", "localhost"]


def test_an_https_address_adds_its_host_and_turns_on_security() -> None:
    environment = read_environment(
        variables={"TASUKI_URL": "https://tasuki.example.jp", "TASUKI_HOSTS": "a.test, b.test"}
    )

    assert environment.is_https
    assert environment.hosts[-3:] == ["tasuki.example.jp", "a.test", "b.test"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("TASUKI_DEMO", "perhaps", "TASUKI_DEMO must be 1 or 0"),
        ("TASUKI_DB_POOL", "-1", "TASUKI_DB_POOL must be a whole number"),
        ("TASUKI_URL", "tasuki.example.jp", "TASUKI_URL must start with http:// or https://"),
        ("TASUKI_MAIL_URL", "mail.example.jp", "TASUKI_MAIL_URL must start with smtp://"),
        ("TASUKI_LOG_LEVEL", "loud", "TASUKI_LOG_LEVEL must be one of DEBUG"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str, message: str) -> None:
    with pytest.raises(UnableToReadEnvironment, match=message):
        read_environment(variables={name: value})


def test_an_ordinary_user_has_a_folder_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert read_environment(variables={"XDG_DATA_HOME": "/data"}).home == Path("/data/tasuki")
    assert read_environment(variables={}).home == Path.home() / ".local" / "share" / "tasuki"


def test_root_has_a_folder_that_the_database_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert read_environment(variables={}).home == Path("/var/lib/tasuki")


def test_the_embedded_database_is_reached_by_its_socket() -> None:
    environment = read_environment(variables={"TASUKI_HOME": "/srv/t", "TASUKI_DB_POOL": "0"})

    settings = database_settings(environment=environment)

    assert settings["HOST"] == "/srv/t/postgres/run"
    assert settings["NAME"] == "tasuki"
    assert "pool" not in settings["OPTIONS"]
    assert settings["CONN_MAX_AGE"] == 60


def test_a_database_address_wins() -> None:
    url = "postgresql://kenji:p%40ss@db.test:5433/sales?sslmode=require"
    environment = read_environment(variables={"DATABASE_URL": url, "TASUKI_DB_POOL": "5"})

    settings = database_settings(environment=environment)

    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.test", "5433", "sales")
    assert (settings["USER"], settings["PASSWORD"]) == ("kenji", "p@ss")
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert settings["OPTIONS"]["pool"]["max_size"] == 5
    assert settings["CONN_MAX_AGE"] == 0


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host.test", "sqlite:///x.db"])
def test_an_address_of_no_postgresql_database_is_refused(url: str) -> None:
    environment = read_environment(variables={"DATABASE_URL": url})

    with pytest.raises(UnableToReadEnvironment, match="DATABASE_URL must"):
        database_settings(environment=environment)


def test_the_secret_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    home = tmp_path / "new"

    first = secret_key(home=home)

    assert len(first) >= 64
    assert secret_key(home=home) == first
    assert (home / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == ["secret_key"]
