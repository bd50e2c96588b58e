"""The screens of the process."""
