"""The run folder: its files, its lock and its records."""
