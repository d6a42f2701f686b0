"""The layout of a checkpoint file: docs/checkpoint-format.md.

The root has the attributes ``format`` and ``version``. A dict that contains an array at any depth is a group, such a
list is a group with the attribute ``list`` and members named 0, 1, ..., an array is a dataset, and everything else is
a scalar dataset with its JSON as a UTF-8 string. So any HDF5 reader can read all of it. COMPLETE_MARK is written
last, with the checksums of all the others: a file without it is incomplete.
"""

from typing import Any, TypeAlias

FORMAT = "nntrain checkpoint"
VERSION = 1
COMPLETE_MARK = "complete"

# A dict whose leaves are numeric arrays or JSON values.
Tree: TypeAlias = dict[str, Any]
