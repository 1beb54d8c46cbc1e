"""Tests: they mirror the modules they test."""
