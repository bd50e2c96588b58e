"""Reading the shared facts."""
