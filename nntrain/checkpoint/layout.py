"""What a checkpoint file looks like inside: docs/checkpoint-format.md.

The root has the attributes ``format`` and ``version``. A dict of the tree that holds an array somewhere is a
group, a list that does a group with the attribute ``list`` whose members are called 0, 1, ..., an array a dataset,
and everything else a scalar dataset of UTF-8 text that is its JSON. So any reader of HDF5 sees all of it. What is
written last is MARK, the checksums of all the others: a file without it was never finished.
"""

from __future__ import annotations

from typing import Any, TypeAlias

__all__ = ["COMPLETE_MARK", "FORMAT", "VERSION", "Tree"]

FORMAT = "nntrain checkpoint"
VERSION = 1
COMPLETE_MARK = "complete"

# A dict whose leaves are arrays of numbers or JSON values.
Tree: TypeAlias = dict[str, Any]
