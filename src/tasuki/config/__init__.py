"""Wiring only: settings, root URLs, the choice and care of the database."""
