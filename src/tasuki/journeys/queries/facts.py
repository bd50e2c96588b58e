"""A journey as the mapping of facts that conditions and gates are judged on."""

from collections.abc import Mapping

from tasuki.journeys.models import Account, Journey, Person


def account_facts(account: Account) -> dict[str, object]:
    """This will return what is known of a company, by field path; an empty text is unknown."""
    return {
        "account.name": account.name,
        "account.domain": account.domain,
        "account.corporate_number": account.corporate_number,
        "account.industry": account.industry,
        "account.employees": account.employees,
        "account.prefecture": account.prefecture,
        "account.segment": account.segment,
        "account.is_named": account.is_named,
    }


def person_facts(person: Person | None) -> dict[str, object]:
    """This will return what is known of a person, by field path."""
    if person is None:
        return {}
    return {
        "person.email": person.email,
        "person.phone": person.phone,
        "person.title": person.title,
        "person.department": person.department,
        "person.role": person.role,
    }


def journey_facts(journey: Journey) -> Mapping[str, object]:
    """This will return every fact of a journey, by field path.

    Expects account, person, channel and campaign to be loaded with it.
    """
    return {
        **account_facts(journey.account),
        **person_facts(journey.person),
        "journey.kind": journey.kind,
        "journey.stage": journey.stage,
        "journey.department": journey.department,
        "journey.motion": journey.motion,
        "journey.cycle": journey.cycle,
        "journey.channel": journey.channel.code if journey.channel else "",
        "journey.campaign": journey.campaign.name if journey.campaign else "",
        "journey.source": journey.source,
        "journey.owner_id": journey.owner_id,
        "journey.amount_minor": journey.amount_minor,
        "journey.currency": journey.currency,
        "journey.temperature": journey.temperature,
        "journey.fit": journey.fit,
        "journey.opened_at": journey.opened_at,
        "journey.entered_at": journey.entered_at,
        "journey.expected_close_date": journey.expected_close_date,
        "journey.next_action_date": journey.next_action_date,
        **{f"answers.{key}": value for key, value in journey.answers.items()},
    }
