"""Diagnostics: cost previews, time profiles, comparisons, and checks of plugins, resuming and the machine."""
