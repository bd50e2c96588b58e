"""Administration of people: who is here, what they may do, who left."""

from functools import partial

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasuki.core.access import Capability, Role, Scope
from tasuki.core.departments import Department
from tasuki.people import operations
from tasuki.people.access import requires, user_of
from tasuki.people.labels import ROLE_NAMES, ROLE_PURPOSES, SCOPE_NAMES, grant_text, rights_table
from tasuki.people.models import AccountAction, AccountEvent, RoleGrant, User
from tasuki.people.queries import DirectoryFilter, directory
from tasuki.ui.render import page
from tasuki.workspace.adapter import AccountAdapter
from tasuki.workspace.forms.accounts import DirectoryForm, GrantForm, InviteForm, PersonForm
from tasuki.workspace.queries.holdings import holdings_of

PAGE_SIZE = 50


@require_safe
@requires(Capability.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """List people, filtered by the address of the page."""
    form = DirectoryForm(request.GET)
    form.is_valid()
    found = directory(_filter(form))
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "people": shown,
        "total": shown.paginator.count,
        "grant_text": grant_text,
        "page_url": partial(_page_url, request),
    }
    return page(request, "workspace/people.html", context, fragment="results")


@require_http_methods(["GET", "POST"])
@requires(Capability.MANAGE_PEOPLE)
def invite(request: HttpRequest) -> HttpResponse:
    """Let a new person in and send them the link to set their password."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, now = user_of(request), timezone.now()
        try:
            user = operations.invite_user(user=form.save(commit=False), by=by, now=now)
        except operations.EmailTakenError:
            form.add_error("email", _("Somebody has this address already."))
        else:
            operations.grant_role(user=user, grant=form.grant, by=by, now=now)
            _send_invitation(request, user)
            return _to_person(request, user, _("The invitation is sent."))
    status = 422 if form.is_bound else 200
    return page(request, "workspace/person_invite.html", {"form": form}, status=status)


@require_POST
@requires(Capability.MANAGE_PEOPLE)
def invite_again(request: HttpRequest, user_id: int) -> HttpResponse:
    """Send the link once more to somebody who has no password yet."""
    user = get_object_or_404(User, pk=user_id, is_active=True)
    if not user.has_usable_password():
        _send_invitation(request, user)
    return _to_person(request, user, _("The invitation is sent."))


@require_http_methods(["GET", "POST"])
@requires(Capability.MANAGE_PEOPLE)
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show one person with their roles and history; store changed details."""
    subject = get_object_or_404(User, pk=user_id)
    form = PersonForm(request.POST or None, instance=User.objects.get(pk=user_id))
    if request.method == "POST" and form.is_valid():
        changed = form.save()
        if form.changed_data:
            operations.record_account_event(
                user=changed,
                by=user_of(request),
                at=timezone.now(),
                action=AccountAction.EDITED,
                detail=", ".join(form.changed_data),
            )
        return _to_person(request, changed, _("The details are saved."))
    return _person(request, subject, form=form)


@require_POST
@requires(Capability.MANAGE_PEOPLE)
def add_grant(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give somebody one more role."""
    subject = get_object_or_404(User, pk=user_id)
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            operations.grant_role(
                user=subject, grant=form.grant, by=user_of(request), now=timezone.now()
            )
        except operations.GrantHeldError:
            form.add_error("role", _("This role is already held for this place."))
        else:
            return _to_person(request, subject, _("The role is added."))
    return _person(request, subject, grant_form=form)


@require_POST
@requires(Capability.MANAGE_PEOPLE)
def remove_grant(request: HttpRequest, user_id: int, grant_id: int) -> HttpResponse:
    """Take a role from somebody; never the last administrator's."""
    grant = get_object_or_404(
        RoleGrant.objects.select_related("user", "team"), pk=grant_id, user_id=user_id
    )
    try:
        operations.revoke_role(grant=grant, by=user_of(request), now=timezone.now())
    except operations.LastAdminError:
        return _person(request, grant.user, refusal=_last_admin())
    return _to_person(request, grant.user, _("The role is removed."))


@require_POST
@requires(Capability.MANAGE_PEOPLE)
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account; what the person did stays."""
    subject = get_object_or_404(User, pk=user_id)
    try:
        operations.deactivate_user(user=subject, by=user_of(request), now=timezone.now())
    except operations.LastAdminError:
        return _person(request, subject, refusal=_last_admin())
    except operations.OwnAccountError:
        refusal = _("You cannot close your own account. Ask another administrator.")
        return _person(request, subject, refusal=refusal)
    return _to_person(request, subject, _("The account is closed."))


@require_POST
@requires(Capability.MANAGE_PEOPLE)
def activate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Open a closed account again."""
    subject = get_object_or_404(User, pk=user_id)
    operations.reactivate_user(user=subject, by=user_of(request), now=timezone.now())
    return _to_person(request, subject, _("The account is open again."))


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Show what each role may do: open to everybody, so that nobody has to guess."""
    context = {
        "roles": [(role, ROLE_NAMES[role], ROLE_PURPOSES[role]) for role in Role],
        "rows": rights_table(),
        "scope_names": SCOPE_NAMES,
    }
    return page(request, "workspace/roles.html", context)


def _page_url(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"


def _filter(form: DirectoryForm) -> DirectoryFilter:
    chosen = form.cleaned_data
    team = chosen.get("team")
    return DirectoryFilter(
        text=chosen.get("q", ""),
        role=Role(chosen["role"]) if chosen.get("role") else None,
        department=Department(chosen["department"]) if chosen.get("department") else None,
        team_id=team.pk if team else None,
        state=chosen.get("state") or "active",
    )


def _person(
    request: HttpRequest,
    subject: User,
    *,
    form: PersonForm | None = None,
    grant_form: GrantForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    grants = RoleGrant.objects.filter(user=subject).select_related("team", "granted_by")
    events = AccountEvent.objects.filter(user=subject).select_related("by")[:30]
    refused = bool(refusal) or (grant_form is not None) or (form is not None and form.is_bound)
    context = {
        "subject": subject,
        "form": form or PersonForm(instance=User.objects.get(pk=subject.pk)),
        "grant_form": grant_form or GrantForm(),
        "grants": [(item, grant_text(item), SCOPE_NAMES[Scope(item.sees)]) for item in grants],
        "events": list(events),
        "held": holdings_of(user=subject),
        "refusal": refusal,
    }
    return page(request, "workspace/person.html", context, status=422 if refused else 200)


def _send_invitation(request: HttpRequest, user: User) -> None:
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    AccountAdapter(request).send_invitation(user=user, by=user_of(request), key=key)


def _last_admin() -> str:
    return _("This is the last administrator. Make somebody else administrator first.")


def _to_person(request: HttpRequest, user: User, text: str) -> HttpResponseRedirect:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("workspace:person", args=[user.pk]))
