"""Signing in and out, and the way back for those who forgot their password.

The flows, their limits and their protection against guessing are allauth's; the pages are ours.
"""

from typing import Any

from allauth.account import views as allauth_views
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tasuki.people.access import user_of
from tasuki.people.labels import ROLE_NAMES, grant_text
from tasuki.people.models import User
from tasuki.people.queries import demo_people
from tasuki.ui.preferences import bring_preferences
from tasuki.ui.render import page


class OurPage:
    """Renders an allauth view with our page instead of allauth's template."""

    request: HttpRequest
    template_name: str

    def render_to_response(self, context: dict[str, Any], **_kwargs: Any) -> HttpResponse:
        """Answer with the page; a refused form answers 422."""
        form = context.get("form")
        refused = form is not None and form.is_bound and not form.is_valid()
        context.pop("user", None)
        return page(self.request, self.template_name, context, status=422 if refused else 200)


class SignIn(OurPage, allauth_views.LoginView):
    """The sign-in page; on the demo with a card for each person to be."""

    template_name = "workspace/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demo's people."""
        return {
            **super().get_context_data(**kwargs),
            "demo_people": demo_people() if settings.TASUKI_DEMO else [],
            "grant_text": grant_text,
            "role_names": ROLE_NAMES,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, and bring the person's language and look to this device."""
        response: HttpResponse = super().form_valid(form)
        if isinstance(self.request.user, User):
            bring_preferences(response=response, user=self.request.user)
        return response


class SignOut(OurPage, allauth_views.LogoutView):
    """Asks once, and signs out by POST."""

    template_name = "workspace/sign_out.html"


class ForgottenPassword(OurPage, allauth_views.PasswordResetView):
    """Asks for the address; the answer is the same whether it is known or not."""

    template_name = "workspace/password_forgotten.html"


class ForgottenPasswordSent(OurPage, allauth_views.PasswordResetDoneView):
    """Says that a mail is on its way."""

    template_name = "workspace/password_sent.html"


class NewPassword(OurPage, allauth_views.PasswordResetFromKeyView):
    """Sets a password by the link of a mail: a forgotten one, or an invited person's first."""

    template_name = "workspace/password_new.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether the link has died."""
        return {"token_fail": False, **super().get_context_data(**kwargs)}


class NewPasswordDone(OurPage, allauth_views.PasswordResetFromKeyDoneView):
    """Says that the password is set, and shows the way in."""

    template_name = "workspace/password_done.html"


class AccountClosed(OurPage, allauth_views.AccountInactiveView):
    """Says that the account is closed."""

    template_name = "workspace/account_closed.html"


class ChangePassword(OurPage, allauth_views.PasswordChangeView):
    """Changes one's own password; other sessions end with it."""

    template_name = "workspace/password_change.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the new password and return to the settings."""
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("Your password is changed."))
        return response

    def get_default_success_url(self) -> str:
        """Return to the settings."""
        return reverse("workspace:me")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send those without a password to the mail that sets one."""
        if not user_of(request).has_usable_password():
            return HttpResponseRedirect(reverse("account_reset_password"))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()
forgotten_password = ForgottenPassword.as_view()
forgotten_password_sent = ForgottenPasswordSent.as_view()
new_password = NewPassword.as_view()
new_password_done = NewPasswordDone.as_view()
account_closed = AccountClosed.as_view()
change_password = ChangePassword.as_view()


@login_not_required
@never_cache
@require_POST
def sign_in_to_demo(request: HttpRequest, user_id: int) -> HttpResponse:
    """Sign in as one of the people of the demo company. Anywhere else this page does not exist."""
    if not settings.TASUKI_DEMO:
        raise Http404
    user = next((item for item in demo_people() if item.pk == user_id), None)
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    UserSession.objects.create_from_request(request)
    response = HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    bring_preferences(response=response, user=user)
    return response
