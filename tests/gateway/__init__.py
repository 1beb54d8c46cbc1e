"""Tests of the floor that decides, shows, records, moves and answers."""
