"""One module a command: `NEEDS`, `add_arguments(parser)` and `run(arguments) -> exit code`."""
