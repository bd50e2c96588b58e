"""What people fill in to hand over and to give back."""
