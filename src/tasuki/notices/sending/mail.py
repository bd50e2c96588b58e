"""Writing a mail to one person: several notices in one, plain and as simple HTML."""

import smtplib
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from tasuki.notices.sending.webhooks import Attempt, Outcome

_TEXT: Final = "notices/mail/digest.txt"
_HTML: Final = "notices/mail/digest.html"


@dataclass(frozen=True, slots=True)
class Line:
    """One notice of a mail; the address is absolute."""

    title: str
    detail: str
    at: str
    url: str
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Notices that belong together."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, in the language that is active."""

    message_id: str
    to: str
    name: str
    subject: str
    sections: tuple[Section, ...]
    language: str
    settings_url: str


def is_mail_set_up() -> bool:
    """Return whether mails leave this machine; else they are written to a folder."""
    return bool(settings.TASUKI_MAIL_IS_SET_UP)


def send(letter: Letter) -> Attempt:
    """Hand one mail to the mail server.

    What the server refused in so many words did not arrive. A connection that broke off after the
    letter was begun leaves it open, and such a mail is not written a second time.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(Outcome.AGAIN, _note(error))
    try:
        mail(letter, connection=connection).send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        return Attempt(Outcome.AGAIN if _may_pass(error) else Outcome.NEVER, _note(error))
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(Outcome.UNCLEAR, _note(error))
    finally:
        _close(connection)
    return Attempt(Outcome.DONE)


def mail(letter: Letter, *, connection: object = None) -> EmailMultiAlternatives:
    """Return the mail, unsent."""
    context = {"letter": letter}
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=render_to_string(_TEXT, context, using="jinja2").strip() + "\n",
        to=[letter.to],
        connection=connection,
        headers={
            "Message-ID": f"<{letter.message_id}@notices.tasuki>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
        },
    )
    message.attach_alternative(render_to_string(_HTML, context, using="jinja2"), "text/html")
    return message


def _close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        return


def _may_pass(error: smtplib.SMTPException) -> bool:
    """Tell a refusal for now (400s) from one for good (500s)."""
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _text in error.recipients.values())
    return False


def _note(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"SMTP {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"SMTP {', '.join(str(code) for code, _text in error.recipients.values())}"
    return "timeout" if isinstance(error, TimeoutError) else "unreachable"
