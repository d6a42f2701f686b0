"""How much memory may be allocated for what a file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntrain.formatting import format_size
from nntrain.hdf5.error_factory import ErrorFactory

if TYPE_CHECKING:
    import h5py

__all__ = ["Budget"]

# Bytes for any file, and for each byte of it: a short text of 5 bytes is a Python object of 54 in a dict of 100 an
# entry, and sorted identifiers are deflated to 2 bytes each.
FIXED_BYTES, BYTES_PER_BYTE = 64 * 10**6, 32


class Budget:
    """Counts the bytes that are allocated for a file of ``size`` bytes. Whoever reads a block of rows makes a new one.

    Numbers are not charged: ``check_dataset`` bounds them by what is stored. What is, is what one place of a file can
    ask for many times: paths through links, and texts, which are kept by reference.
    """

    def __init__(self, size: int, problem: ErrorFactory) -> None:
        self.size = size
        self.problem = problem
        self.whole = self.left = FIXED_BYTES + BYTES_PER_BYTE * size

    @classmethod
    def of(cls, item: h5py.Group | h5py.Dataset, problem: ErrorFactory) -> Budget:
        """That of the file which a group or dataset is in."""
        return cls(item.file.id.get_filesize(), problem)

    def charge(self, size: int, what: str) -> None:
        """Count bytes. The error, which names ``what`` they are for, if they are too many for such a file."""
        self.left -= size
        if self.left < 0:
            raise self.problem(
                f"{what} need more than {format_size(self.whole)} of memory, in a file of {format_size(self.size)}; "
                "the file may be malicious or corrupt"
            )
