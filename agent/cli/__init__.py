"""The command line: options, progress, colours, exit codes. No logic, and the only room that prints."""
