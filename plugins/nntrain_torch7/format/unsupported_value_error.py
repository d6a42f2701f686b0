"""What a writer is given that the format does not have, before the name of the file is put to it."""

from __future__ import annotations

__all__ = ["UnsupportedValueError"]


class UnsupportedValueError(Exception):
    """Its text says what; the writer knows where."""
