"""`tasuki journey` and `tasuki handoff`: the rules of the screen, in words and exit codes."""

import argparse
import json
from typing import Any

import pytest

from tasuki.cli.acting import Refused
from tasuki.cli.command import CommandFailed, Exit
from tasuki.cli.commands import handoff, journey
from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.operations.assignment import Holder
from tasuki.people.models import User
from tests.journeys import factories as make
from tests.people.factories import make_user

pytestmark = pytest.mark.django_db
TOLD = ("--answer", "interest=料金ページを3回閲覧", "--answer", "consent=form", "--answer", "fit=A")


@pytest.fixture(autouse=True)
def _process() -> None:
    make.process()


@pytest.fixture
def giver() -> User:
    return make_user(Grant(Role.MEMBER, department=Department.MARKETING))


@pytest.fixture
def taker() -> User:
    return make_user(Grant(Role.MEMBER, department=Department.INSIDE_SALES))


def run(module: Any, *words: str) -> int:
    """Type the command with these words."""
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    code: int = module.run(parser.parse_args(words))
    return code


def offered(giver: User, taker: User) -> Handoff:
    """A packet that waits for the taker."""
    given = make.journey(stage="MQL", holder=Holder(owner_id=giver.pk, team_id=None))
    words = ("offer", str(given.pk), "--as", giver.email, "--to", taker.email, *TOLD)
    assert run(handoff, *words) == Exit.DONE
    return Handoff.objects.get(journey=given)


def test_a_journey_is_shown_with_what_comes_next(capsys: pytest.CaptureFixture[str]) -> None:
    shown = make.journey(stage="MQL")

    assert run(journey, "show", str(shown.pk)) == Exit.DONE
    told = capsys.readouterr().out
    assert "株式会社青葉製作所: MQL (MQL)" in told
    assert "hand over first: marketing_to_inside_sales" in told
    assert "owner: Owner (needed)" in told

    assert run(journey, "show", str(shown.pk), "--json") == Exit.DONE
    assert json.loads(capsys.readouterr().out)["next"]["stage"] == "SAL"


def test_whoever_carries_on_alone_sees_the_contract_among_the_items(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = make.journey(stage="MQL", motion="full_cycle")
    run(journey, "show", str(shown.pk), "--json")
    following = json.loads(capsys.readouterr().out)["next"]
    assert following["handoff"] is None
    assert {"owner", "interest", "consent"} <= {item["key"] for item in following["items"]}


def test_a_journey_aside_has_nothing_next(capsys: pytest.CaptureFixture[str]) -> None:
    shown = make.journey()
    Journey.objects.filter(pk=shown.pk).update(stage="LOST", is_open=False)
    run(journey, "show", str(shown.pk), "--json")
    assert json.loads(capsys.readouterr().out)["next"] is None


def test_a_journey_is_carried_on_by_somebody(
    giver: User, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = make.journey(holder=Holder(owner_id=giver.pk, team_id=None))
    assert run(journey, "advance", str(moved.pk), "--as", giver.email) == Exit.DONE
    assert "is now in MQL" in capsys.readouterr().out


def test_an_advance_is_refused_with_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    stuck = make.journey(channel_id=None)
    with pytest.raises(Refused, match="missing: Source channel"):
        run(journey, "advance", str(stuck.pk), "--to", "MQL")

    assert run(journey, "advance", str(stuck.pk), "--json") == Exit.FAILED
    told = json.loads(capsys.readouterr().out)
    assert (told["refused"], told["missing"]) == ("gate_not_met", ["Source channel"])
    stuck.refresh_from_db()
    assert stuck.stage == "LEAD"


def test_a_boundary_is_refused_without_a_hand_off() -> None:
    stuck = make.journey(stage="MQL")
    with pytest.raises(Refused, match='"Marketing to inside sales" must be accepted first'):
        run(journey, "advance", str(stuck.pk))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "NOWHERE"), "there is no stage NOWHERE"),
        (("--answer", "weather=fine"), "give KEY=VALUE"),
        (("--answer", "need"), "give KEY=VALUE"),
        (("--answer", "budget=much"), "budget is one of secured"),
        (("--answer", "meeting_date=soon"), "soon cannot be read"),
        (("--answer", "amount=much"), "much cannot be read"),
        (("--answer", "expected_close_date=soon"), "soon cannot be read"),
        (("--as", "nobody@example.co.jp"), "nobody here has the address"),
    ],
)
def test_wrong_words_are_named(words: tuple[str, ...], said: str) -> None:
    asked = make.journey()
    with pytest.raises(CommandFailed, match=said) as failed:
        run(journey, "advance", str(asked.pk), *words)
    assert failed.value.code == Exit.WRONG_ARGUMENTS


def test_a_journey_out_of_sight_is_not_there(taker: User) -> None:
    with pytest.raises(CommandFailed, match="there is no journey 999"):
        run(journey, "show", "999")
    with pytest.raises(CommandFailed, match="there is no hand-off 999"):
        run(handoff, "accept", "999", "--as", taker.email)


def test_a_packet_goes_from_hand_to_hand(
    giver: User, taker: User, capsys: pytest.CaptureFixture[str]
) -> None:
    packet = offered(giver, taker)
    assert "marketing_to_inside_sales offered" in capsys.readouterr().out

    run(handoff, "list", "--as", taker.email)
    assert f"{packet.pk} 株式会社青葉製作所" in capsys.readouterr().out
    run(handoff, "show", str(packet.pk))
    assert "interest: 料金ページを3回閲覧" in capsys.readouterr().out
    assert run(handoff, "accept", str(packet.pk), "--as", taker.email) == Exit.DONE

    packet.journey.refresh_from_db()
    assert (packet.journey.stage, packet.journey.owner_id) == ("SAL", taker.pk)
    run(handoff, "list", "--json")
    assert '"handoffs": []' in capsys.readouterr().out
    run(journey, "show", str(packet.journey_id))
    assert f"hand-off {packet.pk}: marketing_to_inside_sales accepted" in capsys.readouterr().out


def test_a_packet_comes_back_with_a_reason(
    giver: User, taker: User, capsys: pytest.CaptureFixture[str]
) -> None:
    packet = offered(giver, taker)
    acting = (str(packet.pk), "--as", taker.email)
    with pytest.raises(Refused, match="Choose the reason for returning it"):
        run(handoff, "return", *acting)
    assert run(handoff, "return", *acting, "--json") == Exit.FAILED
    assert '"refused": "reason_missing"' in capsys.readouterr().out

    words = ("--reason", "missing_information", "--item", "interest")
    assert run(handoff, "return", *acting, *words) == Exit.DONE
    packet.refresh_from_db()
    assert (packet.state, packet.item) == ("returned", "interest")


def test_a_packet_is_taken_back_by_its_giver(giver: User, taker: User) -> None:
    packet = offered(giver, taker)
    run(handoff, "withdraw", str(packet.pk), "--as", giver.email, "--note", "誤り")
    packet.refresh_from_db()
    assert packet.state == "withdrawn"


def test_a_hand_off_names_what_it_lacks(giver: User) -> None:
    given = make.journey(stage="MQL", holder=Holder(owner_id=giver.pk, team_id=None))
    with pytest.raises(Refused, match="missing: What they did"):
        run(handoff, "offer", str(given.pk), "--as", giver.email, "--answer", "interest=なし")
    assert not Handoff.objects.exists()


def test_nothing_leads_on_from_inside_a_department(giver: User) -> None:
    given = make.journey(holder=Holder(owner_id=giver.pk, team_id=None))
    with pytest.raises(Refused, match="No hand-off leads on from LEAD"):
        run(handoff, "offer", str(given.pk), "--as", giver.email)


def test_rights_are_those_of_the_person(giver: User, taker: User) -> None:
    packet = offered(giver, taker)
    viewer = make_user(Role.VIEWER)
    with pytest.raises(Refused, match="does not take hand-off"):
        run(handoff, "accept", str(packet.pk), "--as", viewer.email)
    with pytest.raises(Refused, match="may not work on journey"):
        run(journey, "advance", str(packet.journey_id), "--as", viewer.email)
    packet.refresh_from_db()
    assert packet.state == "offered"
