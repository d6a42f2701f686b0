"""nntrain beside other systems: ``python -m benchmarks``."""
