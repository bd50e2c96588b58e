"""The journey and its stays."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from tasuki.core.departments import Department
from tasuki.core.lifecycle import Exit
from tasuki.journeys.models.facts import Campaign, Channel
from tasuki.journeys.models.process import BlueprintVersion, WriteBatch
from tasuki.journeys.models.records import Account, Grams, Person


class Journey(models.Model):
    """One pursuit of one company from first touch to renewal; it never converts."""

    class Kind(models.TextChoices):
        NEW = "new"
        RENEWAL = "renewal"
        EXPANSION = "expansion"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.NEW)
    title = models.CharField(max_length=200, blank=True)
    channel = models.ForeignKey(
        Channel, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200, blank=True)
    motion = models.CharField(max_length=32)
    blueprint = models.ForeignKey(BlueprintVersion, on_delete=models.PROTECT, related_name="+")

    stage = models.CharField(max_length=32)
    department = models.CharField(max_length=16, choices=[(d.value, d.value) for d in Department])
    is_open = models.BooleanField(
        default=True, help_text="On a main stage; false on a side track and when completed."
    )
    cycle = models.PositiveIntegerField(default=1)
    entered_at = models.DateTimeField(help_text="Start of the current stay.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    revisit_date = models.DateField(null=True)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    next_action = models.CharField(max_length=200, blank=True)
    next_action_date = models.DateField(null=True)

    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    amount_reporting_minor = models.BigIntegerField(null=True)
    expected_close_date = models.DateField(null=True)
    temperature = models.CharField(max_length=8, blank=True)
    fit = models.CharField(max_length=1, blank=True)
    answers = models.JSONField(default=dict, blank=True)

    last_activity_at = models.DateTimeField(null=True)
    search_text = models.TextField(blank=True)
    sort_key = models.CharField(max_length=100, blank=True)
    batch = models.ForeignKey(
        WriteBatch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stage", "-entered_at", "-id"], name="journey_stage_entered"),
            models.Index(fields=["-entered_at", "-id"], name="journey_entered"),
            models.Index(fields=["-opened_at", "-id"], name="journey_opened"),
            models.Index(fields=["next_action_date", "id"], name="journey_next_action"),
            models.Index(
                fields=["owner", "next_action_date", "id"], name="journey_owner_next_action"
            ),
            models.Index(fields=["team", "next_action_date", "id"], name="journey_team_next"),
            models.Index(fields=["-amount_reporting_minor", "-id"], name="journey_amount"),
            models.Index(fields=["-last_activity_at", "-id"], name="journey_last_activity"),
            models.Index(fields=["sort_key", "id"], name="journey_sort"),
            models.Index(fields=["stage", "sort_key", "id"], name="journey_stage_sort"),
            models.Index(fields=["owner", "stage"], name="journey_owner_stage"),
            models.Index(fields=["channel", "account"], name="journey_channel_account"),
            models.Index(
                fields=["department", "is_open", "-amount_reporting_minor", "-id"],
                name="journey_department_amount",
            ),
            models.Index(fields=["batch"], name="journey_batch", condition=Q(batch__isnull=False)),
            GinIndex(Grams(F("search_text")), name="journey_grams"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_open=False)
                | (Q(next_action_date__isnull=False) & ~Q(next_action="")),
                name="journey_open_has_next_action",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | ~Q(currency=""),
                name="journey_amount_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(is_open=False),
                name="journey_closed_is_not_open",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"journey {self.pk}"


class Stay(models.Model):
    """A journey resting in a stage: entered, left, how it left. Closed once, then immutable."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField(help_text="1, 2, 3 … over the whole journey.")
    cycle = models.PositiveIntegerField()
    visit = models.PositiveIntegerField(help_text="Which time in this stage in this cycle.")
    stage = models.CharField(max_length=32)
    department = models.CharField(max_length=16)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    entered_recorded_at = models.DateTimeField()
    claimed_date = models.DateField(
        null=True, help_text="The date a source claimed, where it contradicts the order of stages."
    )
    left_at = models.DateTimeField(null=True)
    left_recorded_at = models.DateTimeField(null=True)
    exit = models.CharField(max_length=16, blank=True, choices=[(e.value, e.value) for e in Exit])
    to_stage = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    blueprint = models.ForeignKey(BlueprintVersion, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(
        WriteBatch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            # The course counts stays by the million: what it reads lies in the index itself.
            models.Index(
                fields=["stage", "entered_at"],
                include=["left_at", "exit", "number", "journey"],
                name="stay_stage_entered",
            ),
            models.Index(
                fields=["stage", "left_at"],
                include=["entered_at", "exit", "to_stage", "reason"],
                name="stay_stage_left",
            ),
            models.Index(fields=["owner", "journey"], name="stay_owner"),
            models.Index(fields=["batch"], name="stay_batch", condition=Q(batch__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["journey", "number"], name="stay_number_once"),
            models.UniqueConstraint(
                fields=["journey"], condition=Q(left_at__isnull=True), name="stay_one_open"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")),
                name="stay_leaves_after_entering",
            ),
            models.CheckConstraint(
                condition=(Q(left_at__isnull=True) & Q(exit=""))
                | (Q(left_at__isnull=False) & ~Q(exit="")),
                name="stay_closed_has_exit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id} #{self.number} {self.stage}"
