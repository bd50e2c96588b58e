"""The Django application of this package."""

from django.apps import AppConfig


class ConnectConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.connect"
    label = "connect"
    verbose_name = "Connections"
