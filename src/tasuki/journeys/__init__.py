"""Account, person, journey, stay, event, activity: the shared facts and their one write path."""
