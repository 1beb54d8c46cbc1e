"""Tests of what every floor agrees on."""
