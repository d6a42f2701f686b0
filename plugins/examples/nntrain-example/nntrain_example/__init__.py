"""Two layers, a criterion, a metric and a logger for nntrain."""
