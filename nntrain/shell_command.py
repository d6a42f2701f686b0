"""Commands that messages suggest, ready to paste into a shell, whatever the names in them contain."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from nntrain.formatting import escape_line

__all__ = ["format_command", "quote"]

# Characters that mean nothing to a shell or to printf.
SAFE_CHARACTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,+@")


def format_command(command: str, *names: object, options: Sequence[str] = ()) -> str:
    """``nntrain resume NAME OPTION...``; with ``--`` before the names if one of them starts with a dash."""
    given = [str(name) for name in names]
    dashed = any(name.startswith("-") for name in given)
    words = [*options, "--", *given] if dashed else [*given, *options]
    return " ".join(["nntrain", command, *map(quote, words)])


def quote(word: str) -> str:
    """A word as a POSIX shell reads it back; Windows quotes in another way.

    Characters that ``escape_text`` would spell out are written by printf in octal: the shell of a script has no $'...'.
    """
    if escape_line(word) == word:
        return shlex.quote(word)
    text = word.rstrip("\n")
    octal = "".join(
        chr(byte) if byte in SAFE_CHARACTERS else f"\\{byte:03o}" for byte in text.encode(errors="surrogateescape")
    )
    # $(...) drops the line ends at the end. One is the third character of IFS.
    return f"\"$(printf '{octal}'){'${IFS#??}' * (len(word) - len(text))}\""
