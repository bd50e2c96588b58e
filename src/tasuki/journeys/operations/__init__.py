"""The only write path to the shared facts."""
