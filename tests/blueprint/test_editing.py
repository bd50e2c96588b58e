"""The editor: what is typed is kept, sound or not, and what is wrong is told beside it."""

import pytest
from django.test import Client

from tasuki.blueprint.models import BlueprintDraft
from tasuki.core.access import Role
from tasuki.core.blueprint import Deadlines
from tasuki.core.conditions import print_condition
from tests.blueprint.filling import fields_of
from tests.blueprint.scenes import begin, keeper, read, rewrite
from tests.journeys.factories import process
from tests.people.factories import client_of, make_user

pytestmark = pytest.mark.django_db

PAGES = (
    "whole/",
    *(f"stages/{index}/" for index in (0, 1, 4, 9, 12)),
    *(f"contracts/{index}/" for index in (0, 3, 4)),
    *(f"sides/{index}/" for index in (0, 3)),
    *(f"returns/{index}/" for index in (0, 6)),
    *(f"motions/{index}/" for index in (0, 2)),
    "motion_rules/0/",
    "assignment/0/",
    "stages/1/items/1/",
    "stages/4/items/1/",
    "contracts/0/items/4/",
)


@pytest.fixture
def client() -> Client:
    """A browser of the process owner, under the default process."""
    process()
    return keeper()


@pytest.fixture
def draft(client: Client) -> BlueprintDraft:
    """A draft of the process in force."""
    return begin(client)


def at(draft: BlueprintDraft, page: str) -> str:
    """The address of a page of the draft."""
    return f"/process/drafts/{draft.pk}/{page}"


def fill(client: Client, draft: BlueprintDraft, page: str, **typed: object) -> str:
    """Fill in some inputs of a page, save, and return the page that follows."""
    path = at(draft, page)
    data = fields_of(client, path) | {name.replace("__", "-"): typed[name] for name in typed}
    answer = client.post(path, data)
    assert answer.status_code == 302
    return client.get(answer.headers["Location"]).content.decode()


def test_saving_a_page_as_it_stands_changes_nothing(client: Client, draft: BlueprintDraft) -> None:
    before = read(draft)
    for page in PAGES:
        assert "下書きに保存しました。" in fill(client, draft, page), page
        assert read(draft) == before, page


def test_a_stage_is_changed_part_by_part(client: Client, draft: BlueprintDraft) -> None:
    fill(
        client,
        draft,
        "stages/1/",
        label_ja="有望リード",
        department="inside_sales",
        stall_days="30",
        probability_ratio="12.5",
        entry="account.employees >= 50",
    )
    stage = read(draft).stages[1]
    assert (stage.label.ja, stage.label.en) == ("有望リード", "MQL")
    assert (stage.department, stage.stall_days) == ("inside_sales", 30)
    assert stage.probability_ratio == 0.125
    assert stage.entry is not None
    assert print_condition(condition=stage.entry) == "account.employees >= 50"
    fill(client, draft, "stages/1/", stall_days="", probability_ratio="", entry="")
    stage = read(draft).stages[1]
    assert (stage.stall_days, stage.probability_ratio, stage.entry) == (None, None, None)


def test_what_is_wrong_is_kept_and_told_at_its_input(client: Client, draft: BlueprintDraft) -> None:
    said = fill(client, draft, "stages/1/", stall_days="来月まで", label_en="")
    assert "このまま保存しました" in said
    assert 'value="来月まで"' in said
    assert "数を書いてください。" in said
    assert "日本語 (ja) と英語 (en) の両方が必要です。" in said
    overview = client.get(at(draft, "")).content.decode()
    assert "まだ公開できません（あと2件）" in overview
    assert f'href="{at(draft, "stages/1/")}"' in overview
    assert "要修正 2件" in overview


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("account.employes >= 50", "「account.employees」のことですか。"),
        ("account.employees >=", "文字目:"),
    ],
)
def test_a_wrong_condition_is_kept_with_its_place(
    client: Client, draft: BlueprintDraft, typed: str, said: str
) -> None:
    page = fill(client, draft, "stages/1/", entry=typed)
    assert said in page
    assert f'value="{typed.replace(">", "&gt;")}"' in page


def test_a_condition_is_read_out_while_it_is_typed(client: Client, draft: BlueprintDraft) -> None:
    path = at(draft, "condition/")
    good = client.get(path, {"entry": "account.employees >= 50"}).content.decode()
    assert "従業員数が50以上である" in good
    unknown = client.get(path, {"when": "account.employes >= 50"}).content.decode()
    assert "「account.employes」という項目はありません。" in unknown
    broken = client.get(path, {"when": "account."}).content.decode()
    assert "文字目:" in broken
    assert client.get(path).content.decode().strip() == ""


def test_deadlines_are_typed_in_hours_and_minutes(client: Client, draft: BlueprintDraft) -> None:
    fill(
        client,
        draft,
        "contracts/0/",
        accept_hours="1",
        accept_minutes="30",
        first_contact_hours="",
        meeting_hours="16",
    )
    assert read(draft).contracts[0].deadlines == Deadlines(accept=90, meeting=960)
    said = fill(client, draft, "contracts/0/", accept_hours="soon", accept_minutes="")
    assert 'value="soon"' in said
    assert "30m（分）・4h（時間）・2d（営業日、8時間）のように書いてください。" in said


def test_reasons_are_added_changed_and_emptied(client: Client, draft: BlueprintDraft) -> None:
    before = read(draft).sides[0].reasons
    end = len(before)
    fill(
        client,
        draft,
        "sides/0/",
        **{
            "reasons__0__ja": "時期尚早",
            "reasons__1__code": "",
            "reasons__1__ja": "",
            "reasons__1__en": "",
            f"reasons__{end}__code": "merged",
            f"reasons__{end}__ja": "合併",
            f"reasons__{end}__en": "Merged",
            f"reasons__{end}__needs_note": "on",
        },
    )
    reasons = read(draft).sides[0].reasons
    assert [reason.code for reason in reasons] == [
        before[0].code,
        *(reason.code for reason in before[2:]),
        "merged",
    ]
    assert reasons[0].label.ja == "時期尚早"
    assert reasons[-1].needs_note


def test_an_item_of_our_own_is_added_and_becomes_a_column(
    client: Client, draft: BlueprintDraft
) -> None:
    typed = {
        "key": "size",
        "label_ja": "規模",
        "label_en": "Size",
        "field": "own",
        "field_own": "size",
        "kind": "choice",
        "choices__0__code": "large",
        "choices__0__ja": "大",
        "choices__0__en": "Large",
    }
    fill(client, draft, "stages/1/items/3/", **typed)
    item = read(draft).stages[1].gate[3]
    assert (item.field, item.kind, item.required) == ("answers.size", "choice", True)
    assert [choice.code for choice in item.choices] == ["large"]
    choices = {f"choices__0__{part}": "" for part in ("code", "ja", "en")}
    changed = {"field": "account.employees", "alternatives": ["account.segment", ""]}
    fill(client, draft, "stages/1/items/3/", **choices, **changed)
    item = read(draft).stages[1].gate[3]
    assert (item.fields, item.kind) == (("account.employees", "account.segment"), "number")


def test_parts_are_moved_and_taken_out(client: Client, draft: BlueprintDraft) -> None:
    def order(page: str, verb: str) -> str:
        draft.refresh_from_db()
        data = {"verb": verb, "revision": draft.revision}
        return client.post(at(draft, page), data).headers["Location"]

    assert order("motions/1/order/", "up") == at(draft, "#motions")
    assert [motion.code for motion in read(draft).motions] == ["full_cycle", "division", "abm"]
    order("motions/0/order/", "up")
    assert read(draft).motions[0].code == "full_cycle"
    order("motions/0/order/", "down")
    order("returns/6/order/", "remove")
    assert (read(draft).motions[0].code, len(read(draft).returns)) == ("division", 6)
    assert order("stages/1/items/0/order/", "remove") == at(draft, "stages/1/#items")
    assert [item.key for item in read(draft).stages[1].gate] == ["contact", "fit"]


def test_a_move_on_an_older_state_moves_nothing(client: Client, draft: BlueprintDraft) -> None:
    for data in ({"verb": "remove", "revision": "0"}, {"verb": "up"}):
        client.post(at(draft, "motions/1/order/"), data)
    client.post(at(draft, "motions/77/order/"), {"verb": "up", "revision": draft.revision})
    assert len(read(draft).motions) == 3
    assert "何も移していません" in client.get(at(draft, "")).content.decode()


def test_the_second_of_two_who_save_is_told_and_loses_nothing(
    client: Client, draft: BlueprintDraft
) -> None:
    mine = fields_of(client, at(draft, "stages/1/"))
    other = client_of(make_user(Role.ADMIN, family_name="先客", given_name="一"))
    fill(other, draft, "stages/2/", stall_days="5")
    refused = client.post(at(draft, "stages/1/"), mine | {"stall_days": "9"})
    assert refused.status_code == 409
    said = refused.content.decode()
    assert "この間に先客 一さんがこの下書きを保存しました。" in said
    assert 'value="9"' in said
    assert read(draft).stages[1].stall_days == 14
    again = mine | {"stall_days": "9", "revision": [str(draft.revision)]}
    assert client.post(at(draft, "stages/1/"), again).status_code == 302
    assert [stage.stall_days for stage in read(draft).stages[1:3]] == [9, 5]


def test_what_others_moved_is_found_again(client: Client, draft: BlueprintDraft) -> None:
    mine = fields_of(client, at(draft, "motions/0/"))
    draft.refresh_from_db()
    client.post(at(draft, "motions/0/order/"), {"verb": "down", "revision": draft.revision})
    draft.refresh_from_db()
    saved = mine | {"label_ja": ["分担"], "revision": [str(draft.revision)]}
    answer = client.post(at(draft, "motions/0/"), saved)
    assert answer.headers["Location"] == at(draft, "motions/1/")
    assert [motion.label.ja for motion in read(draft).motions] == ["一気通貫", "分担", "ABM"]


def test_two_new_parts_do_not_take_each_others_place(client: Client, draft: BlueprintDraft) -> None:
    typed = {"label_ja": "組", "label_en": "Pair", "ownership": "team"}
    mine = fields_of(client, at(draft, "motions/3/"))
    fill(client, draft, "motions/3/", code="first", **typed)
    draft.refresh_from_db()
    late = mine | typed | {"code": "second", "revision": [str(draft.revision)]}
    assert client.post(at(draft, "motions/3/"), late).headers["Location"].endswith("/motions/4/")
    assert [motion.code for motion in read(draft).motions[3:]] == ["first", "second"]


def test_a_missing_contract_is_begun_with_what_is_known(
    client: Client, draft: BlueprintDraft
) -> None:
    for _each in range(6):
        draft.refresh_from_db()
        data = {"verb": "remove", "revision": draft.revision}
        client.post(at(draft, "contracts/0/order/"), data)
    overview = client.get(at(draft, "")).content.decode()
    assert "まだ公開できません（あと3件）" in overview
    link = at(draft, "contracts/0/?enters=SAL")
    assert f'href="{link}"' in overview
    begun = client.get(link).content.decode()
    assert 'value="marketing_to_inside_sales"' in begun
    assert 'value="MQL" checked' in begun
    assert "contracts" not in client.get(at(draft, "contracts/0/?enters=NOWHERE")).headers


def test_the_text_is_kept_as_written_with_its_mistakes(
    client: Client, draft: BlueprintDraft
) -> None:
    rewrite(client, draft, ("stall_days: 60", "stall_days: 0  # 仮"))
    page = client.get(at(draft, "text/")).content.decode()
    assert "stall_days: 0  # 仮" in page
    assert "リード: 1 以上を書いてください。" in page
    line = draft.text.split("\n").index("    stall_days: 0  # 仮") + 1
    assert f"{line}行目" in page


def test_what_is_no_yaml_is_put_right_in_the_text(client: Client, draft: BlueprintDraft) -> None:
    rewrite(client, draft, ("stages:", "stages: ["))
    assert "YAML として読めません" in client.get(at(draft, "text/")).content.decode()
    for page in ("stages/0/", "whole/", "stages/0/items/0/"):
        assert client.get(at(draft, page)).headers["Location"] == at(draft, "text/")
    moved = client.post(at(draft, "stages/0/order/"), {"revision": draft.revision})
    assert moved.headers["Location"] == at(draft, "text/")
    for page in ("", "changes/"):
        assert client.get(at(draft, page)).status_code == 200


def test_too_long_a_text_is_refused_and_shown_again(client: Client, draft: BlueprintDraft) -> None:
    long = "#" * 200_001
    answer = client.post(at(draft, "text/"), {"text": long, "revision": draft.revision})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    path = at(draft, "stages/1/")
    data = fields_of(client, path) | {"enter_when_ja": "長" * 200_000}
    assert client.post(path, data).status_code == 422
    draft.refresh_from_db()
    assert draft.revision == 1


def test_the_text_of_the_second_is_kept_too(client: Client, draft: BlueprintDraft) -> None:
    rewrite(client, draft, ("stall_days: 60", "stall_days: 61"))
    answer = client.post(at(draft, "text/"), {"text": "key: 私の版", "revision": "1"})
    assert answer.status_code == 409
    assert "key: 私の版" in answer.content.decode()


@pytest.mark.parametrize(
    "page",
    ["stages/99/", "nothing/0/", "motions/0/items/0/", "stages/1/items/44/", "stages/44/items/0/"],
)
def test_what_is_not_there_is_not_found(client: Client, draft: BlueprintDraft, page: str) -> None:
    assert client.get(at(draft, page)).status_code == 404


def test_a_draft_is_dropped_for_good(client: Client, draft: BlueprintDraft) -> None:
    assert client.post(at(draft, "discard/")).headers["Location"] == "/process/"
    assert not BlueprintDraft.objects.exists()
    assert client.get(at(draft, "")).status_code == 404
