"""Who was given what by which rule, and handing on everything that somebody holds."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tasuki.core.assignment import Why
from tasuki.core.departments import Department
from tasuki.journeys.models.flow import Journey
from tasuki.journeys.models.process import BlueprintVersion


class AssignmentDecision(models.Model):
    """One choice by rule: only ever added to. Without `chosen` it went to the queue."""

    class Cause(models.TextChoices):
        OPENED = "opened"
        HANDED_OFF = "handed_off"
        HANDED_ON = "handed_on"
        ASKED = "asked"

    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="+")
    department = models.CharField(max_length=16, choices=[(d.value, d.value) for d in Department])
    blueprint = models.ForeignKey(BlueprintVersion, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(
        max_length=32, blank=True, help_text="Key of the rule; empty: none fits."
    )
    why = models.CharField(max_length=16, choices=[(w.value, w.value) for w in Why])
    chosen = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    considered = models.JSONField(
        default=list, help_text="Each with user, name, load, weight, capacity and skip."
    )
    decided_at = models.DateTimeField()
    cause = models.CharField(max_length=12, choices=Cause.choices)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["journey", "-id"], name="assignment_journey"),
            models.Index(fields=["chosen", "department", "-decided_at"], name="assignment_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id} {self.rule} {self.chosen_id or '-'}"


class Reassignment(models.Model):
    """Handing on everything that somebody holds: what was asked for, and how far it is."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"

    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="None: by the rules of assignment.",
    )
    stages = models.JSONField(default=list, help_text="Codes of the stages and side tracks.")
    reason = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    queued = models.PositiveIntegerField(
        default=0, help_text="Of those done, how many wait in a department's queue."
    )
    taken = models.JSONField(default=dict, help_text="User id to how many they were given.")
    last_journey_id = models.BigIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["from_user", "-id"], name="reassignment_from")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["from_user"],
                condition=~Q(state="done"),
                name="reassignment_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(to_user__isnull=True) | ~Q(to_user=models.F("from_user")),
                name="reassignment_to_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_user_id} → {self.to_user_id or 'rules'}"
