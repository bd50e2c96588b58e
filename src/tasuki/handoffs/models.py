"""The weekly review: the meeting, and what was decided in it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Metric(models.TextChoices):
    """What is watched to see whether a decision helped. A change for the better is not said."""

    ACCEPTANCE = "acceptance", _("Acceptance")
    COMPLETENESS = "completeness", _("Completeness")
    ASKED_AGAIN = "asked_again", _("Asked again")
    TRANSFER = "transfer_median", _("Time to accept (median)")
    BOUNCES = "bounces", _("Returns per packet")
    USEFULNESS = "usefulness", _("Usefulness")
    LATE = "late", _("Late offers")


class ReviewMeeting(models.Model):
    """One meeting on one week. Each week has at most one."""

    from_date = models.DateField()
    to_date = models.DateField(help_text="The last day, inclusive.")
    held_date = models.DateField()
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    notes = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-from_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["from_date"], name="reviewmeeting_one_a_week"),
            models.CheckConstraint(
                condition=Q(from_date__lte=F("to_date")), name="reviewmeeting_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_date}"


class ReviewDecision(models.Model):
    """What was decided, who sees to it by when, and the figure that will tell whether it helped."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("Still open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.PROTECT, related_name="decisions")
    text = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField()
    contract = models.CharField(max_length=32, blank=True, help_text="Empty means all.")
    item = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=64, blank=True)
    metric = models.CharField(max_length=16, choices=Metric)
    baseline_value = models.FloatField(null=True)
    baseline_n = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    result = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="reviewdecision_settled_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
