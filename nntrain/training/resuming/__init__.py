"""Start and resume runs: the allowed changes and the restored state."""
