"""The memory budget for the content of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntrain.formatting import format_size
from nntrain.hdf5.error_factory import ErrorFactory

if TYPE_CHECKING:
    import h5py

# Bytes for any file, and for each byte of it: a string of 5 bytes becomes a Python object of 54 bytes in a dict with
# 100 bytes per entry, and sorted identifiers are deflated to 2 bytes each.
FIXED_BYTES, BYTES_PER_BYTE = 64 * 10**6, 32


class Budget:
    """Counts the bytes that are allocated for a file of ``size`` bytes. Each block of rows has a new budget.

    Numbers are not charged: ``check_dataset`` bounds them by their stored bytes. Charged are values that a file can
    repeat by reference: paths through links, and variable-length strings.
    """

    def __init__(self, size: int, problem: ErrorFactory) -> None:
        self.size = size
        self.problem = problem
        self.whole = self.left = FIXED_BYTES + BYTES_PER_BYTE * size

    @classmethod
    def of(cls, item: h5py.Group | h5py.Dataset, problem: ErrorFactory) -> Budget:
        """Return the budget of the file that contains a group or dataset."""
        return cls(item.file.id.get_filesize(), problem)

    def charge(self, size: int, what: str) -> None:
        """Count bytes for ``what``. The error if they exceed the budget of the file."""
        self.left -= size
        if self.left < 0:
            raise self.problem(
                f"{what} need more than {format_size(self.whole)} of memory, in a file of {format_size(self.size)}; "
                "the file may be malicious or corrupt"
            )
