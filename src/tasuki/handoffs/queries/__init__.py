"""What the screens of hand-offs read besides the packets."""
