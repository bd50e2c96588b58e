"""Telling people what waits for them: in the app, by mail, by webhook."""
