"""Targets: classes, numbers or labels."""
