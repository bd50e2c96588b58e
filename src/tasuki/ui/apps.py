"""The Django application of this package."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.ui"
    label = "ui"
    verbose_name = "Screens"
