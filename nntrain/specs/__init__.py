"""Constructor calls and states as JSON values, checked against type hints."""
