"""Imports as people see them: a run with its files, its problems, and mappings kept for later."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tasuki.connect.problems import Rule, Severity
from tasuki.core.labels import Label
from tasuki.journeys.models import WriteBatch


class ImportRun(models.Model):
    """One import, from the uploaded files to the written (or reverted) records."""

    class State(models.TextChoices):
        """Where a run is."""

        UPLOADED = "uploaded", _("Files uploaded")
        MAPPED = "mapped", _("Columns mapped")
        PREVIEWING = "previewing", _("Checking")
        PREVIEWED = "previewed", _("Checked")
        COMMITTING = "committing", _("Importing")
        COMMITTED = "committed", _("Imported")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")
        REVERTING = "reverting", _("Reverting")
        REVERTED = "reverted", _("Reverted")

    state = models.CharField(max_length=12, choices=State, default=State.UPLOADED)
    label = models.CharField(max_length=200)
    mapping_text = models.TextField(blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_kind = models.CharField(max_length=16, default="user")
    skip_errors = models.BooleanField(default=False)
    keep_worked_on = models.BooleanField(default=False)
    cancel_requested = models.BooleanField(default=False)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=dict, help_text="Counts by entity and outcome.")
    problem_counts = models.JSONField(default=list, help_text="[severity, rule, count] each.")
    formats = models.JSONField(default=dict, help_text="How each file was understood, ja and en.")
    failure = models.CharField(max_length=500, blank=True)
    batch = models.ForeignKey(WriteBatch, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    requested_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.label}"

    @property
    def is_busy(self) -> bool:
        """Return whether the worker has it, or should have."""
        return self.state in BUSY

    @property
    def percent(self) -> int:
        """Return how much is done, 0 to 100."""
        return min(100, self.rows_done * 100 // self.rows_total) if self.rows_total else 0

    def problem_count(self, severity: Severity) -> int:
        """Return how many problems of a severity were found."""
        return sum(count for level, _rule, count in self.problem_counts if level == severity)

    @property
    def error_count(self) -> int:
        """Return how many errors were found."""
        return self.problem_count(Severity.ERROR)

    @property
    def warning_count(self) -> int:
        """Return how many warnings were found."""
        return self.problem_count(Severity.WARNING)


BUSY = frozenset(
    {ImportRun.State.PREVIEWING, ImportRun.State.COMMITTING, ImportRun.State.REVERTING}
)


class ImportFile(models.Model):
    """One uploaded file; `path` is below the upload folder."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=500)
    size = models.BigIntegerField()

    class Meta:
        """A run has each name once."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "name"], name="import_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportProblem(models.Model):
    """One problem of the latest preview or commit of a run."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    severity = models.CharField(max_length=8)
    rule = models.CharField(max_length=32)
    file = models.CharField(max_length=255, blank=True)
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    message_ja = models.TextField()
    message_en = models.TextField()

    class Meta:
        """In the order in which they were found."""

        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "severity", "rule"], name="import_problem_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.row} {self.rule}"

    @property
    def message(self) -> Label:
        """Return the message in both languages."""
        return Label(self.message_ja, self.message_en)

    @property
    def rule_label(self) -> Label:
        """Name the rule."""
        return Rule(self.rule).label

    @property
    def severity_label(self) -> Label:
        """Name the severity."""
        return Severity(self.severity).label


class SavedMapping(models.Model):
    """A mapping kept under a name, to be used again."""

    name = models.CharField(max_length=100, unique=True)
    text = models.TextField()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """By name."""

        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
