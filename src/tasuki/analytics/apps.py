"""The Django application of this package."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.analytics"
    label = "analytics"
    verbose_name = "Figures"
