"""The signals that a process hears, and when."""
