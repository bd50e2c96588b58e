"""Who takes how much of a department's work: who may say so, and what is refused."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.people.models import AccountEvent, Team, User, WorkingProfile
from tests.people.factories import client_of, make_team, make_user

pytestmark = pytest.mark.django_db

MARKETING, INSIDE_SALES = Department.MARKETING, Department.INSIDE_SALES
PAGE = "/people/working-time/shares/"


def member(department: Department = INSIDE_SALES, *, team: Team | None = None) -> User:
    return make_user(Grant(Role.MEMBER, department), team=team)


def share(
    user: User, weight: str, capacity: str = "", *, of: str = "inside_sales"
) -> dict[str, str]:
    return {f"weight-{of}-{user.pk}": weight, f"capacity-{of}-{user.pk}": capacity}


def stored() -> dict[tuple[int, str], tuple[Decimal, int | None]]:
    rows = WorkingProfile.objects.all()
    return {(row.user_id, row.department): (row.weight, row.capacity) for row in rows}


def test_a_manager_shares_out_the_work_of_the_own_department() -> None:
    manager = make_user(Grant(Role.MANAGER, INSIDE_SALES), family_name="部長")
    first, second = member(), member()
    elsewhere = member(MARKETING)
    browser = client_of(manager)
    shown = browser.get(PAGE).content.decode()
    assert f'name="weight-inside_sales-{first.pk}" value="1"' in shown
    assert f'name="weight-inside_sales-{manager.pk}" value="0"' in shown
    assert str(elsewhere.full_name) not in shown
    fields = {
        **share(first, "0.5", "20"),
        **share(second, "1"),
        **share(manager, "0"),
        **share(elsewhere, "0", of="marketing"),
    }
    assert browser.post(PAGE, fields).headers["Location"] == PAGE
    assert stored() == {(first.pk, "inside_sales"): (Decimal("0.50"), 20)}
    event = AccountEvent.objects.get(user=first)
    assert (event.by, event.detail) == (manager, "inside_sales: × 0.5 ≤ 20")
    assert 'value="0.5"' in browser.get(PAGE).content.decode()


def test_a_limit_can_be_taken_away_again() -> None:
    person = member()
    browser = client_of(make_user(Role.PROCESS_OWNER))
    browser.post(PAGE, share(person, "2", "5"))
    browser.post(PAGE, share(person, "2", ""))
    assert stored() == {(person.pk, "inside_sales"): (Decimal(2), None)}
    details = AccountEvent.objects.order_by("id").values_list("detail", flat=True)
    assert list(details) == ["inside_sales: × 2 ≤ 5", "inside_sales: × 2"]


@pytest.mark.parametrize(
    ("weight", "capacity"),
    [("-1", ""), ("", ""), ("many", ""), ("0.123", ""), ("100", ""), ("1", "-3"), ("1", "1.5")],
)
def test_what_is_no_share_comes_back_as_it_was_typed(weight: str, capacity: str) -> None:
    person = member()
    answer = client_of(make_user(Role.ADMIN)).post(PAGE, share(person, weight, capacity))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'aria-invalid="true"' in shown
    assert f'value="{weight}"' in shown
    assert stored() == {}


def test_a_team_manager_has_the_own_team_in_charge() -> None:
    own, other = make_team(department=INSIDE_SALES), make_team(department=INSIDE_SALES)
    mine, theirs = member(team=own), member(team=other)
    manager = make_user(Grant(Role.MANAGER, INSIDE_SALES, team_id=own.pk), team=own)
    browser = client_of(manager)
    shown = browser.get(PAGE).content.decode()
    assert f"weight-inside_sales-{mine.pk}" in shown
    assert f"weight-inside_sales-{theirs.pk}" not in shown
    fields = {**share(mine, "1"), **share(manager, "0"), **share(theirs, "0")}
    assert browser.post(PAGE, fields).status_code == 302
    assert stored() == {}


def test_a_member_is_denied_and_nothing_changes() -> None:
    person = member()
    browser = client_of(person)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, share(person, "0")).status_code == 403
    assert stored() == {}


def test_an_empty_department_says_what_to_do() -> None:
    shown = client_of(make_user(Grant(Role.MANAGER, MARKETING), language="en")).get(PAGE)
    assert shown.status_code == 200


def test_the_page_asks_a_fixed_number_of_questions(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = client_of(make_user(Grant(Role.MANAGER, INSIDE_SALES)))
    for _ in range(6):
        member()
    with django_assert_num_queries(8):
        assert browser.get(PAGE).status_code == 200
