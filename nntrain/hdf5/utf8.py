"""Names and texts of a file, which are UTF-8 or refused."""

from __future__ import annotations

from nntrain.hdf5.problem import Problem

__all__ = ["decode_utf8", "escaped"]

# Bytes of a text that a message shows.
SHOWN = 40


def decode_utf8(value: bytes, what: str, problem: Problem) -> str:
    """Return the text of ``value``. The error, with its bytes in escapes, if it is not UTF-8."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise problem(f"{what} is not UTF-8: {escaped(value)}; write it as UTF-8") from None


def escaped(value: bytes) -> str:
    """The first bytes of a text, those that are not ASCII in escapes."""
    return repr(value[:SHOWN])[1:] + ("..." if len(value) > SHOWN else "")
