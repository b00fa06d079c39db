"""E-mail: finished bodies into a message, a message to a server."""
