"""What the facts are written under: blueprint versions, batches, receipts, settings."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class BlueprintVersion(models.Model):
    """One published version of a process; every judgement remembers the one that made it."""

    key = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    text = models.TextField(help_text="The blueprint as YAML, exactly as published.")
    note = models.TextField(blank=True)
    is_current = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="blueprint_version_once"),
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="blueprint_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class WriteBatch(models.Model):
    """A set of facts written together (an import, the demo) that can be reverted exactly."""

    class Kind(models.TextChoices):
        IMPORT = "import"
        DEMO = "demo"

    class State(models.TextChoices):
        WRITING = "writing"
        COMMITTED = "committed"
        REVERTING = "reverting"
        REVERTED = "reverted"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WRITING)
    label = models.CharField(max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)
    reverted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.label}"


class RecordChange(models.Model):
    """What a batch changed on a record that existed before it; a revert puts `before` back."""

    batch = models.ForeignKey(WriteBatch, on_delete=models.CASCADE, related_name="+")
    entity = models.CharField(max_length=32)
    object_id = models.BigIntegerField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "entity", "object_id"], name="record_change_once_per_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.object_id}"


class ExternalRef(models.Model):
    """The name another system has for a record; a second import finds it by this."""

    source = models.CharField(max_length=64)
    entity = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    object_id = models.BigIntegerField()
    fingerprint = models.CharField(max_length=64, blank=True)
    batch = models.ForeignKey(WriteBatch, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "entity", "key"], name="external_ref_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entity", "object_id"], name="external_ref_object")
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.entity}:{self.key}"


class RequestReceipt(models.Model):
    """Proof that a request was carried out, so that a retry of it does nothing twice."""

    key = models.CharField(max_length=100, primary_key=True)
    operation = models.CharField(max_length=64)
    journey_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at"], name="request_receipt_age")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


class ReportingSettings(models.Model):
    """One row: how this company reports."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    company_name = models.CharField(max_length=200, blank=True)
    reporting_currency = models.CharField(max_length=3, default="JPY")
    fiscal_year_start_month = models.PositiveSmallIntegerField(default=4)
    time_zone = models.CharField(max_length=64, default="Asia/Tokyo")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="reporting_settings_single"),
            models.CheckConstraint(
                condition=Q(fiscal_year_start_month__range=(1, 12)),
                name="reporting_settings_month",
            ),
        ]

    def __str__(self) -> str:
        return self.company_name


class ExchangeRate(models.Model):
    """How much one unit of `currency` was worth in `to_currency` from `valid_date` on."""

    currency = models.CharField(max_length=3)
    to_currency = models.CharField(max_length=3)
    valid_date = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["currency", "to_currency", "valid_date"], name="exchange_rate_once"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency}/{self.to_currency} {self.valid_date}"
