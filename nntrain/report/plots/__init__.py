"""Plots, one kind per file, drawn with matplotlib."""
