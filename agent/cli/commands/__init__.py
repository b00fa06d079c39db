"""One file a command, or a few that belong together; `agent.cli.main` names them."""
