"""What the screens of the process show."""
