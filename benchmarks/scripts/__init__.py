"""Programs that other comparisons start as processes."""
