"""Reports: from a run folder to one HTML page."""
