"""The classes that do not write one table of their fields."""

from __future__ import annotations

__all__ = ["HEADED", "SILENT"]

# Those that write nothing, and those that write a table of something else before their fields.
SILENT = ("torch.Timer",)
HEADED = ("nn.GPU",)
