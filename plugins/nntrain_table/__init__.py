"""Layers of lists of arrays (Torch7's tables), one class per file."""
