"""Records to documents: Markdown, BibTeX, CSV, JSON, and the files they go to. No product is decided here."""
