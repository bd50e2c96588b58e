"""What comes in from outside: imports of files."""
