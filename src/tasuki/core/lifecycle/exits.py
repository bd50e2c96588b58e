"""Which move leads to which exit, and which way leads back."""

from tasuki.core.blueprint.types import SideMove
from tasuki.core.lifecycle.types import (
    Churn,
    Disqualify,
    Exit,
    Happening,
    Lose,
    Recycle,
    SideStep,
)

SIDE_MOVES: dict[type[SideStep], SideMove] = {
    Recycle: SideMove.RECYCLE,
    Disqualify: SideMove.DISQUALIFY,
    Lose: SideMove.LOSE,
    Churn: SideMove.CHURN,
}
SIDE_EXITS = {
    SideMove.RECYCLE: Exit.RECYCLED,
    SideMove.DISQUALIFY: Exit.DISQUALIFIED,
    SideMove.LOSE: Exit.LOST,
    SideMove.CHURN: Exit.CHURNED,
}
WAYS_BACK = {
    SideMove.RECYCLE: Exit.REACTIVATED,
    SideMove.DISQUALIFY: Exit.REACTIVATED,
    SideMove.LOSE: Exit.WON_BACK,
    SideMove.CHURN: Exit.WON_BACK,
}
HAPPENINGS = {
    Exit.ADVANCED: Happening.ADVANCED,
    Exit.RETURNED: Happening.MOVED_BACK,
    Exit.RECYCLED: Happening.RECYCLED,
    Exit.DISQUALIFIED: Happening.DISQUALIFIED,
    Exit.LOST: Happening.LOST,
    Exit.CHURNED: Happening.CHURNED,
    Exit.REACTIVATED: Happening.REACTIVATED,
    Exit.WON_BACK: Happening.WON_BACK,
    Exit.COMPLETED: Happening.COMPLETED,
}
