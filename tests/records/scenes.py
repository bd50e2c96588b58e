"""A small company for the tests of lists: one process, an owner, a few journeys."""

from typing import Any

from tasuki.core.access import Role
from tasuki.journeys.models import Journey
from tasuki.journeys.operations.assignment import Holder
from tasuki.people.models import User
from tests.journeys import factories
from tests.people.factories import make_user


def admin(**fields: Any) -> User:
    """Somebody who may do everything."""
    return make_user(Role.ADMIN, **fields)


def journey_of(name: str, owner: User | None = None, **stated: Any) -> Journey:
    """A journey of a company with a reachable person."""
    company = factories.account(name)
    person = factories.person(company)
    holder = Holder(owner_id=owner.pk if owner else None, team_id=owner.team_id if owner else None)
    return factories.journey(account_id=company.pk, person_id=person.pk, holder=holder, **stated)
