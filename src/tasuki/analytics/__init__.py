"""The figures: the registry of definitions, compiled and run."""
