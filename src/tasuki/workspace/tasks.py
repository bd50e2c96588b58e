"""The work that takes its time, done by the background worker."""

from django.utils import timezone
from django_tasks import task

from tasuki.journeys.operations.reassigning import carry_out_reassignment


@task()
def hand_on(reassignment_id: int) -> None:
    """Hand on everything that was asked for."""
    carry_out_reassignment(reassignment_id=reassignment_id, clock=timezone.now)
