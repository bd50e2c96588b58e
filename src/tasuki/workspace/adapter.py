"""How accounts behave beyond allauth's own: our words, our mails, nobody signs up alone."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tasuki.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in for people whom an administrator has let in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait five minutes, or set a new password."
        ),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("Enter your current password."),
        "invalid_password_reset": _("This link is no longer valid."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an administrator invites."""
        return False

    def send_password_reset_mail(
        self, user: AbstractBaseUser, email: str, context: dict[str, Any]
    ) -> None:
        """Write to the person in their own language, not in that of whoever asked."""
        if isinstance(user, User):
            with translation.override(user.language):
                self.send_mail("workspace/mail/password_reset", user.email, context)

    def send_invitation(self, *, user: User, by: User, key: str) -> None:
        """Send the link with which an invited person sets their first password."""
        context = {
            "user": user,
            "by": by,
            "password_reset_url": self.get_reset_password_from_key_url(key),
        }
        with translation.override(user.language):
            self.send_mail("workspace/mail/invitation", user.email, context)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Stay silent: our pages say what has happened."""
