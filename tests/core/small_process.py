"""The smallest sound process, as the YAML loads it, for tests to break."""

from typing import TypeAlias

Entry: TypeAlias = dict[str, object]


def _label() -> Entry:
    return {"ja": "名前", "en": "Name"}


def _reason() -> Entry:
    return {"code": "other", "label": _label(), "needs_note": True}


def _stage(code: str, department: str, **more: object) -> Entry:
    return {
        "code": code,
        "label": _label(),
        "department": department,
        "enter_when": _label(),
        **more,
    }


def _side(code: str, move: str, *from_stages: str, **more: object) -> Entry:
    return {
        "code": code,
        "label": _label(),
        "department": "marketing",
        "move": move,
        "enter_when": _label(),
        "from_stages": list(from_stages),
        "reasons": [_reason()],
        **more,
    }


def small_process() -> Entry:
    """Give a fresh copy: A, B, WON and RENEW, a side track to come back from and one to end in."""
    return {
        "key": "small",
        "label": _label(),
        "stages": [
            _stage("A", "marketing"),
            _stage("B", "field_sales", stall_days=14, probability_ratio=0.5),
            _stage("WON", "field_sales", wins=True, direct_from=["A"]),
            _stage("RENEW", "success", line="renewal"),
        ],
        "sides": [
            _side("LATER", "recycle", "A", "B", needs_revisit_date=True, reactivates_to=["A"]),
            _side("LOST", "lose", "B", "WON", "RENEW"),
        ],
        "returns": [{"giver": "field_sales", "taker": "A", "reasons": [_reason()]}],
        "motions": [{"code": "division", "label": _label(), "ownership": "by_department"}],
        "default_motion": "division",
        "motion_rules": [],
    }
