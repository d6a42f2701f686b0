"""Data larger than memory: typed rows on the disk, fitted and encoded piece by piece, and read back in blocks."""
