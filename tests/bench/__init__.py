"""Tests of the benches: that they run and say what they promise, never how fast."""
