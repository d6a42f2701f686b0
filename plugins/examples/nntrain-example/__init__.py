"""nntrain-example."""
