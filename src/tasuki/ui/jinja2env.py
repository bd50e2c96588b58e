"""The Jinja2 environment of all our screens."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from tasuki.ui.assets import asset, icon
from tasuki.ui.filters import FILTERS, language
from tasuki.ui.marks import department_mark, department_name


def environment(**options: Any) -> Environment:
    """Return the environment that Django's Jinja2 backend uses.

    Autoescape is on (the backend's default), texts go through Django's gettext in the language
    of the request, and a misspelt variable raises instead of printing nothing.
    """
    options |= {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    extensions = ["jinja2.ext.i18n", "jinja2.ext.do"]
    env = Environment(**options, extensions=extensions)  # noqa: S701 - autoescape is among the options
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(
        url=_url,
        static=static,
        asset=asset,
        icon=icon,
        language=language,
        department_mark=department_mark,
        department_name=department_name,
    )
    env.filters.update(FILTERS)
    return env


def _url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
