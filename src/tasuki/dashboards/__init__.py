"""The course and the figures that managers watch."""
