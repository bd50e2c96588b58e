"""What people choose about notices."""
