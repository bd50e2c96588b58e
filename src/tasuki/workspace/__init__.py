"""Sign-in, own settings, administration of people and working time."""
