"""The `tasuki` command. Each command is a module of `commands`, loaded only when asked for."""
