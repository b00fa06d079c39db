"""The products as short stories: load, step, save."""
