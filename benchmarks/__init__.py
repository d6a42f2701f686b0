"""Benchmarks of nntrain against other systems: ``python -m benchmarks``."""
