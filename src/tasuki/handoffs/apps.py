"""The Django application of this package."""

from django.apps import AppConfig


class HandoffsConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.handoffs"
    label = "handoffs"
    verbose_name = "Hand-offs"
