"""The error of a cache file that has to be built again."""

from __future__ import annotations

from nntrain.errors import DataError

__all__ = ["DamagedCacheError"]


class DamagedCacheError(DataError):
    """A file of encoded rows that is damaged, unfinished, or of another version."""
