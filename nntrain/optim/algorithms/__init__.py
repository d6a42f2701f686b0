"""The algorithms, one class a file, and the line searches that they share."""
