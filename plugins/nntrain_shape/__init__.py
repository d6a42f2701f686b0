"""Layers that reshape, select and copy."""
