"""Tests that run on a real broker, and the broker itself."""
