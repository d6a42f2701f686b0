"""The classes that do not write one table of their fields."""

from __future__ import annotations

__all__ = ["COUNTERS", "HASHES", "HEADED", "SILENT", "VECTORS"]

# Those that write nothing, and those that write a table of something else before their fields.
SILENT = ("torch.Timer",)
HEADED = ("nn.GPU",)

# Containers of the package tds, by their names of now and of earlier releases. They write a long, which is their count,
# and then keys and values in turn, or values, or nothing.
HASHES = ("tds.Hash", "tds_hash")
VECTORS = ("tds.Vec", "tds_vec")
COUNTERS = ("tds.AtomicCounter", "tds_atomic_counter")
