"""What a reader finds wrong, before the name of the file is put to it."""

from __future__ import annotations

__all__ = ["CorruptFileError"]


class CorruptFileError(Exception):
    """``what`` is wrong at the byte ``at``; ``where`` in the object, once that is known."""

    def __init__(self, at: int, what: str) -> None:
        super().__init__(what)
        self.at = at
        self.what = what
        self.where = ""
