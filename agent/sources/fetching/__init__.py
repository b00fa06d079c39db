"""Asking services, politely: one HTTP client, each service's rate kept for the whole user, pages that resume."""
