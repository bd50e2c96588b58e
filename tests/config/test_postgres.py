"""The embedded PostgreSQL: made, shared, restarted after a crash, stopped, and never misread."""

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tasuki.config import postgres

pytestmark = pytest.mark.programs


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """Yield a folder whose server was made once, and is stopped."""
    with tempfile.TemporaryDirectory(prefix="tasuki postgres ") as name:
        Path(name).chmod(0o711)
        folder = Path(name) / "postgres"
        postgres.acquire(folder=folder, durable=False).release()
        yield folder
        postgres.stop(folder=folder, even_if_used=True)


def ask(folder: Path, question: str) -> object:
    host = str(postgres.socket_folder(folder=folder))
    with psycopg.connect(host=host, user=postgres.ROLE, dbname=postgres.DATABASE) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def test_a_first_start_makes_a_database_that_knows_japanese_letters(made: Path) -> None:
    lease = postgres.acquire(folder=made, durable=False)

    assert ask(made, "SELECT '商談' ~ '^[[:alpha:]]+$' AND lower('Ａ') = 'ａ'") is True
    assert lease.started_here
    assert lease.release()


def test_it_listens_on_nothing_but_its_socket(made: Path) -> None:
    lease = postgres.acquire(folder=made, durable=False)

    assert ask(made, "SHOW listen_addresses") == ""
    assert (made / "run").stat().st_mode & 0o077 == 0
    lease.release()


def test_the_server_stays_until_its_last_user_leaves(made: Path) -> None:
    first = postgres.acquire(folder=made, durable=False)
    second = postgres.acquire(folder=made, durable=False)

    assert not second.started_here
    assert not first.release()
    assert postgres.is_running(folder=made)
    assert second.release()
    assert not postgres.is_running(folder=made)


def test_a_lease_is_given_back_once(made: Path) -> None:
    lease = postgres.acquire(folder=made, durable=False)

    assert lease.release()
    assert not lease.release()


def test_two_who_start_at_once_share_one_server(made: Path) -> None:
    leases: list[postgres.Lease] = []
    threads = [
        threading.Thread(target=lambda: leases.append(postgres.acquire(folder=made, durable=False)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(lease.started_here for lease in leases) == [False, True]
    assert [lease.release() for lease in leases] == [False, True]


def test_it_starts_again_after_it_was_killed(made: Path) -> None:
    killed = postgres.acquire(folder=made, durable=False)
    ask(made, "SELECT 1")
    os.kill(postmaster(made), signal.SIGKILL)

    lease = postgres.acquire(folder=made, durable=False)

    assert lease.started_here
    assert ask(made, "SELECT 1") == 1
    assert not killed.release()
    assert lease.release()


def test_a_pid_file_that_names_some_other_program_is_no_obstacle(made: Path) -> None:
    # As after a crash in a container, where the same number soon belongs to someone else.
    (made / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{made / 'data'}\n")

    lease = postgres.acquire(folder=made, durable=False)

    assert lease.started_here
    assert lease.release()


@pytest.mark.parametrize("content", ["", "999999999\n", "not a number\n"])
def test_a_broken_pid_file_is_no_obstacle(made: Path, content: str) -> None:
    (made / "data" / "postmaster.pid").write_text(content)

    assert postgres.acquire(folder=made, durable=False).release()


def test_data_of_another_version_are_left_alone_with_advice(made: Path) -> None:
    version = made / "data" / "PG_VERSION"
    before = version.read_text()
    version.write_text("17\n")
    try:
        with pytest.raises(postgres.DataFolderOfOtherVersion) as refused:
            postgres.acquire(folder=made, durable=False)
    finally:
        version.write_text(before)

    assert "was written by PostgreSQL 17" in str(refused.value)
    assert "tasuki backup FILE" in str(refused.value)
    assert not postgres.is_running(folder=made)


def test_a_first_start_that_was_cut_off_is_begun_anew() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        folder = Path(name) / "postgres"
        (folder / "data.new").mkdir(parents=True)
        (folder / "data.new" / "PG_VERSION").write_text("18\n")

        assert postgres.acquire(folder=folder, durable=False).release()


def test_stopping_is_refused_while_somebody_uses_it(made: Path) -> None:
    lease = postgres.acquire(folder=made, durable=False)

    with pytest.raises(postgres.UnableToRunDatabase, match="in use"):
        postgres.stop(folder=made, even_if_used=False)
    assert postgres.is_running(folder=made)
    assert postgres.stop(folder=made, even_if_used=True)
    assert not postgres.is_running(folder=made)
    lease.release()


def test_stopping_what_does_not_run_says_so(made: Path) -> None:
    assert not postgres.stop(folder=made, even_if_used=False)


def test_a_server_that_cannot_start_says_why(made: Path) -> None:
    automatic = made / "data" / "postgresql.auto.conf"
    before = automatic.read_text()
    automatic.write_text("shared_buffers = 'nonsense'\n")
    try:
        with pytest.raises(postgres.UnableToRunDatabase, match="does not start"):
            postgres.acquire(folder=made, durable=False)
    finally:
        automatic.write_text(before)


def test_the_real_server_is_durable() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        folder = Path(name) / "postgres"
        lease = postgres.acquire(folder=folder)

        assert ask(folder, "SHOW fsync") == "on"
        assert ask(folder, "SHOW data_checksums") == "on"
        lease.release()


def test_it_never_runs_as_root(made: Path) -> None:
    lease = postgres.acquire(folder=made, durable=False)

    assert psutil.Process(postmaster(made)).uids().effective != 0
    lease.release()


def test_a_long_path_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90)

    assert postgres.socket_folder(folder=tmp_path / "a") == tmp_path / "a" / "run"
    assert postgres.socket_folder(folder=deep).parent == Path(tempfile.gettempdir())
    assert postgres.socket_folder(folder=deep) != postgres.socket_folder(folder=deep / "other")


def test_an_unknown_program_is_named() -> None:
    with pytest.raises(postgres.UnableToRunDatabase, match="no program pg_dance"):
        postgres.program("pg_dance")
