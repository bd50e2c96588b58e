"""Makes people for tests: quick, with a role, signed in when asked."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.test import Client

from tasuki.core.access import Grant, Role
from tasuki.people.models import RoleGrant, Team, User

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 10 o'clock on a Tuesday in Tokyo
PASSWORD = "sasu-kuso-2026"

_numbers = count(1)


def make_team(name: str = "", **fields: Any) -> Team:
    """Store a team."""
    return Team.objects.create(name_ja=name or f"チーム{next(_numbers)}", **fields)


def make_user(*grants: Grant | Role, password: str | None = None, **fields: Any) -> User:
    """Store a person who holds the grants (a bare role: for the whole company)."""
    number = next(_numbers)
    values = {
        "email": f"person{number}@example.jp",
        "family_name": "山田",
        "given_name": f"太郎{number}",
        "family_kana": "ヤマダ",
        "given_kana": "タロウ",
    }
    user = User.objects.create_user(password=password, **(values | fields))
    for item in grants:
        grant = Grant(item) if isinstance(item, Role) else item
        RoleGrant.objects.create(
            user=user,
            role=grant.role.value,
            department=grant.department.value if grant.department else "",
            team_id=grant.team_id,
            sees=grant.sees.value,
        )
    return user


def client_of(user: User | None) -> Client:
    """Return a browser in which `user` is signed in; None: nobody."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client
