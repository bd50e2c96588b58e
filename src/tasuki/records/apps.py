"""The Django application of this package."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.records"
    label = "records"
    verbose_name = "Records"
