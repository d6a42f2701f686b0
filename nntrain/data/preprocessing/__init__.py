"""Preprocessing that is fitted on training rows and applied to any."""
