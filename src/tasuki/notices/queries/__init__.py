"""What people's notices say, and whom a fact concerns."""
