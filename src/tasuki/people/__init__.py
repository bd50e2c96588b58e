"""Users, teams, roles and working time."""
