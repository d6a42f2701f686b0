"""Text from files and users, safe to print: characters that act on a terminal or hide are spelled out."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice

__all__ = ["MAX_LENGTH", "escape_line", "escape_text", "escape_toml_string", "format_names", "format_size", "shorten"]

# C0, DEL and C1 control a terminal. Bidirectional controls reorder what is read. Invisible characters make different
# names look alike: the soft hyphen, joiners, fillers, separators, tags, rare variation selectors. Lone surrogates are
# the undecodable bytes of a file name. Unicode 15, chapter 23.
CONTROL_CHARACTERS = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)

# The zero-width joiner and non-joiner spell words in these scripts (Arabic to Mongolian) and join emoji.
JOINING_CHARACTERS = r"\u0600-\u1cff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"

HIDDEN_PATTERN = re.compile(rf"[{CONTROL_CHARACTERS}]|(?<![{JOINING_CHARACTERS}])[\u200c\u200d]")

# A byte that is not UTF-8, as Python spells it; ``repr`` makes two backslashes of one in a name.
UNDECODED_PATTERN = re.compile(r"(?<!\\)\\udc([89a-f][0-9a-f])")


def escape_line(text: str) -> str:
    r"""The text with its control and invisible characters as ``\x1b``, ``\n`` or ``\u202e``, line ends included.

    A byte of a file name that is not UTF-8 is ``\xff``, also where ``repr`` wrote Python's ``\udcff`` for it.

    Doing it twice changes nothing: a backslash stays one.
    """
    return UNDECODED_PATTERN.sub(r"\\x\1", HIDDEN_PATTERN.sub(lambda found: ascii(found[0])[1:-1], text))


def escape_toml_string(text: str) -> str:
    r"""A basic string of TOML with its control and invisible characters as ``\u001b``: it reads as the same."""
    return HIDDEN_PATTERN.sub(lambda found: f"\\U{ord(found[0]):08x}".replace(r"\U0000", r"\u"), text)


def escape_text(text: str) -> str:
    """Several lines, each with its control and invisible characters spelled out; the line ends stay."""
    return "\n".join(map(escape_line, text.split("\n")))


# Characters of a message and of a name in it, and names of a list.
MAX_LENGTH, MAX_NAME_LENGTH, MAX_NAMES = 2000, 100, 20


def shorten(text: str, longest: int = MAX_LENGTH) -> str:
    """The text, without its middle if it has more than ``longest`` characters: the place and the advice stay."""
    if len(text) <= longest:
        return text
    gap = f" ... {len(text) - longest:,} more characters ... "
    kept = max(0, longest - len(gap))
    return f"{text[: kept - kept // 2]}{gap}{text[len(text) - kept // 2 :]}"


def format_names(names: Collection[str]) -> str:
    """Names in quotes, each in a bounded length; of very many, the first."""
    more = len(names) - MAX_NAMES
    shown = ", ".join(shorten(repr(name), MAX_NAME_LENGTH) for name in islice(names, MAX_NAMES))
    return f"{shown} and {more:,} more" if more > 0 else shown


def format_size(size: float) -> str:
    """Bytes in the unit that gives few digits: 4.1 kB, 1.5 GB."""
    for unit in ("B", "kB", "MB", "GB"):
        if float(f"{size:.3g}") < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} TB" if size < 1000 else f"{size:,.0f} TB"
