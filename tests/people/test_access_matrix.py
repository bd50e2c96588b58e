"""Every address of Tasuki × every role: who may open it, who may post to it.

`EXPECTED` is the one table. An address that is missing from it fails the suite: whoever adds a page
says here who may use it. Refused posts must change nothing.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from tasuki.core.access import Role
from tasuki.journeys.models import Handoff
from tests.conftest import SharedRows
from tests.journeys.factories import account, journey, person, process
from tests.people.factories import client_of, make_user

ANONYMOUS = "anonymous"
WHO = (ANONYMOUS, *(role.value for role in Role))

PUBLIC = frozenset(WHO)
SIGNED_IN = frozenset(role.value for role in Role)
ADMIN = frozenset({Role.ADMIN.value})
PROCESS = ADMIN | {Role.PROCESS_OWNER.value}
KEEPERS = PROCESS | {Role.MANAGER.value}
WRITERS = KEEPERS | {Role.MEMBER.value}
EXPORTERS = WRITERS | {Role.EXECUTIVE.value}
MERGERS = ADMIN | {Role.MANAGER.value}
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """Who gets past the guard by GET and by POST. Others: sign-in page (anonymous) or 403.

    `sample` is the path to ask for when the address has parts.
    """

    get: frozenset[str]
    post: frozenset[str] | None = None
    sample: str = ""


_ID = "999999"

EXPECTED: dict[str, Rule] = {
    # The house
    "healthz": Rule(PUBLIC),
    "readyz": Rule(PUBLIC),
    "preferences/language/": Rule(PUBLIC),
    "preferences/theme/": Rule(PUBLIC),
    # For builders: without sign-in it does not exist (404) unless the demo or debugging is on.
    "styleguide/": Rule(PUBLIC),
    "styleguide/<slug:part>/": Rule(PUBLIC),
    # Home, course and records
    "": Rule(SIGNED_IN),
    "accounts/": Rule(SIGNED_IN),
    "accounts/options/": Rule(SIGNED_IN),
    "course/": Rule(SIGNED_IN),
    "course/by/": Rule(SIGNED_IN),
    "course/records/": Rule(SIGNED_IN),
    "journeys/": Rule(SIGNED_IN),
    "journeys/filters/": Rule(SIGNED_IN),
    "persons/": Rule(SIGNED_IN),
    "persons/options/": Rule(SIGNED_IN),
    "search/": Rule(SIGNED_IN),
    "search/palette/": Rule(SIGNED_IN),
    "views/<int:view_id>/delete/": Rule(SIGNED_IN),
    "views/<slug:list_code>/columns/": Rule(SIGNED_IN),
    "views/<slug:list_code>/save/": Rule(SIGNED_IN),
    "accounts/new/": Rule(WRITERS),
    "accounts/similar/": Rule(WRITERS),
    "journeys/bulk/": Rule(WRITERS),
    "journeys/new/": Rule(WRITERS),
    "persons/new/": Rule(WRITERS),
    "persons/similar/": Rule(WRITERS),
    "accounts/export/": Rule(EXPORTERS),
    "course/export.csv": Rule(EXPORTERS),
    "journeys/export/": Rule(EXPORTERS),
    "persons/export/": Rule(EXPORTERS),
    # A journey that none of the browsers owns: a member of no team may see it, not work on it.
    "journeys/<int:journey_id>/": Rule(SIGNED_IN),
    "journeys/<int:journey_id>/stays/<int:number>/": Rule(SIGNED_IN),
    "journeys/<int:journey_id>/timeline/": Rule(SIGNED_IN),
    "journeys/<int:journey_id>/activities/<slug:kind>/": Rule(KEEPERS),
    "journeys/<int:journey_id>/answers/<slug:stage>/": Rule(KEEPERS),
    "journeys/<int:journey_id>/corrections/<int:activity_id>/": Rule(KEEPERS),
    "journeys/<int:journey_id>/deal/": Rule(KEEPERS),
    "journeys/<int:journey_id>/details/": Rule(KEEPERS),
    "journeys/<int:journey_id>/edit/": Rule(KEEPERS),
    "journeys/<int:journey_id>/moves/<slug:verb>/": Rule(KEEPERS),
    "journeys/<int:journey_id>/next-action/": Rule(KEEPERS),
    "journeys/<int:journey_id>/owner/": Rule(KEEPERS),
    "journeys/<int:journey_id>/subscriptions/": Rule(KEEPERS),
    "journeys/<int:journey_id>/subscriptions/<int:subscription_id>/end/": Rule(KEEPERS),
    # Hand-offs: the packet waits in a queue that a member of no team does not take from.
    "handoffs/": Rule(SIGNED_IN),
    "handoffs/<int:handoff_id>/": Rule(SIGNED_IN),
    "handoffs/<int:handoff_id>/accept/": Rule(KEEPERS),
    "handoffs/<int:handoff_id>/announcement/": Rule(SIGNED_IN),
    "handoffs/<int:handoff_id>/asked-again/<slug:item>/": Rule(KEEPERS),
    "handoffs/<int:handoff_id>/briefing/": Rule(SIGNED_IN),
    "handoffs/<int:handoff_id>/rate/": Rule(KEEPERS),
    "handoffs/<int:handoff_id>/return/": Rule(KEEPERS),
    "handoffs/<int:handoff_id>/withdraw/": Rule(KEEPERS),
    "handoffs/review/": Rule(SIGNED_IN),
    "handoffs/review/begin/": Rule(KEEPERS),
    "handoffs/review/<int:meeting_id>.pdf": Rule(SIGNED_IN, sample="handoffs/review/999999.pdf"),
    "handoffs/review/<int:meeting_id>/decisions/": Rule(KEEPERS),
    "handoffs/review/<int:meeting_id>/minutes/": Rule(KEEPERS),
    "handoffs/review/decisions/<int:decision_id>/": Rule(KEEPERS),
    "my-day/": Rule(SIGNED_IN),
    "my-day/next-step/<int:journey_id>/": Rule(KEEPERS),
    "my-day/team/": Rule(SIGNED_IN),
    "journeys/<int:journey_id>/hand-over/<slug:contract>/": Rule(KEEPERS),
    "journeys/<int:journey_id>/hand-over/<slug:contract>/check/": Rule(KEEPERS),
    # Accounts, persons, duplicates and imports
    "accounts/<int:account_id>/": Rule(SIGNED_IN),
    "persons/<int:person_id>/": Rule(SIGNED_IN),
    "accounts/<int:account_id>/details/": Rule(WRITERS),
    "persons/<int:person_id>/details/": Rule(WRITERS),
    "duplicates/": Rule(MERGERS),
    "duplicates/<slug:word>/<int:first_id>/<int:second_id>/": Rule(MERGERS),
    "duplicates/<slug:word>/<int:first_id>/<int:second_id>/different/": Rule(MERGERS),
    "merges/<int:merge_id>/undo/": Rule(MERGERS),
    "imports/": Rule(KEEPERS),
    "imports/<int:run_id>/": Rule(KEEPERS),
    "imports/<int:run_id>/cancel/": Rule(KEEPERS),
    "imports/<int:run_id>/commit/": Rule(KEEPERS),
    "imports/<int:run_id>/discard/": Rule(KEEPERS),
    "imports/<int:run_id>/mapping.yaml": Rule(KEEPERS),
    "imports/<int:run_id>/mapping/": Rule(KEEPERS),
    "imports/<int:run_id>/mapping/save/": Rule(KEEPERS),
    "imports/<int:run_id>/mapping/text/": Rule(KEEPERS),
    "imports/<int:run_id>/preview/": Rule(KEEPERS),
    "imports/<int:run_id>/problems.csv": Rule(KEEPERS),
    "imports/<int:run_id>/progress/": Rule(KEEPERS),
    "imports/<int:run_id>/revert/": Rule(KEEPERS),
    "imports/<int:run_id>/skipped/<int:file_id>.csv": Rule(KEEPERS),
    "imports/mappings/<int:mapping_id>.yaml": Rule(KEEPERS),
    "imports/new/": Rule(KEEPERS),
    # The process: read by everybody, changed by those who may edit the blueprint
    "process/": Rule(SIGNED_IN),
    "process/versions/": Rule(SIGNED_IN),
    "process/versions/<int:version_id>/": Rule(SIGNED_IN),
    "process/versions/<int:version_id>/changes/": Rule(SIGNED_IN),
    "process/versions/<int:version_id>/text/": Rule(SIGNED_IN),
    "process/drafts/begin/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/text/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/whole/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/condition/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/changes/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/publish/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/carry-over/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/discard/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/<slug:part>/<int:index>/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/<slug:part>/<int:index>/order/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/<slug:part>/<int:index>/items/<int:place>/": Rule(PROCESS),
    "process/drafts/<int:draft_id>/<slug:part>/<int:index>/items/<int:place>/order/": Rule(PROCESS),
    # Workspace: sign-in
    "sign-in/": Rule(PUBLIC),
    "sign-in/closed/": Rule(PUBLIC),
    "sign-in/demo/<int:user_id>/": Rule(PUBLIC),
    "sign-out/": Rule(PUBLIC),
    "password/forgotten/": Rule(PUBLIC),
    "password/forgotten/sent/": Rule(PUBLIC),
    "password/new/<uidb36>-<key>/": Rule(PUBLIC, sample="password/new/1-dead/"),
    "password/new/done/": Rule(PUBLIC),
    # Workspace: one's own
    "me/": Rule(SIGNED_IN),
    "me/password/": Rule(SIGNED_IN),
    "me/absences/": Rule(SIGNED_IN),
    "me/absences/<int:absence_id>/cancel/": Rule(SIGNED_IN),
    "me/sessions/end/": Rule(SIGNED_IN),
    # Notices: everybody's own; the bell answers nobody with nothing
    "notices/": Rule(SIGNED_IN),
    "notices/bell/": Rule(PUBLIC),
    "notices/read/": Rule(SIGNED_IN),
    "notices/<int:notice_id>/open/": Rule(SIGNED_IN),
    "notices/<int:notice_id>/read/": Rule(SIGNED_IN),
    "me/notices/": Rule(SIGNED_IN),
    "me/notices/test/": Rule(SIGNED_IN),
    "me/notices/webhook/": Rule(SIGNED_IN),
    "me/notices/webhook/remove/": Rule(SIGNED_IN),
    "notices/webhooks/": Rule(PROCESS),
    "notices/webhooks/new/": Rule(PROCESS),
    "notices/webhooks/<int:webhook_id>/": Rule(PROCESS),
    "notices/webhooks/<int:webhook_id>/test/": Rule(PROCESS),
    "notices/webhooks/<int:webhook_id>/delete/": Rule(PROCESS),
    # Workspace: administration
    "people/": Rule(ADMIN),
    "people/invite/": Rule(ADMIN),
    "people/roles/": Rule(SIGNED_IN),
    "people/teams/": Rule(ADMIN),
    "people/teams/new/": Rule(ADMIN),
    "people/teams/<int:team_id>/": Rule(ADMIN),
    "people/<int:user_id>/": Rule(ADMIN),
    "people/<int:user_id>/invite-again/": Rule(ADMIN),
    "people/<int:user_id>/grants/": Rule(ADMIN),
    "people/<int:user_id>/grants/<int:grant_id>/remove/": Rule(ADMIN),
    "people/<int:user_id>/deactivate/": Rule(ADMIN),
    "people/<int:user_id>/activate/": Rule(ADMIN),
    "people/<int:user_id>/hand-on/": Rule(ADMIN),
    "people/<int:user_id>/hand-on/again/": Rule(ADMIN),
    "people/<int:user_id>/hand-on/progress/": Rule(ADMIN),
    "people/working-time/": Rule(KEEPERS),
    "people/working-time/calendars/new/": Rule(PROCESS),
    "people/working-time/calendars/<int:calendar_id>/": Rule(KEEPERS),
    "people/working-time/days/": Rule(KEEPERS),
    "people/working-time/shares/": Rule(KEEPERS),
    "people/working-time/days/<int:day_id>/remove/": Rule(KEEPERS),
    "people/working-time/absences/": Rule(KEEPERS),
    "people/working-time/absences/<int:absence_id>/cancel/": Rule(KEEPERS),
}

# Django's own administration guards itself (operators only) and is tested by its one front door.
_LEFT_OUT = ("operators/", "static/")


def addresses() -> Iterator[str]:
    """Yield every address once, as written in the url files."""
    seen = set()
    for route in _walk(get_resolver().url_patterns, ""):
        if route not in seen and not route.startswith(_LEFT_OUT):
            seen.add(route)
            yield route


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for item in patterns:
        route = prefix + _plain(str(item.pattern))
        if isinstance(item, URLResolver):
            yield from _walk(item.url_patterns, route)
        else:
            yield route


def _plain(route: str) -> str:
    named = route.replace("(?P<uidb36>[0-9A-Za-z]+)", "<uidb36>").replace("(?P<key>.+)", "<key>")
    return named.removeprefix("^").removesuffix("$")


def sample(route: str, stored: Mapping[str, int | str]) -> str:
    """Return a path of the address; where nothing is `stored`, ids belong to nothing."""
    if EXPECTED[route].sample:
        return "/" + EXPECTED[route].sample
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(stored.get(part[1], _ID)), route)


def test_every_address_has_a_rule() -> None:
    assert sorted(set(addresses()) - set(EXPECTED)) == []


def test_every_rule_has_an_address() -> None:
    assert sorted(set(EXPECTED) - set(addresses())) == []


@pytest.fixture(scope="module")
def stored(shared_rows: SharedRows) -> dict[str, int | str]:
    """The ids of one journey, account, person and packet under a published process."""
    with shared_rows():
        process()
        at = account()
        somebody = person(at)
        pursued = journey(account_id=at.pk, person_id=somebody.pk)
        packet = Handoff.objects.create(
            journey=pursued,
            cycle=1,
            contract="marketing_to_inside_sales",
            kind="forward",
            blueprint_id=pursued.blueprint_id,
            giver_department="marketing",
            taker_department="inside_sales",
            state="offered",
            offered_at=pursued.opened_at,
        )
        return {
            "journey_id": pursued.pk,
            "account_id": at.pk,
            "person_id": somebody.pk,
            "handoff_id": packet.pk,
            "contract": packet.contract,
            "item": "interest",
        }


@pytest.fixture(scope="module")
def cookies(shared_rows: SharedRows) -> dict[str, SimpleCookie]:
    """What the browser of each role and of nobody holds."""
    with shared_rows():
        users = {ANONYMOUS: None, **{role.value: make_user(role) for role in Role}}
        return {who: client_of(user).cookies for who, user in users.items()}


@pytest.fixture
def browsers(db: None, cookies: dict[str, SimpleCookie]) -> dict[str, Client]:
    """One browser for each role, and one of nobody."""
    found = {who: Client() for who in WHO}
    for who, browser in found.items():
        browser.cookies = deepcopy(cookies[who])
    return found


REFUSED = "refused"
NO_SUCH_VERB = "no such verb"
ANSWERED = "answered"


def _outcome(client: Client, method: str, path: str) -> str:
    response = client.get(path) if method == "GET" else client.post(path)
    if response.status_code == 405:
        return NO_SUCH_VERB
    to_sign_in = response.headers.get("Location", "").startswith("/sign-in/?next=")
    return REFUSED if to_sign_in or response.status_code == 403 else ANSWERED


@pytest.mark.parametrize("route", sorted(EXPECTED))
@override_settings(ACCOUNT_RATE_LIMITS=False)
def test_get_is_for_whom_it_is_for(
    route: str, browsers: dict[str, Client], stored: dict[str, int | str]
) -> None:
    allowed = EXPECTED[route].get
    found = {who: _outcome(browsers[who], "GET", sample(route, stored)) for who in WHO}
    assert {who for who in allowed if found[who] == REFUSED} == set()
    assert {who for who in WHO if found[who] == ANSWERED} <= allowed


@pytest.mark.parametrize("route", sorted(EXPECTED))
@override_settings(ACCOUNT_RATE_LIMITS=False)
def test_refused_posts_change_nothing(
    route: str, browsers: dict[str, Client], stored: dict[str, int | str]
) -> None:
    rule = EXPECTED[route]
    allowed = rule.get if rule.post is None else rule.post
    before = _rows()
    outsiders = [who for who in WHO if who not in allowed]
    found = {who: _outcome(browsers[who], "POST", sample(route, stored)) for who in outsiders}
    assert ANSWERED not in found.values()
    assert _rows() == before


def test_the_operators_door_is_closed_to_people(browsers: dict[str, Client]) -> None:
    for who in WHO:
        assert browsers[who].get("/operators/").status_code == 302


def _rows() -> dict[str, int]:
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed and model._meta.app_label not in {"sessions", "usersessions"}
    ]
    with connection.cursor() as cursor:
        parts = [f"SELECT '{name}', count(*) FROM \"{name}\"" for name in sorted(tables)]  # noqa: S608
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())
