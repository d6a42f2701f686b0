"""Modules and arrays that occur in several places of a network."""
