"""What a user may say about how a file of rows is written."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FileOptions"]


@dataclass(frozen=True)
class FileOptions:
    """How a text file is written; what is None is told from the file.

    ``header``: whether its first line has the names of the columns. ``decimal``, ``thousands``: the separators of its
    numbers. ``missing``: the texts that mean a missing value. ``sheet``: the sheet of a workbook, the table of an HDF5
    file, or the file of an archive.
    """

    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    decimal: str | None = None
    thousands: str | None = None
    missing: tuple[str, ...] | None = None
    sheet: str | None = None
