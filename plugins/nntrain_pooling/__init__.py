"""Pooling layers, one class a file."""
