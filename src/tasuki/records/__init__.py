"""Lists, journey, account and person pages, search: what every department shares."""
