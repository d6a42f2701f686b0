"""Torch7's .t7 files, in and out."""
