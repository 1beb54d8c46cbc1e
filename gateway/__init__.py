"""Decides, shows, records, moves and answers."""
