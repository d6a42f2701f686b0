"""Runs that are killed at random moments: ``python -m tests.kill --kills 100``."""
