"""What people see of hand-offs."""
