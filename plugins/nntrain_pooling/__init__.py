"""Pooling layers, one class per file."""
