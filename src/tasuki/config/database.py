"""Which database: the operator's own by DATABASE_URL, the embedded one otherwise."""

from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from tasuki.config.environment import Environment, UnableToReadEnvironment
from tasuki.config.postgres import DATABASE, PORT, ROLE, socket_folder

_NAMED = ("dbname", "user", "password", "host", "port")


def database_settings(*, environment: Environment) -> dict[str, Any]:
    """Return Django's settings of the one database.

    Raises:
        UnableToReadEnvironment: DATABASE_URL is no PostgreSQL address.
    """
    if environment.database_url is None:
        parts = {
            "dbname": DATABASE,
            "user": ROLE,
            "host": str(socket_folder(folder=embedded_folder(environment=environment))),
            "port": str(PORT),
        }
    else:
        parts = _parts(environment.database_url)
    options: dict[str, Any] = {key: value for key, value in parts.items() if key not in _NAMED}
    options.setdefault("application_name", "tasuki")
    if environment.pool_size:
        options["pool"] = {"min_size": 1, "max_size": environment.pool_size, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts["dbname"],
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        # A pool keeps its own connections; without one, a connection lives for a minute.
        "CONN_MAX_AGE": 0 if environment.pool_size else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def embedded_folder(*, environment: Environment) -> Path:
    """Return the folder of the embedded PostgreSQL."""
    return environment.home / "postgres"


def _parts(url: str) -> dict[str, Any]:
    if not url.startswith(("postgres://", "postgresql://")):
        raise UnableToReadEnvironment(
            "DATABASE_URL must start with postgresql://; PostgreSQL is the only engine."
        )
    parts = {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
    if not parts.get("dbname"):
        raise UnableToReadEnvironment(
            "DATABASE_URL must name a database: postgresql://user@host:5432/tasuki"
        )
    return parts
