"""Tests of the Kafka side that need no broker."""
