"""The web application as `tasuki serve` runs it: each process ends with the one that started it."""

from tasuki.cli.family import end_with_parent
from tasuki.config.wsgi import application

end_with_parent()

__all__ = ["application"]
