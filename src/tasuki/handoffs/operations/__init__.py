"""Writing what the slice keeps itself: the weekly review."""
