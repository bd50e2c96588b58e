"""What the screens of the workspace read."""
