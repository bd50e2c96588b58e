"""What happened to a journey: append-only, with when it happened and when it was recorded."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tasuki.journeys.kinds import ActivityKind, Direction, EventKind
from tasuki.journeys.models.process import WriteBatch
from tasuki.journeys.models.records import Account, Person

JOURNEY = "journeys.Journey"


class Channel(models.Model):
    """Where first touches come from (チャネル)."""

    code = models.CharField(max_length=32, unique=True)
    label_ja = models.CharField(max_length=64)
    label_en = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    batch = models.ForeignKey(WriteBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class Campaign(models.Model):
    """A dated effort in a channel: a webinar, a white paper, an ad group."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    starts_date = models.DateField(null=True)
    ends_date = models.DateField(null=True)
    batch = models.ForeignKey(WriteBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "name"], name="campaign_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Spend(models.Model):
    """Money put into a channel or campaign over a span of days (end exclusive)."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    recorded_at = models.DateTimeField()
    batch = models.ForeignKey(WriteBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["from_date"], name="spend_from")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_date__gt=F("from_date")), name="spend_span"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.from_date}"


class Event(models.Model):
    """A change somebody or something made. The database refuses update and delete."""

    journey = models.ForeignKey(
        JOURNEY, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=32, choices=[(k.value, k.value) for k in EventKind])
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_kind = models.CharField(max_length=16)
    payload = models.JSONField(default=dict)
    batch = models.ForeignKey(
        WriteBatch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["journey", "-happened_at", "-id"], name="event_journey"),
            models.Index(
                fields=["account", "-happened_at"],
                name="event_account",
                condition=Q(account__isnull=False),
            ),
            models.Index(fields=["person"], name="event_person", condition=Q(person__isnull=False)),
            models.Index(fields=["batch"], name="event_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Activity(models.Model):
    """A touch with the customer: mail, call, meeting, web, form, usage, ticket. Append-only."""

    journey = models.ForeignKey(
        JOURNEY, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ActivityKind])
    direction = models.CharField(
        max_length=16, choices=[(d.value, d.value) for d in Direction], blank=True
    )
    outcome = models.CharField(max_length=32, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    minutes = models.PositiveIntegerField(null=True)
    details = models.JSONField(default=dict, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    batch = models.ForeignKey(
        WriteBatch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["journey", "-happened_at", "-id"], name="activity_journey"),
            models.Index(fields=["account", "-happened_at", "-id"], name="activity_account"),
            models.Index(fields=["person", "-happened_at", "-id"], name="activity_person"),
            models.Index(fields=["batch"], name="activity_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class DealChange(models.Model):
    """The amount and expected close of a deal from a moment on. Append-only."""

    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    expected_close_date = models.DateField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    batch = models.ForeignKey(
        WriteBatch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["journey", "happened_at", "id"], name="deal_change_journey"),
            models.Index(
                fields=["batch"], name="deal_change_batch", condition=Q(batch__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id} {self.amount_minor} {self.currency}"


class SubscriptionPeriod(models.Model):
    """A recurring amount a customer pays from a date (inclusive) to a date (exclusive)."""

    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="+")
    plan = models.CharField(max_length=100, blank=True)
    recurring_minor = models.BigIntegerField(help_text="Paid every `interval_months` months.")
    interval_months = models.PositiveSmallIntegerField(default=1)
    currency = models.CharField(max_length=3)
    starts_date = models.DateField()
    ends_date = models.DateField(null=True)
    seats = models.PositiveIntegerField(null=True)
    recorded_at = models.DateTimeField()
    batch = models.ForeignKey(WriteBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["journey", "starts_date"], name="subscription_journey"),
            models.Index(
                fields=["batch"], name="subscription_batch", condition=Q(batch__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_date__isnull=True) | Q(ends_date__gt=F("starts_date")),
                name="subscription_span",
            ),
            models.CheckConstraint(
                condition=Q(interval_months__gte=1), name="subscription_interval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id} {self.starts_date}"
