"""Resuming a run: which changes are allowed and what is restored."""
