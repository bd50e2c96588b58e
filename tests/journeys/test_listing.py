"""Which journeys a list shows, to whom, and what each row tells."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from tasuki.core.access import Access, Grant, Role, Scope
from tasuki.core.blueprint import Blueprint
from tasuki.core.departments import Department
from tasuki.core.lifecycle import Advance, Disqualify, Recycle
from tasuki.core.money import Money
from tasuki.journeys.models import Campaign, Channel, Journey
from tasuki.journeys.operations.assignment import Holder, assign_owner
from tasuki.journeys.operations.flow import move_journey
from tasuki.journeys.queries import found as found_queries
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.filters import read_filter
from tasuki.journeys.queries.found import find_everywhere
from tasuki.journeys.queries.listing import (
    JOURNEY_SORTS,
    Viewer,
    journey_count,
    journey_rows,
    journey_slice,
    matching_journeys,
)
from tasuki.journeys.queries.paging import Count, Order
from tasuki.journeys.queries.parties import (
    PartyFilter,
    account_rows,
    filtered_accounts,
    filtered_persons,
    person_rows,
)
from tests.journeys import factories

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
NOW = factories.NOW + timedelta(days=10)
ALL = Access(user_id=1, grants=(Grant(Role.ADMIN),))


@pytest.fixture(autouse=True)
def blueprint() -> Blueprint:
    """The default process, published."""
    factories.process()
    return current_blueprint().blueprint


def viewer(access: Access = ALL, *, now: datetime = NOW) -> Viewer:
    """Somebody looking."""
    return Viewer(access=access, now=now, zone=TOKYO, blueprint=current_blueprint().blueprint)


def shown(query: str, look: Viewer | None = None) -> list[int]:
    """The keys that a list shows, oldest journey first; counting and exporting agree with it."""
    look = look or viewer()
    chosen = read_filter(parameters=QueryDict(query), blueprint=look.blueprint)
    assert chosen.problems == ()
    order = Order(JOURNEY_SORTS["entered_at"], descending=True)
    found = journey_slice(chosen=chosen, viewer=look, order=order, cursor=None, size=50)
    assert journey_count(chosen=chosen, viewer=look) == Count(len(found.ids), capped=False)
    matching = matching_journeys(chosen=chosen, viewer=look)
    assert sorted(matching.values_list("pk", flat=True)) == sorted(found.ids)
    return sorted(found.ids)


def moved(journey: Journey, *moves: object, days: int = 1) -> Journey:
    """Move a journey, a day apart."""
    for number, move in enumerate(moves, start=1):
        at = factories.NOW + timedelta(days=days * number)
        move_journey(journey_id=journey.pk, move=move, act=factories.act(now=at))  # type: ignore[arg-type]
    return Journey.objects.get(pk=journey.pk)


def test_an_open_list_shows_everything() -> None:
    first, second = factories.journey(), factories.journey()

    assert shown("") == [first.pk, second.pk]


def test_where_a_journey_is_now() -> None:
    lead, recycled = factories.journey(), factories.journey()
    qualified = moved(factories.journey(), Advance())
    moved(recycled, Recycle(reason="timing", revisit_date=date(2026, 9, 1)))

    assert shown("stage=LEAD") == [lead.pk]
    assert shown("stage=LEAD,MQL") == [lead.pk, qualified.pk]
    assert shown("stage=RECYCLE&state=open") == [recycled.pk]
    assert shown("state=open") == [lead.pk, qualified.pk]
    assert shown("state=side") == [recycled.pk]
    assert shown("state=closed") == []
    assert shown("department=marketing&state=open,side") == [lead.pk, recycled.pk, qualified.pk]
    assert shown("department=field_sales") == []


def test_conditions_on_stays_open_what_a_figure_counts() -> None:
    lost = moved(factories.journey(), Advance(), Disqualify(reason="bad_data"))
    waiting = moved(factories.journey(), Advance(), days=3)
    reason = Journey.objects.get(pk=lost.pk)

    assert reason.stage == "DISQ"
    assert shown("stage=MQL&entered_from=2026-04-02&entered_to=2026-04-02") == [lost.pk]
    assert shown("stage=MQL&entered_from=2026-04-03") == [waiting.pk]
    assert shown("stage=MQL&exit=disqualified&left_from=2026-04-03&left_to=2026-04-03") == [lost.pk]
    assert shown("stage=MQL&to=DISQ&reason=bad_data") == [lost.pk]
    assert shown("stage=MQL&left_to=2026-04-30&reason=-") == []
    assert shown("stage=MQL&open_on=2026-04-02") == [lost.pk]
    assert shown("stage=MQL&open_on=2026-04-08") == [waiting.pk]
    assert shown("stage=MQL&entered_from=2026-04-01&state=open") == [waiting.pk]
    assert shown("stage=LEAD&first=journey") == [lost.pk, waiting.pk]
    assert shown("stage=MQL&first=journey") == []
    assert shown("first=held") == [lost.pk, waiting.pk]
    assert shown("won=1") == []


def test_without_a_winning_stage_nothing_was_won(blueprint: Blueprint) -> None:
    factories.journey()
    stages = tuple(replace(stage, wins=False) for stage in blueprint.stages)
    look = replace(viewer(), blueprint=replace(blueprint, stages=stages))

    assert shown("won=1", look) == []
    assert shown("first=held", look) == []


def test_who_carries_it() -> None:
    sato, kato = factories.user("sato@example.jp"), factories.user("kato@example.jp")
    mine = factories.journey(holder=Holder(owner_id=sato.pk, team_id=None))
    theirs = factories.journey(holder=Holder(owner_id=kato.pk, team_id=None))
    nobodys = factories.journey()
    look = viewer(replace(ALL, user_id=sato.pk))

    assert shown("owner=me", look) == [mine.pk]
    assert shown(f"owner={kato.pk}") == [theirs.pk]
    assert shown(f"owner={kato.pk},{sato.pk}") == [mine.pk, theirs.pk]
    assert shown("owner=none") == [nobodys.pk]
    assert shown("owner=me,none", look) == [mine.pk, nobodys.pk]
    assert shown("team=none") == [mine.pk, theirs.pk, nobodys.pk]
    assert shown(f"owner={kato.pk}&first=held") == [theirs.pk]
    assign_owner(
        journey_id=mine.pk, holder=Holder(owner_id=kato.pk, team_id=None), act=factories.act()
    )
    assert shown("owner=me", look) == []


def test_what_it_is() -> None:
    webinar = Channel.objects.get(code="webinar")
    campaign = Campaign.objects.create(channel=webinar, name="春のセミナー")
    small = factories.journey(
        account_id=factories.account(segment="small").pk, campaign_id=campaign.pk, temperature="hot"
    )
    unknown = factories.journey(channel_id=None, stage="LEAD", person_id=None)
    Journey.objects.filter(pk=small.pk).update(amount_reporting_minor=500)

    assert shown("segment=small") == [small.pk]
    assert shown("segment=none") == [unknown.pk]
    assert shown("channel=webinar") == [small.pk]
    assert shown("channel=none") == [unknown.pk]
    assert shown(f"campaign={campaign.pk}") == [small.pk]
    assert shown("temperature=hot&kind=new") == [small.pk]
    assert shown("kind=renewal") == []
    assert shown(f"account={unknown.account_id}") == [unknown.pk]
    assert shown("motion=division,abm") == [small.pk, unknown.pk]
    assert shown("amount_from=500&amount_to=500") == [small.pk]
    assert shown("amount_to=499") == []


def test_what_is_due() -> None:
    journey = factories.journey()
    due = datetime(2026, 4, 2, 3, tzinfo=UTC)

    assert shown("next_action=overdue", viewer(now=due + timedelta(days=1))) == [journey.pk]
    assert shown("next_action=overdue", viewer(now=due)) == []
    assert shown("next_action=today", viewer(now=due)) == [journey.pk]
    assert shown("next_action=week", viewer(now=due - timedelta(days=3))) == [journey.pk]
    assert shown("next_action=week", viewer(now=due + timedelta(days=4))) == []
    assert shown("next_action=none") == []


def test_what_has_stopped() -> None:
    journey = factories.journey()

    assert shown("stalled=yes", viewer(now=factories.NOW + timedelta(days=61))) == [journey.pk]
    assert shown("stalled=yes", viewer(now=factories.NOW + timedelta(days=59))) == []


def test_part_of_a_name_finds_it() -> None:
    aoba = factories.journey()
    other = factories.journey(account_id=factories.account("サクラ商会").pk)

    assert shown("q=葉") == [aoba.pk]
    assert shown("q=さくら") == [other.pk]
    assert shown("q=ｻｸﾗ　商") == [other.pk]
    assert shown("q=青葉 さくら") == []
    assert shown("q=青葉&stage=MQL") == []


def test_a_row_tells_what_a_list_shows() -> None:
    owner = factories.user()
    journey = factories.journey(holder=Holder(owner_id=owner.pk, team_id=None))
    Journey.objects.filter(pk=journey.pk).update(amount_minor=12_000, currency="JPY")

    (row,) = journey_rows(ids=[journey.pk, 0], access=ALL)

    assert (row.account_name, row.family_name, row.given_name) == (
        "株式会社青葉製作所",
        "山田",
        "太郎",
    )
    assert (row.owner_name, row.amount) == ("佐藤 花子", Money(12_000, "JPY"))
    assert (row.department, row.is_open, row.is_completed) == (Department.MARKETING, True, False)
    assert row.sees_personal_data
    assert row.is_workable


def test_a_row_hides_personal_data_from_who_may_not_see_it() -> None:
    journey = factories.journey()
    looking = Access(user_id=1, grants=(Grant(Role.VIEWER),))

    (row,) = journey_rows(ids=[journey.pk], access=looking)

    assert not row.sees_personal_data
    assert not row.is_workable
    assert row.amount is None


def test_the_right_narrows_the_list() -> None:
    user = factories.user()
    mine = factories.journey(holder=Holder(owner_id=user.pk, team_id=None))
    factories.journey()
    narrow = Access(user_id=user.pk, grants=(Grant(Role.MEMBER, sees=Scope.OWN),))

    assert shown("", viewer(narrow)) == [mine.pk]


def test_a_page_takes_the_same_queries_however_many_rows(
    django_assert_num_queries: object,
) -> None:
    assert callable(django_assert_num_queries)
    for _ in range(4):
        factories.journey()
    look, order = viewer(), Order(JOURNEY_SORTS["entered_at"], descending=True)
    chosen = read_filter(parameters=QueryDict("stage=LEAD"), blueprint=look.blueprint)
    for size in (1, 3):
        with django_assert_num_queries(3):
            found = journey_slice(chosen=chosen, viewer=look, order=order, cursor=None, size=size)
            journey_count(chosen=chosen, viewer=look)
            assert len(journey_rows(ids=found.ids, access=look.access)) == size


def test_companies_and_people_are_narrowed_too() -> None:
    user = factories.user()
    mine = factories.account("青葉", owner_id=user.pk, segment="mid", is_named=True)
    other = factories.account("サクラ")
    person = factories.person(other)
    journey = factories.journey(account_id=mine.pk)

    def accounts(**chosen: object) -> list[int]:
        found = filtered_accounts(chosen=PartyFilter(**chosen), access=ALL)  # type: ignore[arg-type]
        return sorted(found.values_list("pk", flat=True))

    assert accounts() == [mine.pk, other.pk]
    assert accounts(segment="mid") == accounts(owner_id=user.pk) == accounts(named=True)
    assert accounts(segment="mid") == [mine.pk]
    people = filtered_persons(chosen=PartyFilter(account_id=other.pk), access=ALL)
    assert [row.pk for row in people] == [person.pk]
    assert filtered_persons(chosen=PartyFilter(), access=ALL).count() == 1
    first, second = account_rows(ids=[mine.pk, other.pk, 0])
    assert (first.name, first.open_journeys, first.owner_name) == ("青葉", 1, "佐藤 花子")
    assert (second.name, second.journeys, second.owner_name) == ("サクラ", 0, "")
    (shown_person,) = person_rows(ids=[person.pk, 0])
    assert (shown_person.account_name, shown_person.kana) == ("サクラ", "")
    assert journey.account_id == mine.pk


def test_searching_everything_ranks_beginnings_and_open_journeys_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside = factories.account("東京青葉運輸")
    start = factories.account("株式会社青葉商会")
    reading = factories.account("AOBA", name_kana="あおば")
    lost = moved(
        factories.journey(account_id=start.pk, person_id=factories.person(start).pk),
        Disqualify(reason="bad_data"),
    )
    going_on = factories.journey(account_id=inside.pk)

    found = find_everywhere(text="青葉", access=ALL, limit=5)

    assert [row.id for row in found.accounts] == [start.pk, inside.pk]
    assert [row.id for row in found.journeys] == [going_on.pk, lost.pk]
    assert not found.is_empty
    by_sign = find_everywhere(text="@", access=ALL, limit=5)
    assert [row.email for row in by_sign.persons] == ["yamada@aoba.example.co.jp"]
    by_reading = find_everywhere(text="アオ", access=ALL, limit=5)
    assert [row.id for row in by_reading.accounts] == [reading.pk]
    by_mail = find_everywhere(text="yamada@aoba", access=ALL, limit=5)
    assert [row.family_name for row in by_mail.persons] == ["山田"]
    assert find_everywhere(text="  ", access=ALL, limit=5).is_empty
    monkeypatch.setattr(found_queries, "CANDIDATES", 1)
    assert [row.id for row in find_everywhere(text="青葉商", access=ALL, limit=1).accounts] == [
        start.pk
    ]
    nobody = Access(user_id=1)
    assert find_everywhere(text="青葉", access=nobody, limit=5).is_empty
