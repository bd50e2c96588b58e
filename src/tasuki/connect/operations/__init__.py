"""What can be done with an import, by the screens, the worker and the command line alike."""
