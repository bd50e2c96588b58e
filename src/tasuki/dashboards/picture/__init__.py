"""The course as a drawing: where everything stands, computed from the figures alone."""

from tasuki.dashboards.picture.drawing import draw
from tasuki.dashboards.picture.shapes import Picture

__all__ = ["Picture", "draw"]
