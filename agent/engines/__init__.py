"""Engines draft: they propose themes, read papers and write claims; pure code elsewhere checks them."""
