"""Writing notices, sending them, and keeping what each person chose."""
