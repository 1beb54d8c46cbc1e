"""Measures the product: seeded input, named cases, machine and commit beside every figure."""
