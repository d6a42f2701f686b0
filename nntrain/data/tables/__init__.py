"""Tables and columns, in memory or streamed."""
