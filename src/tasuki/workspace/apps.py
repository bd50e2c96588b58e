"""The Django application of this package."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Registers the package under its last name."""

    name = "tasuki.workspace"
    label = "workspace"
    verbose_name = "Workspace"
