"""Metrics, updated batch by batch."""
