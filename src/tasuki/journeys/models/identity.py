"""Which records are the same company or person, and how a merge is undone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

ENTITIES = [("account", "account"), ("person", "person")]


class Merge(models.Model):
    """A merge of two records: everything needed to undo it exactly."""

    entity = models.CharField(max_length=16, choices=ENTITIES)
    winner_id = models.BigIntegerField()
    loser_id = models.BigIntegerField()
    moved = models.JSONField(help_text="Entity to ids of the records that changed hands.")
    before = models.JSONField(help_text="Fields of the winner that the merge filled, as they were.")
    after = models.JSONField(help_text="The same fields as the merge left them.")
    merged_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity", "winner_id"], name="merge_winner"),
            models.Index(fields=["entity", "loser_id"], name="merge_loser"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.loser_id} into {self.winner_id}"


class NotDuplicate(models.Model):
    """Two records that a person has said are different; never suggested again."""

    entity = models.CharField(max_length=16, choices=ENTITIES)
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    decided_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity", "first_id", "second_id"], name="not_duplicate_once"
            ),
            models.CheckConstraint(
                condition=Q(first_id__lt=F("second_id")), name="not_duplicate_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.first_id} is not {self.second_id}"
