"""Kafka: lanes that commit exactly once, the worker that feeds them, the lander, the topics."""
