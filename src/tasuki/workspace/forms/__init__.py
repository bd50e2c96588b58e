"""What the workspace asks people to fill in."""
