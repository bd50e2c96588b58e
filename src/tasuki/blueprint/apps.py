"""The Django application of this package."""

from django.apps import AppConfig


class BlueprintConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.blueprint"
    label = "blueprint"
    verbose_name = "Blueprint"
