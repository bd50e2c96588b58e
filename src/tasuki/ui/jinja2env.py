"""The Jinja2 environment of all our screens."""

from functools import cache
from typing import Any, Final

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from tasuki.ui.assets import asset, icon
from tasuki.ui.filters import FILTERS
from tasuki.ui.marks import department_mark, department_name
from tasuki.ui.speaking import gettext, language

_STAND_IN: Final = 9_070_605_040_302_010


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
    """Write an address. Those whose arguments are record numbers are looked up once a name: a
    list names hundreds, and a look-up is slower than all else about a link."""
    numbers = (*args, *kwargs.values())
    if all(type(number) is int for number in numbers):
        return _shape(name, len(args), tuple(kwargs)).format(*numbers)
    return reverse(name, args=args or None, kwargs=kwargs or None)


@cache
def _shape(name: str, count: int, names: tuple[str, ...]) -> str:
    """Write an address with a gap for each of its numbers, the named ones last."""
    stand_ins = [_STAND_IN + position for position in range(count + len(names))]
    address = reverse(
        name,
        args=stand_ins[:count] or None,
        kwargs=dict(zip(names, stand_ins[count:], strict=True)) or None,
    )
    shape = address.replace("{", "{{").replace("}", "}}")
    for position, stand_in in enumerate(stand_ins):
        shape = shape.replace(str(stand_in), f"{{{position}}}")
    return shape
