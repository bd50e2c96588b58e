"""The environment variables that Tasuki listens to, read once into one typed value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


class UnableToReadEnvironment(ValueError):
    """A variable holds something that it cannot mean; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the machine tells Tasuki about where and how it runs."""

    home: Path
    """Everything this installation owns: embedded database, uploads, secret key, mail outbox."""
    database_url: str | None
    """A PostgreSQL of the operator's own; None means the embedded one in `home`."""
    pool_size: int
    """Connections each web process may hold; 0 opens one connection a thread instead."""
    public_url: SplitResult
    """Where people reach Tasuki; its scheme and host decide cookies, HSTS and allowed hosts."""
    extra_hosts: tuple[str, ...]
    behind_proxy: bool
    """True when a trusted proxy sets X-Forwarded-Proto and X-Forwarded-For."""
    secret_key: str | None
    debug: bool
    demo: bool
    """True on a demo company only: sign-in with one click for every role."""
    mail_url: SplitResult | None
    mail_from: str
    webhook_private: bool
    """True when notices may be posted to addresses inside this network."""
    import_max_bytes: int
    """How large each file of an import may be."""
    log_level: str

    @property
    def is_https(self) -> bool:
        """True when people reach Tasuki over TLS."""
        return self.public_url.scheme == "https"

    @property
    def hosts(self) -> list[str]:
        """Host names that a request may ask for."""
        public = self.public_url.hostname
        return [*LOCAL_HOSTS, *([public] if public else []), *self.extra_hosts]


def read_environment(*, variables: Mapping[str, str] | None = None) -> Environment:
    """Return the environment, checked.

    Raises:
        UnableToReadEnvironment: a variable cannot be understood.
    """
    env = os.environ if variables is None else variables
    mail_url = env.get("TASUKI_MAIL_URL")
    return Environment(
        home=_home(env),
        database_url=env.get("DATABASE_URL") or None,
        pool_size=_whole_number(env, "TASUKI_DB_POOL", 8),
        public_url=_url(env, "TASUKI_URL", "http://localhost:8000", ("http", "https")),
        extra_hosts=tuple(
            host.strip() for host in env.get("TASUKI_HOSTS", "").split(",") if host.strip()
        ),
        behind_proxy=_flag(env, "TASUKI_BEHIND_PROXY"),
        secret_key=env.get("TASUKI_SECRET_KEY") or None,
        debug=_flag(env, "TASUKI_DEBUG"),
        demo=_flag(env, "TASUKI_DEMO"),
        mail_url=_url(env, "TASUKI_MAIL_URL", "", ("smtp", "smtps")) if mail_url else None,
        mail_from=env.get("TASUKI_MAIL_FROM", "Tasuki <tasuki@localhost>"),
        webhook_private=_flag(env, "TASUKI_WEBHOOK_PRIVATE"),
        import_max_bytes=_whole_number(env, "TASUKI_IMPORT_MAX_BYTES", 512 * 1024 * 1024),
        log_level=_one_of(env, "TASUKI_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    )


def _home(env: Mapping[str, str]) -> Path:
    if named := env.get("TASUKI_HOME"):
        return Path(named).expanduser().absolute()
    # PostgreSQL never runs as root, and the user it then runs as cannot look into /root.
    if os.geteuid() == 0:
        return Path("/var/lib/tasuki")
    base = env.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share").absolute() / "tasuki"


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise UnableToReadEnvironment(f"{name} must be 1 or 0, not {env[name]!r}.")


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "").strip() or str(default)
    if not value.isdecimal():
        raise UnableToReadEnvironment(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def _one_of(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = (env.get(name) or default).upper()
    if value not in allowed:
        raise UnableToReadEnvironment(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def _url(env: Mapping[str, str], name: str, default: str, schemes: tuple[str, ...]) -> SplitResult:
    url = urlsplit(env.get(name) or default)
    if url.scheme not in schemes or not url.hostname:
        starts = " or ".join(f"{scheme}://" for scheme in schemes)
        raise UnableToReadEnvironment(f"{name} must start with {starts} and name a host.")
    return url
