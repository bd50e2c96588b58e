"""The packets of journeys, for their own pages."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tasuki.journeys.models import AskedAgain, Handoff, Journey


def packets_of_journeys(*, journey_ids: Iterable[int]) -> Sequence[Handoff]:
    """This will return every packet of these journeys with its people, oldest first: one query.

    Shape: each carries `asked`, how many of its items were asked again.
    """
    marks = AskedAgain.objects.filter(handoff_id=OuterRef("pk")).order_by()
    counted = marks.values("handoff_id").annotate(found=Count("pk")).values("found")
    packets: QuerySet[Handoff] = Handoff.objects.filter(journey_id__in=list(journey_ids))
    named = packets.select_related("giver", "receiver", "receiver_team", "decided_by")
    return list(named.annotate(asked=Coalesce(Subquery(counted), 0)).order_by("id"))


def handed_over(*, journey: Journey) -> frozenset[str]:
    """This will return the contracts whose packet was accepted in this cycle and still holds."""
    holding = Handoff.objects.filter(journey_id=journey.pk, cycle=journey.cycle, holds=True)
    return frozenset(holding.values_list("contract", flat=True))
