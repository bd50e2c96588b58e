"""The Django application of this package."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.journeys"
    label = "journeys"
    verbose_name = "Journeys"
