"""Formats of files: one module each, with `read(text)`, pure."""
