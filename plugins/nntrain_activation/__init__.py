"""Activation functions, one class per file."""
