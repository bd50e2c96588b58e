"""Answers in a new cycle: what is asked again, and what still holds."""

from tasuki.core.blueprint import read_blueprint
from tasuki.core.lifecycle import answers_that_hold
from tasuki.journeys.queries.blueprints import default_blueprint_text

ANSWERS = {"need": "属人化", "meeting_held_date": "2026-04-02", "agreed_issue": "残業", "own": 1}


def test_what_later_gates_ask_is_asked_again() -> None:
    blueprint = read_blueprint(text=default_blueprint_text())

    kept = answers_that_hold(blueprint=blueprint, answers=ANSWERS, stage="SAO")

    assert kept == {"need": "属人化", "meeting_held_date": "2026-04-02", "own": 1}


def test_a_new_start_asks_everything_again() -> None:
    blueprint = read_blueprint(text=default_blueprint_text())

    assert answers_that_hold(blueprint=blueprint, answers=ANSWERS, stage="LEAD") == {"own": 1}


def test_what_a_packet_carries_along_is_asked_again() -> None:
    blueprint = read_blueprint(text=default_blueprint_text())
    told = {"trigger": "組織変更", "agenda": "費用", "interest": "資料を請求"}

    assert answers_that_hold(blueprint=blueprint, answers=told, stage="SQL") == {
        "interest": "資料を請求"
    }
    assert answers_that_hold(blueprint=blueprint, answers=told, stage="SAO") == told
