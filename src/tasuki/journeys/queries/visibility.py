"""Which journeys a person's right reaches, as one filter for lists, figures and single records."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from tasuki.core.access import Access, Area, Capability, Reach
from tasuki.journeys.models import Journey, Stay

EVERYTHING = Q()
NOTHING = Q(pk__in=[])


def reachable(*, reach: Reach, user_id: int) -> Q:
    """This will return a filter over `Journey` that agrees with `Access.may_see`.

    Everything; or what `user_id` carries or ever carried (also in an earlier stay), and what
    rests in one of the areas: the department that holds it, the team that has it now, or the
    department's queue of journeys that nobody has or ever had. Empty reach gives nothing.
    """
    if reach.everything:
        return EVERYTHING
    found = NOTHING
    if reach.own:
        found |= Q(owner_id=user_id) | Q(Exists(_stays().filter(owner_id=user_id)))
    for area in sorted(reach.areas, key=repr):
        found |= _in_area(area)
    return found


def visible_journeys(
    *, access: Access, capability: Capability = Capability.SEE_JOURNEYS
) -> QuerySet[Journey]:
    """This will return the journeys that the capability reaches for the person."""
    reach = access.reach(capability)
    return Journey.objects.filter(reachable(reach=reach, user_id=access.user_id))


def _in_area(area: Area) -> Q:
    held = EVERYTHING if area.department is None else Q(department=area.department.value)
    if area.team_ids is None:
        return held & ~NOTHING
    teams = Q(team_id__in=sorted(area.team_ids))
    if area.queue:
        teams |= Q(owner__isnull=True, team__isnull=True) & ~Q(
            Exists(_stays().filter(owner__isnull=False))
        )
    return held & teams


def _stays() -> QuerySet[Stay]:
    return Stay.objects.filter(journey_id=OuterRef("pk"))
