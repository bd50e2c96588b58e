"""What periods and groupings are called on the screen."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tasuki.analytics.course import GroupBy
from tasuki.core.lifecycle import Exit
from tasuki.core.periods import Period
from tasuki.core.periods import label as period_label

GROUP_LABELS: Final[dict[GroupBy, Promise]] = {
    GroupBy.CHANNEL: _("Channel"),
    GroupBy.SEGMENT: _("Segment"),
    GroupBy.CAMPAIGN: _("Campaign"),
    GroupBy.TEAM: _("Team"),
    GroupBy.OWNER: _("Owner"),
    GroupBy.MOTION: _("Motion"),
}

EXIT_LABELS: Final[dict[Exit, Promise]] = {
    Exit.ADVANCED: _("Went on"),
    Exit.COMPLETED: _("Completed"),
    Exit.REACTIVATED: _("Reactivated"),
    Exit.WON_BACK: _("Won back"),
    Exit.RETURNED: _("Sent back"),
    Exit.RECYCLED: _("Recycled"),
    Exit.DISQUALIFIED: _("Disqualified"),
    Exit.LOST: _("Lost"),
    Exit.CHURNED: _("Churned"),
}


def period_text(period: Period | None) -> str:
    """Return the name of a period in the language of the page."""
    if period is None:
        return gettext("All time")
    return period_label(period, language=get_language() or "ja")
