"""A process under work: the text of what may become the next version."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from tasuki.journeys.models import BlueprintVersion


class BlueprintDraft(models.Model):
    """A process that somebody is changing. It may be unsound; nothing works by it.

    `revision` counts the saves, so that of two people who save at once the second is told.
    """

    based_on = models.ForeignKey(BlueprintVersion, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(help_text="The blueprint as YAML, as far as it has come.")
    note = models.TextField(blank=True, help_text="What the next version is to say about itself.")
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.based_on}"
