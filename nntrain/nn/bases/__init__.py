"""Bases of layers and criterions: a subclass contains only what is its own."""
