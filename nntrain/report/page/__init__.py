"""What a page consists of, and its HTML."""
