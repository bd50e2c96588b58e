"""New companies, people and journeys, with a warning when one may be there already."""

import uuid
from datetime import timedelta
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tasuki.core.access import Capability
from tasuki.core.lifecycle import TransitionRefused
from tasuki.journeys.models import Account, Person
from tasuki.journeys.operations.facts import UnableToSetNextAction
from tasuki.journeys.operations.flow import open_journey
from tasuki.journeys.operations.receipts import RequestRepeated
from tasuki.journeys.operations.records import create_account, create_person
from tasuki.journeys.queries.journey_page import visible_accounts, visible_persons
from tasuki.people.access import access_of, requires, user_of
from tasuki.records.forms.records import AccountForm, JourneyForm, PersonForm
from tasuki.records.queries.similar import similar_accounts, similar_persons
from tasuki.records.views.frame import act_of, viewer_of
from tasuki.ui.render import page

RecordT = TypeVar("RecordT", Account, Person)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_JOURNEYS)
def new_account(request: HttpRequest) -> HttpResponse:
    """Add a company."""
    posted = request.method == "POST"
    form = AccountForm(request.POST if posted else None, initial={"owner": user_of(request).pk})
    if posted and form.is_valid():
        account = create_account(details=form.details(), act=act_of(request))
        messages.success(request, _("Added: %(name)s") % {"name": account.name})
        return redirect("records:account", account.pk)
    context = {"form": form, "similar": _accounts(request) if posted else ()}
    return page(request, "records/account_new.html", context, status=422 if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_JOURNEYS)
def new_person(request: HttpRequest) -> HttpResponse:
    """Add a person at a company."""
    posted, access = request.method == "POST", access_of(user_of(request))
    accounts = visible_accounts(access=access).filter(merged_into__isnull=True)
    account = _chosen(accounts, request.GET.get("account", ""))
    form = PersonForm(
        request.POST if posted else None, accounts=accounts, initial={"account": account}
    )
    if posted and form.is_valid():
        person = create_person(details=form.details(), act=act_of(request))
        messages.success(request, _("Added: %(name)s") % {"name": str(person)})
        return redirect("records:person", person.pk)
    if posted:
        account = _chosen(accounts, request.POST.get("account", ""))
    context = {
        "form": form,
        "account": account,
        "similar": _persons(request) if posted else (),
    }
    return page(request, "records/person_new.html", context, status=422 if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_JOURNEYS)
def new_journey(request: HttpRequest) -> HttpResponse:
    """Begin a journey."""
    posted, viewer = request.method == "POST", viewer_of(request)
    accounts = visible_accounts(access=viewer.access).filter(merged_into__isnull=True)
    persons = visible_persons(access=viewer.access).filter(merged_into__isnull=True)
    given = request.POST if posted else request.GET
    person = _chosen(persons.select_related("account"), given.get("person", ""))
    account = _chosen(accounts, given.get("account", "")) or (person.account if person else None)
    form = JourneyForm(
        request.POST if posted else None,
        accounts=accounts,
        persons=persons,
        blueprint=viewer.blueprint,
        initial={
            "account": account,
            "person": person,
            "owner": user_of(request).pk,
            "next_action_date": viewer.today + timedelta(days=1),
            "request_key": uuid.uuid4().hex,
        },
    )
    refused: TransitionRefused | None = None
    if posted and form.is_valid():
        try:
            return _open(request, form)
        except TransitionRefused as refusal:
            refused = refusal
        except UnableToSetNextAction:
            form.add_error("next_action", _("Say what is to be done next."))
    context = {"form": form, "account": account, "person": person, "refused": refused}
    return page(request, "records/journey_new.html", context, status=422 if posted else 200)


@require_safe
@requires(Capability.WORK_JOURNEYS)
def warn_of_accounts(request: HttpRequest) -> HttpResponse:
    """Answer with the companies that the one being typed may already be."""
    return page(request, "records/similar.html", {"similar": _accounts(request), "to": "account"})


@require_safe
@requires(Capability.WORK_JOURNEYS)
def warn_of_persons(request: HttpRequest) -> HttpResponse:
    """Answer with the people that the one being typed may already be."""
    return page(request, "records/similar.html", {"similar": _persons(request), "to": "person"})


def _open(request: HttpRequest, form: JourneyForm) -> HttpResponse:
    key = form.cleaned_data["request_key"] or None
    try:
        journey = open_journey(new=form.new_journey(), act=act_of(request, key=key))
    except RequestRepeated as repeated:
        # The form was sent twice: the first one has begun the journey.
        return redirect("records:journey", repeated.journey_id)
    messages.success(request, _("The journey has begun."))
    return redirect("records:journey", journey.pk)


def _accounts(request: HttpRequest) -> Any:
    given = request.POST if request.method == "POST" else request.GET
    return similar_accounts(
        name=given.get("name", "")[:200],
        domain=given.get("domain", "")[:253],
        corporate_number=given.get("corporate_number", "")[:20],
        access=access_of(user_of(request)),
    )


def _persons(request: HttpRequest) -> Any:
    given = request.POST if request.method == "POST" else request.GET
    account = given.get("account", "")
    return similar_persons(
        family=given.get("family_name", "")[:100],
        given=given.get("given_name", "")[:100],
        email=given.get("email", "")[:254],
        account_id=int(account) if _is_key(account) else None,
        access=access_of(user_of(request)),
    )


def _chosen(rows: QuerySet[RecordT], text: str) -> RecordT | None:
    return rows.filter(pk=int(text)).first() if _is_key(text) else None


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
