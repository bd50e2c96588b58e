"""What a person chooses about their notices."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.notices.kinds import PACES_OF, Channel, Group, Pace
from tasuki.notices.queries.choices import Choices
from tasuki.notices.wording import CHANNEL_NAMES, GROUP_HELP, GROUP_NAMES, PACE_NAMES

_IN_APP_NAMES = {Pace.NOW: _("Shown"), Pace.OFF: _("Not shown")}


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the grid, with a choice for each way."""

    name: str | Promise
    help: str | Promise
    cells: tuple[BoundField, ...]


class ChoicesForm(forms.Form):
    """A pace for each group and way, and whether working hours are kept."""

    is_quiet = forms.BooleanField(
        label=_("Keep mail and webhook back outside my working hours"),
        help_text=_("They come with the next working minute. The bell counts at any time."),
        required=False,
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_quiet"].initial = choices.is_quiet
        for group in Group:
            for channel in Channel:
                name = f"{GROUP_NAMES[group]}: {CHANNEL_NAMES[channel]}"
                self.fields[_field(group, channel)] = forms.ChoiceField(
                    choices=_options(channel), label=name, initial=choices.pace(group, channel)
                )

    @property
    def rows(self) -> Iterator[Row]:
        """Yield the lines of the grid."""
        for group in Group:
            cells = tuple(self[_field(group, channel)] for channel in Channel)
            yield Row(GROUP_NAMES[group], GROUP_HELP[group], cells)

    @property
    def paces(self) -> dict[tuple[Group, Channel], Pace]:
        """Return what was chosen."""
        return {
            (group, channel): Pace(self.cleaned_data[_field(group, channel)])
            for group in Group
            for channel in Channel
        }


def _field(group: Group, channel: Channel) -> str:
    return f"{group}-{channel}"


def _options(channel: Channel) -> list[tuple[str, str | Promise]]:
    names = _IN_APP_NAMES if channel is Channel.IN_APP else PACE_NAMES
    return [(pace.value, names[pace]) for pace in PACES_OF[channel]]
