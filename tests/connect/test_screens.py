"""Imports in the browser: upload, map, check, import, take back; and who may not."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tasuki.connect.engine.run import ImportCancelled
from tasuki.connect.models import ImportFile, ImportRun, SavedMapping
from tasuki.connect.operations import runs
from tasuki.connect.pulse import Pulse
from tasuki.core.access import Role
from tasuki.journeys.actor import Actor
from tasuki.journeys.models import Account, Journey
from tasuki.people.models import RoleGrant, User
from tests.connect import filing
from tests.connect.filing import GOOD, MAPPING
from tests.journeys import factories

pytestmark = pytest.mark.django_db
JAPANESE = (
    "会社名,氏名,メールアドレス,登録日,流入経路,金額\n"
    "青葉商事,山田 太郎,yamada@aoba.example.co.jp,2026/01/05,seo,￥1200000\n"
    "若葉,佐藤,sato@wakaba.example.jp,2026/13/01,seo,=1+1\n"
)
OPERATOR = Actor(user_id=None, kind="cli", label="test")


@pytest.fixture(autouse=True)
def _process(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"  # type: ignore[attr-defined]
    factories.process()


@pytest.fixture
def manager(client: Client) -> User:
    """A signed-in manager."""
    user = factories.user()
    RoleGrant.objects.create(user=user, role=Role.MANAGER.value)
    client.force_login(user)
    return user


def _upload(client: Client, text: str = JAPANESE, name: str = "leads.csv") -> ImportRun:
    file = SimpleUploadedFile(name, text.encode("cp932"))
    client.post("/imports/new/", {"files": [file]})
    return ImportRun.objects.latest("pk")


def _map(client: Client, run: ImportRun) -> None:
    chosen = {
        "leads.csv/会社名": "account.name",
        "leads.csv/氏名": "person.full_name",
        "leads.csv/メールアドレス": "person.email",
        "leads.csv/登録日": "stage.LEAD",
        "leads.csv/流入経路": "journey.channel",
        "leads.csv/金額": "journey.amount",
    }
    whole = {"source": "leads", "currency": "JPY", "gates": "as_recorded"}
    client.post(f"/imports/{run.pk}/mapping/", {**chosen, **whole})
    run.refresh_from_db()


@pytest.mark.usefixtures("manager")
def test_headers_are_suggested(client: Client) -> None:
    run = _upload(client)
    html = client.get(f"/imports/{run.pk}/mapping/").content.decode()

    for target in ("account.name", "person.email", "stage.LEAD", "journey.amount"):
        assert f'value="{target}" selected' in html
    assert "CP932(Shift_JIS)" in html


@pytest.mark.usefixtures("manager")
def test_from_upload_to_import_and_back(client: Client) -> None:
    run = _upload(client)
    _map(client, run)
    assert (run.state, run.error_count) == ("previewed", 2)
    assert not Journey.objects.exists()

    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert "2026/13/01" in page
    client.post(f"/imports/{run.pk}/commit/")
    run.refresh_from_db()
    assert (run.state, Journey.objects.count()) == ("failed", 0)

    client.post(f"/imports/{run.pk}/commit/", {"skip_errors": "on"})
    run.refresh_from_db()
    assert (run.state, Journey.objects.count()) == ("committed", 1)
    assert client.get(f"/imports/{run.pk}/").status_code == 200

    client.post(f"/imports/{run.pk}/revert/")
    run.refresh_from_db()
    assert (run.state, Account.objects.count()) == ("reverted", 0)
    assert client.get(f"/imports/{run.pk}/").status_code == 200
    assert client.get("/imports/").status_code == 200


@pytest.mark.usefixtures("manager")
def test_downloads_never_carry_a_live_formula(client: Client) -> None:
    run = _upload(client)
    _map(client, run)
    problems = client.get(f"/imports/{run.pk}/problems.csv").getvalue().decode("utf-8-sig")
    file_id = ImportFile.objects.get(run=run).pk
    left_out = client.get(f"/imports/{run.pk}/skipped/{file_id}.csv")
    rows = left_out.getvalue().decode("utf-8-sig").splitlines()

    assert ",'=1+1," in problems
    assert len(rows) == 2
    assert rows[1].startswith("若葉,佐藤,sato@wakaba.example.jp,2026/13/01,seo,'=1+1,")
    assert client.get(f"/imports/{run.pk}/mapping.yaml").content.decode() == run.mapping_text


@pytest.mark.usefixtures("manager")
def test_a_mapping_written_as_text_tells_its_mistakes_and_keeps_the_text(client: Client) -> None:
    run = _upload(client)
    address = f"/imports/{run.pk}/mapping/text/"
    answer = client.post(address, {"text": "source: x\nfiles: {a: b}\n"})

    assert answer.status_code == 422
    assert "source: x" in answer.content.decode()
    assert client.post(address, {"text": MAPPING}).status_code == 302
    run.refresh_from_db()
    assert run.mapping_text == MAPPING


@pytest.mark.usefixtures("manager")
def test_a_mapping_is_saved_and_used_again(client: Client) -> None:
    run = _upload(client)
    _map(client, run)
    client.post(f"/imports/{run.pk}/mapping/save/", {"name": "展示会"})
    client.post(f"/imports/{run.pk}/mapping/save/", {"name": ""})
    saved = SavedMapping.objects.get()

    assert client.get(f"/imports/mappings/{saved.pk}.yaml").content.decode() == saved.text
    other = _upload(client)
    page = client.get(f"/imports/{other.pk}/mapping/text/?saved={saved.pk}").content.decode()
    assert "entity: journey" in page


@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize(("announced", "status"), [(str(2 * 1024**3), 413), ("10", 422)])
def test_too_much_or_nothing_is_refused(client: Client, announced: str, status: int) -> None:
    answer = client.generic(
        "POST",
        "/imports/new/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=announced if status == 413 else "0",
    )

    assert answer.status_code == status
    assert not ImportRun.objects.exists()


@pytest.mark.usefixtures("manager")
def test_a_run_that_wrote_nothing_is_removed_with_its_files(client: Client) -> None:
    run = _upload(client)
    path = next(iter(runs.paths_of(run).values()))
    client.post(f"/imports/{run.pk}/discard/")

    assert not ImportRun.objects.exists()
    assert not path.exists()


@pytest.mark.usefixtures("manager")
def test_what_is_over_cannot_be_started_again(client: Client) -> None:
    run = _upload(client)
    _map(client, run)
    client.post(f"/imports/{run.pk}/commit/", {"skip_errors": "on"})
    before = filing.everything()
    for verb in ("commit", "preview", "discard"):
        assert client.post(f"/imports/{run.pk}/{verb}/").status_code == 302

    assert filing.everything() == before


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER, Role.EXECUTIVE])
def test_without_the_right_nothing_is_seen_and_nothing_happens(client: Client, role: Role) -> None:
    user = factories.user()
    RoleGrant.objects.create(user=user, role=role.value)
    client.force_login(user)
    run = runs.upload_files(
        uploads=[runs.Upload("leads.csv", [GOOD.encode()])], actor=OPERATOR, now=factories.NOW
    )
    before = filing.everything()
    saved = SavedMapping.objects.create(name="x", text="y", updated_at=factories.NOW)
    reads = ["", "new/", f"{run.pk}/", f"{run.pk}/mapping/", f"{run.pk}/mapping/text/"]
    reads += [f"{run.pk}/mapping.yaml", f"{run.pk}/progress/", f"{run.pk}/problems.csv"]
    reads += [f"mappings/{saved.pk}.yaml", f"{run.pk}/skipped/1.csv"]
    writes = ["new/", *(f"{run.pk}/{verb}/" for verb in ("preview", "commit", "cancel", "revert"))]
    writes += [f"{run.pk}/discard/", f"{run.pk}/mapping/", f"{run.pk}/mapping/save/"]

    assert {client.get(f"/imports/{address}").status_code for address in reads} == {403}
    assert {client.post(f"/imports/{address}").status_code for address in writes} == {403}
    assert filing.everything() == before
    run.refresh_from_db()
    assert run.state == "uploaded"


def _requested() -> ImportRun:
    run = runs.upload_files(
        uploads=[runs.Upload("leads.csv", [GOOD.encode()])], actor=OPERATOR, now=timezone.now()
    )
    runs.set_mapping(run_id=run.pk, text=MAPPING)
    runs.request_preview(run_id=run.pk, now=timezone.now())
    runs.carry_out(run_id=run.pk, commit=False)
    runs.request_commit(run_id=run.pk, skip_errors=False, now=timezone.now())
    run.refresh_from_db()
    return run


def test_a_killed_import_is_told_and_can_be_started_again(client: Client, manager: User) -> None:
    run = _requested()
    # What a worker leaves behind that was killed in the middle: a run that says nothing any more.
    long_ago = timezone.now() - timedelta(minutes=5)
    ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)
    run.refresh_from_db()

    assert runs.is_interrupted(run, now=timezone.now())
    assert "中断" in client.get(f"/imports/{run.pk}/").content.decode()
    client.post(f"/imports/{run.pk}/commit/")
    run.refresh_from_db()
    assert (run.state, Journey.objects.count()) == ("committed", 1)


def test_a_run_is_carried_out_once() -> None:
    run = _requested()
    runs.carry_out(run_id=run.pk, commit=True)

    with pytest.raises(runs.UnableToStart):
        runs.carry_out(run_id=run.pk, commit=True)
    assert Journey.objects.count() == 1


def test_a_cancelled_run_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run = _requested()

    def cancelled(self: Pulse, done: int, total: int) -> None:
        raise ImportCancelled

    monkeypatch.setattr(Pulse, "beat", cancelled)
    runs.request_cancel(run_id=run.pk)
    runs.carry_out(run_id=run.pk, commit=True)
    run.refresh_from_db()

    assert (run.state, Journey.objects.count()) == ("cancelled", 0)


def test_an_unforeseen_error_leaves_nothing_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    run = _requested()

    def broken(self: Pulse, done: int, total: int) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(Pulse, "beat", broken)
    with pytest.raises(RuntimeError):
        runs.carry_out(run_id=run.pk, commit=True)
    run.refresh_from_db()

    assert (run.state, run.failure) == ("failed", "RuntimeError: disk on fire")
    assert not Journey.objects.exists()


@pytest.mark.usefixtures("manager")
def test_progress_renews_itself_until_the_run_is_over(client: Client) -> None:
    run = _requested()
    address = f"/imports/{run.pk}/progress/"
    headers = {"HX-Request": "true"}

    assert "hx-get" in client.get(address, headers=headers).content.decode()
    assert client.post(f"/imports/{run.pk}/cancel/", headers=headers).status_code == 200
    ImportRun.objects.filter(pk=run.pk).update(state="previewed")
    assert client.get(address, headers=headers)["HX-Refresh"] == "true"


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_from_outside_and_brings_back_the_wish_to_stop() -> None:
    run = _requested()
    with Pulse(run_id=run.pk, clock=timezone.now) as pulse:
        pulse.beat(5, 10)
        pulse.beat(6, 10)
        run.refresh_from_db()
        assert (run.rows_done, run.rows_total, run.percent) == (5, 10, 50)
        runs.request_cancel(run_id=run.pk)
        pulse._last = 0.0
        with pytest.raises(ImportCancelled):
            pulse.beat(7, 10)
