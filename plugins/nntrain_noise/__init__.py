"""Dropout and additive noise."""
