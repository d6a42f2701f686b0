"""Torch's classes and ours: a description for each, a family a file."""
