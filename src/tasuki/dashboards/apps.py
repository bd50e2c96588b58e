"""The Django application of this package."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.dashboards"
    label = "dashboards"
    verbose_name = "Dashboards"
