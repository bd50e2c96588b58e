"""The Django application of this package."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.notices"
    label = "notices"
    verbose_name = "Notices"
