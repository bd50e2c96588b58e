"""From rows to journeys, the same file again, a newer file, and back again exactly."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasuki.connect.engine.run import ImportCancelled, Request, run_import
from tasuki.connect.mapping import read_mapping
from tasuki.connect.problems import Rule
from tasuki.journeys.models import (
    Account,
    Activity,
    DealChange,
    Event,
    Journey,
    Person,
    Spend,
    Stay,
    SubscriptionPeriod,
    WriteBatch,
)
from tasuki.journeys.operations.merging import merge
from tasuki.journeys.operations.records import AccountDetails, create_account
from tasuki.journeys.operations.reverting import (
    UnableToRevert,
    preview_revert,
    revert_batch,
)
from tasuki.people.models import User
from tests.connect import filing
from tests.connect.filing import GOOD, HEADER, LEAD, MAPPING
from tests.journeys import factories
from tests.journeys.factories import NOW, act

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _process() -> None:
    factories.process()


def test_a_row_becomes_a_company_a_person_and_a_journey_with_stays(tmp_path: Path) -> None:
    outcome = filing.run(tmp_path, {"leads.csv": GOOD})

    journey = Journey.objects.select_related("account", "person", "channel").get()
    assert outcome.batch_id is not None
    assert filing.errors(outcome) == []
    assert (journey.account.name, journey.account.employees) == ("青葉商事", 120)
    assert journey.person is not None
    assert (journey.person.family_name, journey.person.given_name) == ("山田", "太郎")
    assert journey.channel is not None
    assert (journey.channel.code, journey.amount_minor, journey.currency) == (
        "seo",
        1_200_000,
        "JPY",
    )
    assert list(Stay.objects.order_by("number").values_list("stage", "exit", "entered_at")) == [
        ("MQL", "advanced", datetime(2026, 1, 4, 15, tzinfo=UTC)),
        ("SAL", "", datetime(2026, 1, 19, 15, tzinfo=UTC)),
    ]
    assert Event.objects.filter(kind="imported").get().payload["key"] == "L1"


def test_a_preview_writes_nothing_and_counts_everything(tmp_path: Path) -> None:
    before = filing.everything()
    outcome = filing.run(tmp_path, {"leads.csv": GOOD}, commit=False)

    assert filing.everything() == before
    assert outcome.batch_id is None
    assert outcome.tally.as_json()["journey"]["created"] == 1


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    filing.run(tmp_path, {"leads.csv": GOOD})
    before = filing.everything()
    outcome = filing.run(tmp_path, {"leads.csv": GOOD}, now=LATER)

    assert filing.everything() == before
    assert outcome.tally.as_json() == {
        entity: {"created": 0, "updated": 0, "unchanged": 1, "skipped": 0}
        for entity in ("account", "person", "journey")
    }


def test_a_newer_file_carries_the_journey_on(tmp_path: Path) -> None:
    filing.run(tmp_path, {"leads.csv": GOOD})
    newer = HEADER + f"{LEAD},2026-01-05,2026-01-20,2026-02-10,価格が合わない,1500000\n"
    outcome = filing.run(tmp_path, {"leads.csv": newer.replace("120", "150")}, now=LATER)

    journey = Journey.objects.select_related("account").get()
    assert (journey.stage, journey.is_open, journey.amount_minor) == ("LOST", False, 1_500_000)
    assert journey.account.employees == 150
    assert list(Stay.objects.order_by("number").values_list("stage", "exit", "reason")) == [
        ("MQL", "advanced", ""),
        ("SAL", "lost", "price"),
        ("LOST", "", ""),
    ]
    assert DealChange.objects.count() == 2
    assert outcome.tally.as_json()["journey"]["updated"] == 1
    assert Event.objects.filter(kind="lost").count() == 1


def test_a_newer_file_never_overwrites_history(tmp_path: Path) -> None:
    filing.run(tmp_path, {"leads.csv": GOOD})
    other = GOOD.replace("2026-01-05", "2026-01-07")
    outcome = filing.run(tmp_path, {"leads.csv": other}, now=LATER)

    assert (Rule.HISTORY_DIFFERS, 2, "") in filing.warnings(outcome)
    assert Stay.objects.get(number=1).entered_at == datetime(2026, 1, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize("with_earlier", [False, True])
def test_a_revert_restores_everything_exactly(tmp_path: Path, with_earlier: bool) -> None:  # noqa: FBT001
    if with_earlier:
        filing.run(tmp_path, {"leads.csv": GOOD})
    before = filing.everything()
    newer = HEADER + f"{LEAD},2026-01-05,2026-01-20,2026-02-10,価格が合わない,1500000\n"
    newer += "L2,若葉,,,佐藤 花子,sato@wakaba.example.jp,,seo,2026-02-01,,,,\n"
    newer = newer.replace("青葉商事", "青葉商事").replace("120", "150")
    outcome = filing.run(tmp_path, {"leads.csv": newer}, now=LATER)
    assert outcome.batch_id is not None
    assert filing.everything() != before

    preview = preview_revert(batch_id=outcome.batch_id)
    reverted = revert_batch(batch_id=outcome.batch_id, act=act(now=LATER))

    assert filing.everything() == before
    assert preview.removes == reverted.removed
    assert preview.restores == reverted.restored
    assert WriteBatch.objects.get(pk=outcome.batch_id).state == "reverted"


def test_reverting_twice_is_refused(tmp_path: Path) -> None:
    batch_id = filing.run(tmp_path, {"leads.csv": GOOD}).batch_id or 0
    revert_batch(batch_id=batch_id, act=act())

    with pytest.raises(UnableToRevert) as refused:
        revert_batch(batch_id=batch_id, act=act())
    assert refused.value.rule == "already_reverted"


def test_a_batch_still_being_written_cannot_be_reverted() -> None:
    batch = WriteBatch.objects.create(kind="import", label="x", created_at=NOW)

    with pytest.raises(UnableToRevert) as refused:
        revert_batch(batch_id=batch.pk, act=act())
    assert refused.value.rule == "not_committed"


def _two_leads(tmp_path: Path) -> int:
    two = GOOD + "L2,若葉,,,佐藤 花子,sato@wakaba.example.jp,,seo,2026-02-01,,,,\n"
    return filing.run(tmp_path, {"leads.csv": two}).batch_id or 0


def test_what_people_worked_on_is_never_taken_away(tmp_path: Path) -> None:
    from tasuki.journeys.operations.assignment import Holder, assign_owner  # noqa: PLC0415

    batch_id = _two_leads(tmp_path)
    worked = Journey.objects.get(person__email="sato@wakaba.example.jp")
    holder = Holder(owner_id=factories.user().pk, team_id=None)
    assign_owner(journey_id=worked.pk, holder=holder, act=act(now=LATER))
    before = filing.everything()

    with pytest.raises(UnableToRevert) as refused:
        revert_batch(batch_id=batch_id, act=act(now=LATER))
    assert (refused.value.rule, refused.value.kept.count) == ("worked_on", 1)
    assert filing.everything() == before

    revert_batch(batch_id=batch_id, act=act(now=LATER), keep_worked_on=True)
    assert list(Journey.objects.values_list("pk", flat=True)) == [worked.pk]
    assert list(Account.objects.values_list("name", flat=True)) == ["若葉"]
    assert Person.objects.count() == 1
    assert Stay.objects.filter(journey_id=worked.pk).exists()


def test_a_merged_record_counts_as_worked_on(tmp_path: Path) -> None:
    batch_id = _two_leads(tmp_path)
    winner = create_account(details=AccountDetails(name="別の会社"), act=act())
    loser = Account.objects.get(name="若葉")
    merge(entity="account", winner_id=winner.pk, loser_id=loser.pk, act=act(now=LATER))

    with pytest.raises(UnableToRevert) as refused:
        revert_batch(batch_id=batch_id, act=act(now=LATER))
    assert loser.pk in refused.value.kept.worked_on["account"]


def test_a_merged_company_is_found_as_its_winner(tmp_path: Path) -> None:
    filing.run(tmp_path, {"leads.csv": GOOD})
    winner = create_account(details=AccountDetails(name="青葉ホールディングス"), act=act())
    loser = Account.objects.get(name="青葉商事")
    merge(entity="account", winner_id=winner.pk, loser_id=loser.pk, act=act())
    more = GOOD + "L2,青葉商事,,,佐藤,sato@aoba.example.co.jp,,seo,2026-02-01,,,,\n"
    filing.run(tmp_path, {"leads.csv": more}, now=LATER)

    assert set(Journey.objects.values_list("account_id", flat=True)) == {winner.pk}


def test_a_certain_identity_finds_what_is_stored(tmp_path: Path) -> None:
    details = AccountDetails(name="青葉商事株式会社", domain="aoba.example.co.jp")
    stored = create_account(details=details, act=act())
    person = factories.person(stored, email="YAMADA@aoba.example.co.jp")
    filing.run(tmp_path, {"leads.csv": GOOD}, now=LATER)

    assert Account.objects.get().pk == stored.pk
    assert Person.objects.get().pk == person.pk


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(GOOD)
    before = filing.everything()

    def stop(done: int, total: int) -> None:
        raise ImportCancelled

    request = Request(
        mapping=read_mapping(MAPPING),
        paths={"leads.csv": path},
        act=act(),
        label="x",
        commit=True,
        on_progress=stop,
    )
    with pytest.raises(ImportCancelled):
        run_import(request)
    assert filing.everything() == before


FACTS = """\
source: crm
currency: USD
reporting_currency: USD
gates: as_recorded
files: {d: deals.csv, h: history.csv, a: acts.csv, s: subs.csv, c: spend.csv, u: users.csv}
records:
  - {entity: user, from: u, key: id, fields: {email: mail, family_name: name,
     department: {value: field_sales}}}
  - {entity: channel, from: c, fields: {code: channel}}
  - {entity: account, from: d, key: id, fields: {name: "Customer {id}"}}
  - {entity: stage, from: h, fields: {journey: deal, stage: stage, entered_at: at}}
  - {entity: deal, from: h, fields: {journey: deal, amount: amount, happened_at: at}}
  - {entity: journey, from: d, key: id, fields: {account: id, owner: rep}}
  - {entity: activity, from: a, fields: {journey: deal, kind: {column: type, map: {EMAIL: mail}},
     happened_at: at, body: text, actor: by}}
  - {entity: subscription, from: s, key: id, fields: {journey: deal, amount: monthly,
     starts_date: from, ends_date: to}}
  - {entity: spend, from: c, fields: {channel: channel, from_date: day, amount: spend}}
"""
FACT_FILES = {
    "deals.csv": "id,rep\nD1,u1\n",
    "history.csv": "deal,stage,at,amount\nD1,有効商談,2026-01-02 09:00,100\n"
    "D1,WON,2026-02-01 10:00,250.50\n",
    "acts.csv": "deal,type,at,text,by\nD1,EMAIL,2026-01-03 12:00,hello,u1\n",
    "subs.csv": "id,deal,monthly,from,to\nS1,D1,50,2026-02-01,2027-02-01\n",
    "spend.csv": "channel,day,spend\nbillboard,2026-01-01,13\n",
    "users.csv": "id,mail,name\nu1,rep@example.com,Rep\n",
}


def test_every_kind_of_fact_comes_in_and_goes_out_again(tmp_path: Path) -> None:
    before = filing.everything()
    outcome = filing.run(tmp_path, FACT_FILES, mapping=FACTS)

    assert filing.errors(outcome) == []
    journey = Journey.objects.select_related("owner").get()
    assert (journey.stage, journey.amount_minor, journey.amount_reporting_minor) == (
        "WON",
        25_050,
        25_050,
    )
    assert journey.owner == User.objects.get(email="rep@example.com")
    assert journey.last_activity_at == datetime(2026, 1, 3, 3, tzinfo=UTC)
    assert [stay.stage for stay in Stay.objects.order_by("number")] == ["SAO", "WON"]
    assert SubscriptionPeriod.objects.get().recurring_minor == 5_000
    assert Spend.objects.get().channel.code == "billboard"
    assert Activity.objects.get().kind == "mail"

    again = filing.run(tmp_path, FACT_FILES, mapping=FACTS, now=LATER)
    assert not any(c["created"] or c["updated"] for c in again.tally.as_json().values())
    for run in (again, outcome):
        revert_batch(batch_id=run.batch_id or 0, act=act(now=LATER))
    assert filing.everything() == before


def test_newer_facts_change_what_they_speak_of(tmp_path: Path) -> None:
    filing.run(tmp_path, FACT_FILES, mapping=FACTS)
    before = filing.everything()
    keyed = FACTS.replace("activity, from: a,", "activity, from: a, key: deal,")
    newer = {
        **FACT_FILES,
        "acts.csv": FACT_FILES["acts.csv"].replace("hello", "good bye"),
        "subs.csv": FACT_FILES["subs.csv"].replace("2027", "2026-12").replace("-02-01\n", "-01\n"),
    }
    filing.run(tmp_path, newer, mapping=keyed, now=LATER)
    newest = {**newer, "acts.csv": FACT_FILES["acts.csv"].replace("hello", "see you")}
    outcome = filing.run(tmp_path, newest, mapping=keyed, now=LATER)

    assert outcome.tally.as_json()["activity"]["updated"] == 1
    assert Activity.objects.filter(replaces__isnull=False).get().body == "see you"
    assert SubscriptionPeriod.objects.get().ends_date is not None
    batches = WriteBatch.objects.order_by("-pk")
    for batch in batches[:2]:
        revert_batch(batch_id=batch.pk, act=act(now=LATER))
    assert filing.everything() == before
