"""Publishing: what changes, whom it touches, who may, and what is refused without any loss."""

import pytest
from django.test import Client

from tasuki.blueprint.models import BlueprintDraft
from tasuki.core.access import Role
from tasuki.core.departments import Department
from tasuki.journeys.models import BlueprintVersion, Handoff, Journey
from tasuki.journeys.queries.blueprints import current_blueprint
from tests.blueprint.scenes import begin, keeper, publish, rewrite
from tests.journeys.factories import NOW, journey, process
from tests.people.factories import client_of, make_team, make_user

pytestmark = pytest.mark.django_db

EARLIER = ("stall_days: 60", "stall_days: 45")


@pytest.fixture
def client() -> Client:
    """A browser of the process owner, under the default process."""
    process()
    return keeper()


@pytest.fixture
def draft(client: Client) -> BlueprintDraft:
    """A draft of the process in force."""
    return begin(client)


def seen(client: Client, draft: BlueprintDraft) -> str:
    """The page that shows the difference."""
    return client.get(f"/process/drafts/{draft.pk}/changes/").content.decode()


def test_a_draft_becomes_the_next_version(client: Client, draft: BlueprintDraft) -> None:
    rewrite(client, draft, EARLIER)
    page = seen(client, draft)
    assert "リードの停滞とみなす日数を変更" in page
    assert publish(client, draft, note="早めに気づくため") == 302
    current = BlueprintVersion.objects.get(is_current=True)
    assert (current.version, current.note, current.text) == (2, "早めに気づくため", draft.text)
    assert current.published_by is not None
    assert current_blueprint().blueprint.stages[0].stall_days == 45
    assert not BlueprintDraft.objects.exists()
    assert "早めに気づくため" in client.get("/process/").content.decode()


def test_nothing_changed_is_nothing_to_publish(client: Client, draft: BlueprintDraft) -> None:
    page = seen(client, draft)
    assert "まだ違いはありません。" in page
    assert "disabled" in page


def test_why_it_changes_must_be_said(client: Client, draft: BlueprintDraft) -> None:
    rewrite(client, draft, EARLIER)
    assert publish(client, draft, note=" ") == 422
    assert BlueprintVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("department: marketing", "department:"), "次のどれかを書いてください。"),
        (("from_stages: [WON, ONB, ADOPT]", "from_stages: [WON, ONB]"), "終わりのない繰り返し"),
        (
            ("stall_days: 60", "stall_days: 60\n    entry: account.employes >= 5"),
            "「account.employes」という項目はありません。",
        ),
        (("    enters: SAL\n", ""), "受諾するとどのステージに入るか"),
        (
            ("ownership: by_department", "ownership: by_department, code: x"),
            "YAML として読めません",
        ),
    ],
    ids=["nobody owns", "no way out", "unknown field", "no receiver", "no yaml"],
)
def test_an_unsound_draft_is_refused_with_the_place(
    client: Client, draft: BlueprintDraft, change: tuple[str, str], said: str
) -> None:
    rewrite(client, draft, change)
    answer = client.post(
        f"/process/drafts/{draft.pk}/publish/", {"note": "試す", "revision": draft.revision}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert said in page
    assert f"/process/drafts/{draft.pk}/" in page
    assert BlueprintVersion.objects.count() == 1
    draft.refresh_from_db()
    assert draft.note == "試す"
    assert ">\n試す</textarea>" in page


def test_a_boundary_without_a_contract_is_refused(client: Client, draft: BlueprintDraft) -> None:
    client.post(
        f"/process/drafts/{draft.pk}/contracts/0/order/",
        {"verb": "remove", "revision": draft.revision},
    )
    assert publish(client, draft) == 409
    page = seen(client, draft)
    assert "引き継ぎの取り決めがありません。" in page
    assert f'href="/process/drafts/{draft.pk}/#contracts"' in page


def test_a_stale_draft_shows_what_changed_meanwhile_and_goes_on(
    client: Client, draft: BlueprintDraft
) -> None:
    other = begin(client)
    rewrite(client, other, EARLIER)
    publish(client, other, note="先に公開")
    rewrite(client, draft, ("stall_days: 14", "stall_days: 10"))

    assert publish(client, draft, note="私の変更") == 409
    page = seen(client, draft)
    assert "この下書きを始めた後に the_model v2 が公開されました" in page
    assert "リードの停滞とみなす日数を変更" in page
    assert "私の変更" in page
    assert BlueprintVersion.objects.get(is_current=True).note == "先に公開"

    draft.refresh_from_db()
    path = f"/process/drafts/{draft.pk}/carry-over/"
    stale = client.post(path, {"revision": draft.revision - 1})
    assert stale.status_code == 302
    assert publish(client, draft) == 409
    client.post(path, {"revision": draft.revision})
    assert publish(client, draft) == 302
    stages = current_blueprint().blueprint.stages
    assert [stage.stall_days for stage in stages[:2]] == [60, 10]


def test_publishing_an_older_state_of_the_draft_is_refused(
    client: Client, draft: BlueprintDraft
) -> None:
    rewrite(client, draft, EARLIER)
    data = {"note": "古い画面", "revision": "1"}
    assert client.post(f"/process/drafts/{draft.pk}/publish/", data).status_code == 409
    assert BlueprintVersion.objects.count() == 1


def test_a_stage_with_journeys_is_not_taken_away(client: Client, draft: BlueprintDraft) -> None:
    resting = journey()
    Journey.objects.filter(pk=resting.pk).update(stage="EXPAND", kind="expansion")
    path = f"/process/drafts/{draft.pk}/stages/13/order/"
    client.post(path, {"verb": "remove", "revision": draft.revision})
    rewrite(client, draft, ("  - EXPAND\n", ""), ("  - EXPAND\n", ""))
    page = seen(client, draft)
    assert "ステージ「拡大」を削除" in page
    assert "行き場を失うジャーニーがあります" in page
    assert "/journeys/?stage=EXPAND&amp;kind=expansion" in page
    assert publish(client, draft) == 409
    assert BlueprintVersion.objects.count() == 1
    Journey.objects.filter(pk=resting.pk).update(stage="LEAD", kind="new")
    assert publish(client, draft) == 302


def test_it_says_whom_a_change_touches(client: Client, draft: BlueprintDraft) -> None:
    team = make_team(name="東日本チーム", department="marketing")
    owner = make_user(Role.MEMBER, team=team, family_name="高橋", given_name="美咲")
    resting = journey()
    Journey.objects.filter(pk=resting.pk).update(owner=owner, team=team)
    rewrite(client, draft, EARLIER, ("required: false", "required: true"))
    page = seen(client, draft)
    assert "変わるところに 1件のジャーニーがあります。" in page
    assert "1人が担当しています。" in page
    assert "高橋 美咲" in page
    assert "東日本チーム 1" in page
    assert "手前にある進行中のジャーニー 1件のうち 1件で未記入" in page
    assert "カスタマーサクセスに所属する人がいません" in page


def test_packets_that_ask_for_what_goes_are_listed_and_carried_over(
    client: Client, draft: BlueprintDraft
) -> None:
    offered = Handoff.objects.create(
        journey=journey(),
        cycle=1,
        contract="marketing_to_inside_sales",
        kind="forward",
        blueprint_id=current_blueprint().version_id,
        giver_department="marketing",
        taker_department="inside_sales",
        state="offered",
        offered_at=NOW,
    )
    path = f"/process/drafts/{draft.pk}/contracts/0/items/2/order/"
    client.post(path, {"verb": "remove", "revision": draft.revision})
    page = seen(client, draft)
    assert "受諾待ちの引き継ぎ" in page
    assert "関心を示した行動" in page
    assert f"/journeys/{offered.journey_id}/" in page
    before = offered.blueprint_id
    assert publish(client, draft) == 302
    offered.refresh_from_db()
    assert (offered.state, offered.blueprint_id) == ("offered", before)


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.MANAGER, Role.MEMBER, Role.VIEWER])
def test_others_change_nothing(client: Client, draft: BlueprintDraft, role: Role) -> None:
    rewrite(client, draft, EARLIER)
    other = client_of(make_user(role))
    base = f"/process/drafts/{draft.pk}/"
    text, revision = draft.text, draft.revision
    for path in ("", "text/", "changes/", "whole/", "condition/", "stages/0/", "stages/1/items/0/"):
        assert other.get(base + path).status_code == 403
    for path in (
        *("text/", "publish/", "carry-over/", "discard/", "whole/", "stages/0/"),
        *("stages/0/order/", "stages/1/items/0/", "stages/1/items/0/order/"),
    ):
        data = {"revision": revision, "note": "x", "text": "x", "verb": "remove"}
        assert other.post(base + path, data).status_code == 403
    current = BlueprintVersion.objects.get()
    assert other.post("/process/drafts/begin/", {"version": current.pk}).status_code == 403
    draft.refresh_from_db()
    assert (draft.text, draft.revision) == (text, revision)
    assert BlueprintDraft.objects.count() == 1


def test_departments_with_people_are_not_named(client: Client, draft: BlueprintDraft) -> None:
    rewrite(client, draft, EARLIER)
    for department in Department:
        make_user(Role.MEMBER, team=make_team(department=department.value))
    assert "所属する人がいません" not in seen(client, draft)
