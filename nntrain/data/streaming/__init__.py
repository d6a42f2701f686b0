"""Data larger than memory: typed rows on disk, fitted and encoded in chunks, and read in blocks."""
