"""Finds personal data and secrets in events, and only finds."""
