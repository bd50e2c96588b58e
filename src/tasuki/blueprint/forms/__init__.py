"""What the editor asks people to fill in."""
