"""Everybody signed in reads the process: now, as it was, and what changed between."""

import pytest
from django.test import Client

from tasuki.core.access import Role
from tasuki.journeys.models import BlueprintVersion
from tests.blueprint.scenes import begin, keeper, publish, rewrite
from tests.journeys.factories import process
from tests.people.factories import client_of, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    """A browser of somebody who may change nothing."""
    return client_of(make_user(Role.VIEWER))


def test_the_process_in_force_is_read_by_all(reader: Client) -> None:
    process()
    page = reader.get("/process/").content.decode()
    for said in (
        "相手の会社または担当者が分かり、どこから来たかが分かっている",
        "必須",
        "メールアドレス・電話番号",
        "60日で停滞",
        "確度 1%",
        "マーケティングからインサイドセールスへ",
        "4時間",
        "10営業日",
        "引き継ぎ情報の不足",
        "差し戻し",
        "重点企業が「はい」である → ABM",
    ):
        assert said in page
    assert "プロセスを変更する" not in page
    assert "/process/drafts/begin/" not in page


def test_it_speaks_english_too(reader: Client) -> None:
    process()
    reader.cookies.load({"tasuki_language": "en"})
    page = reader.get("/process/").content.decode()
    assert "Stalled after 60 days" in page
    assert "4 hours" in page
    assert "Marketing to inside sales" in page


def test_before_the_first_version_it_says_what_to_do(reader: Client) -> None:
    answer = reader.get("/process/")
    assert answer.status_code == 404
    assert "tasuki init" in answer.content.decode()


def test_versions_tell_who_when_why_and_what(reader: Client) -> None:
    process()
    owner = keeper()
    first = BlueprintVersion.objects.get()
    draft = begin(owner)
    rewrite(owner, draft, ("stall_days: 60", "stall_days: 45"))
    assert publish(owner, draft, note="初回の滞留を早めに見つける") == 302
    second = BlueprintVersion.objects.get(is_current=True)

    rows = reader.get("/process/versions/").content.decode()
    assert "初回の滞留を早めに見つける" in rows
    assert "追加 0・削除 0・変更 1" in rows
    assert "the_model v1" in rows
    assert "この版を下書きにする" not in rows

    changes = reader.get(f"/process/versions/{second.pk}/changes/").content.decode()
    assert "リードの停滞とみなす日数を変更" in changes
    assert "60日" in changes
    assert "45日" in changes
    same = reader.get(f"/process/versions/{second.pk}/changes/?against={second.pk}")
    assert "違いはありません。" in same.content.decode()
    only = reader.get(f"/process/versions/{first.pk}/changes/").content.decode()
    assert "違いはありません。" in only

    old = reader.get(f"/process/versions/{first.pk}/").content.decode()
    assert "以前の版です" in old
    assert "60日で停滞" in old
    text = reader.get(f"/process/versions/{first.pk}/text/")
    assert text.content.decode() == first.text
    assert text.headers["Content-Disposition"] == 'attachment; filename="the_model-v1.yaml"'


def test_an_old_version_comes_back_as_a_new_one() -> None:
    process()
    owner = keeper()
    first = BlueprintVersion.objects.get()
    draft = begin(owner)
    rewrite(owner, draft, ("stall_days: 60", "stall_days: 45"))
    publish(owner, draft)
    answer = owner.post("/process/drafts/begin/", {"version": first.pk})
    assert "45日" in owner.get(f"{answer.headers['Location']}changes/").content.decode()
    back = begin_from(answer.headers["Location"])
    data = {"note": "元に戻す", "revision": 1}
    assert owner.post(f"/process/drafts/{back}/publish/", data).status_code == 302
    current = BlueprintVersion.objects.get(is_current=True)
    assert (current.version, current.text) == (3, first.text)


def begin_from(address: str) -> int:
    """The number of the draft in an address."""
    return int(address.strip("/").rpartition("/")[2])


def test_what_is_not_there_is_not_found(reader: Client) -> None:
    process()
    for path in ("/process/versions/9999/", "/process/versions/9999/text/"):
        assert reader.get(path).status_code == 404
    pk = BlueprintVersion.objects.get().pk
    assert reader.get(f"/process/versions/{pk}/changes/?against=99999").status_code == 404
    assert keeper().post("/process/drafts/begin/", {"version": "x"}).status_code == 404
