"""Format commands in messages, ready to paste into a shell, for names with any characters."""

import shlex
from collections.abc import Sequence

from nntrain.formatting import escape_line

# Characters without a special meaning in a shell or in printf.
SAFE_CHARACTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,+@")


def format_command(command: str, *names: object, options: Sequence[str] = ()) -> str:
    """Format ``nntrain resume NAME OPTION...``, with ``--`` before the names if one of them starts with a dash."""
    arguments = [str(name) for name in names]
    dashed = any(name.startswith("-") for name in arguments)
    words = [*options, "--", *arguments] if dashed else [*arguments, *options]
    return " ".join(["nntrain", command, *map(quote, words)])


def quote(word: str) -> str:
    """Quote a word for a POSIX shell; Windows has other rules.

    Characters that ``escape_line`` escapes are written by printf in octal, because not every shell has $'...'.
    """
    if escape_line(word) == word:
        return shlex.quote(word)
    text = word.rstrip("\n")
    octal = "".join(
        chr(byte) if byte in SAFE_CHARACTERS else f"\\{byte:03o}" for byte in text.encode(errors="surrogateescape")
    )
    # $(...) drops trailing line ends. The third character of IFS is one.
    return f"\"$(printf '{octal}'){'${IFS#??}' * (len(word) - len(text))}\""
