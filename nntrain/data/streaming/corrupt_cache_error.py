"""The error of a cache file that has to be built again."""

from __future__ import annotations

from nntrain.errors import DataError

__all__ = ["CorruptCacheError"]


class CorruptCacheError(DataError):
    """A file of encoded rows that is damaged, unfinished, or of another version."""
