"""Tables and columns in memory."""
