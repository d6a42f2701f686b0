"""Errors of readers and writers, without the name of the file."""


class CorruptFileError(Exception):
    """``message`` describes the problem at the byte ``at``; ``where``: the path in the object, once it is known."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at
        self.where = ""


class UnsupportedValueError(Exception):
    """The format cannot represent the value that the message describes."""
