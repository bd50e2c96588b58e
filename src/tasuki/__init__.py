"""Tasuki (襷): The Model as one process, from first touch to renewal, on one record."""

__version__ = "0.1.0"
