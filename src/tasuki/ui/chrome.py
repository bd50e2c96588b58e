"""What stands around every page: navigation, who I am, what waits for me, language and look.

Nothing is asked for before a template uses it, so a fragment pays for none of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.core.access import NO_ACCESS, Access
from tasuki.people.access import access_of
from tasuki.people.models import User
from tasuki.ui.navigation import LinkSection, links_for, resolve
from tasuki.ui.preferences import THEMES, chosen_theme
from tasuki.ui.speaking import language

Count = Callable[[User], int]


@dataclass(frozen=True, slots=True)
class Choice:
    """A language or a look to switch to."""

    code: str
    label: str | Promise
    icon: str = ""
    is_chosen: bool = False


_THEME_LABELS: Final = {
    "system": (_("As my device"), "monitor"),
    "light": (_("Light"), "sun"),
    "dark": (_("Dark"), "moon"),
}

_waiting: list[tuple[Count, str]] = []


def count_waiting(count: Count, *, url_name: str) -> None:
    """Register what counts as waiting for a person, and the page that shows it.

    A slice calls this in its `AppConfig.ready`. Counts add up; the first page is the bell's.
    """
    _waiting.append((count, url_name))


class Chrome:
    """Lazy values of one request for the base template."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def user(self) -> User | None:
        """The person signed in, None on the pages before sign-in."""
        user = getattr(self._request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def access(self) -> Access:
        """What that person may do."""
        return access_of(self.user) if self.user else NO_ACCESS

    @cached_property
    def sections(self) -> tuple[LinkSection, ...]:
        """The navigation of that person; empty when nobody is signed in."""
        if self.user is None:
            return ()
        return links_for(access=self.access, full_path=self._request.get_full_path())

    @cached_property
    def waiting(self) -> int:
        """How many things wait for that person."""
        return sum(count(self.user) for count, _name in _waiting) if self.user else 0

    @cached_property
    def waiting_url(self) -> str | None:
        """Where those things are listed."""
        return resolve(_waiting[0][1]) if _waiting else None

    @cached_property
    def notices_url(self) -> str | None:
        """Where notices are listed; the bell of the top bar leads there."""
        return resolve("notices:notices")

    @cached_property
    def bell_url(self) -> str | None:
        """Where the bell asks for the number of unread notices, after the page and each minute."""
        return resolve("notices:bell")

    @cached_property
    def palette_url(self) -> str | None:
        """Where the command palette asks; None when search is not installed."""
        return resolve("records:palette")

    @cached_property
    def search_url(self) -> str | None:
        """The page of search results, for those without script."""
        return resolve("records:search")

    @cached_property
    def me_url(self) -> str | None:
        """The person's own settings."""
        return resolve("workspace:me")

    @cached_property
    def sign_out_url(self) -> str | None:
        """Where to post to sign out."""
        return resolve("workspace:sign_out")

    @property
    def messages(self) -> Iterable[Message]:
        """What the last act had to say; reading it uses it up."""
        return get_messages(self._request)

    @property
    def language(self) -> str:
        """The language of the page."""
        return language()

    @property
    def languages(self) -> tuple[Choice, ...]:
        """The languages to switch between, each in its own name."""
        return tuple(
            Choice(code, name, is_chosen=code == language()) for code, name in settings.LANGUAGES
        )

    @cached_property
    def theme(self) -> str:
        """The look the person chose; `system` follows the device."""
        return chosen_theme(self._request)

    @property
    def themes(self) -> tuple[Choice, ...]:
        """The looks to switch between."""
        return tuple(Choice(code, *_THEME_LABELS[code], code == self.theme) for code in THEMES)

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo company."""
        return bool(getattr(settings, "TASUKI_DEMO", False))

    @property
    def here(self) -> str:
        """The address of this page, to come back to after a switch."""
        return self._request.get_full_path()
