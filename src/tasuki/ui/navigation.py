"""The places of Tasuki as data: what the navigation shows, to whom, in which order.

A slice adds its places here by URL name; `ui` imports no slice. A place whose URL name does not
resolve, or that the person may not open, is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.core.access import Access, Capability
from tasuki.core.departments import Department

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the navigation."""

    label: Text
    url_name: str
    icon: str = ""
    query: str = ""
    needs: tuple[Capability, ...] = ()
    """One of these rights opens it; none means everybody who is signed in."""
    department: Department | None = None
    on_phone: bool = False
    """Whether it has a place in the bar at the bottom of a phone."""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of places."""

    title: Text
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A place as a template shows it."""

    label: Text
    url: str
    icon: str
    department: Department | None
    on_phone: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class LinkSection:
    """A section with the places that this person may open."""

    title: Text
    links: tuple[Link, ...]


def _department(department: Department, label: Text) -> Place:
    return Place(
        label=label,
        url_name="records:journeys",
        query=f"department={department.value}",
        department=department,
        needs=(Capability.SEE_JOURNEYS,),
    )


SECTIONS: Final[tuple[Section, ...]] = (
    Section(
        "",
        (
            Place(label=_("My day"), url_name="handoffs:my_day", icon="sun", on_phone=True),
            Place(
                label=_("Course"),
                url_name="dashboards:course",
                icon="waypoints",
                needs=(Capability.SEE_FIGURES,),
                on_phone=True,
            ),
            Place(
                label=_("Hand-offs"),
                url_name="handoffs:queue",
                icon="handshake",
                needs=(Capability.SEE_JOURNEYS,),
                on_phone=True,
            ),
        ),
    ),
    Section(
        _("Departments"),
        (
            _department(Department.MARKETING, _("Marketing")),
            _department(Department.INSIDE_SALES, _("Inside sales")),
            _department(Department.FIELD_SALES, _("Field sales")),
            _department(Department.SUCCESS, _("Customer success")),
        ),
    ),
    Section(
        _("Records"),
        (
            Place(
                label=_("Journeys"),
                url_name="records:journeys",
                icon="route",
                needs=(Capability.SEE_JOURNEYS,),
                on_phone=True,
            ),
            Place(
                label=_("Accounts"),
                url_name="records:accounts",
                icon="building-2",
                needs=(Capability.SEE_JOURNEYS,),
                on_phone=True,
            ),
            Place(
                label=_("Contacts"),
                url_name="records:persons",
                icon="users",
                needs=(Capability.SEE_JOURNEYS,),
            ),
        ),
    ),
    Section(
        _("Data"),
        (
            Place(
                label=_("Import"),
                url_name="connect:imports",
                icon="import",
                needs=(Capability.IMPORT,),
            ),
            Place(
                label=_("Duplicates"),
                url_name="records:duplicates",
                icon="git-merge",
                needs=(Capability.MERGE,),
            ),
        ),
    ),
    Section(
        _("Administration"),
        (
            Place(label=_("Process"), url_name="blueprint:process", icon="route"),
            Place(
                label=_("People and teams"),
                url_name="workspace:people",
                icon="user-cog",
                needs=(Capability.MANAGE_PEOPLE,),
            ),
            Place(
                label=_("Working time"),
                url_name="workspace:working_time",
                icon="calendar-clock",
                needs=(Capability.MANAGE_WORKING_TIME,),
            ),
            Place(
                label=_("Webhooks"),
                url_name="notices:webhooks",
                icon="send",
                needs=(Capability.EDIT_SETTINGS,),
            ),
        ),
    ),
)


def resolve(name: str) -> str | None:
    """Return the address of a URL name, None when no installed app has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def links_for(
    *, access: Access, full_path: str, sections: Sequence[Section] = SECTIONS
) -> tuple[LinkSection, ...]:
    """Return the sections with what `access` may open; the best match of `full_path` is current."""
    open_places = [
        (section, [(place, url) for place in section.places if (url := _address(place, access))])
        for section in sections
    ]
    addresses = [url for _section, places in open_places for _place, url in places]
    current = _current(addresses, full_path)
    return tuple(
        LinkSection(section.title, tuple(_link(place, url, current) for place, url in places))
        for section, places in open_places
        if places
    )


def _address(place: Place, access: Access) -> str | None:
    if place.needs and not any(access.allows(right) for right in place.needs):
        return None
    path = resolve(place.url_name)
    return f"{path}?{place.query}" if path and place.query else path


def _current(addresses: Sequence[str], full_path: str) -> str | None:
    """The longest address that the path lies under; one with a query must have it in full."""
    here = urlsplit(full_path)
    asked = set(here.query.split("&"))

    def lies_under(address: str) -> bool:
        place = urlsplit(address)
        if place.query and not set(place.query.split("&")) <= asked:
            return False
        return here.path == place.path or (
            place.path not in ("", "/") and not place.query and here.path.startswith(place.path)
        )

    return max(filter(lies_under, addresses), key=len, default=None)


def _link(place: Place, url: str, current: str | None) -> Link:
    return Link(
        label=place.label,
        url=url,
        icon=place.icon,
        department=place.department,
        on_phone=place.on_phone,
        is_current=url == current,
    )
