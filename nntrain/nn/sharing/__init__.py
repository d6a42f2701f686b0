"""Modules and arrays that are used several times in a network."""
