"""Text from files and users, safe to print: characters that act on a terminal or hide are spelled out."""

from __future__ import annotations

import re

__all__ = ["escaped", "one_line", "visible"]

# C0, DEL and C1 control a terminal. Bidirectional controls reorder what is read. Invisible characters make different
# names look alike: the soft hyphen, joiners, fillers, separators, tags, rare variation selectors. Lone surrogates are
# the undecodable bytes of a file name. Unicode 15, chapter 23.
ACTING = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)

# The zero-width joiner and non-joiner spell words in these scripts (Arabic to Mongolian) and join emoji.
JOINED = r"\u0600-\u1cff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"

HIDDEN = re.compile(rf"[{ACTING}]|(?<![{JOINED}])[\u200c\u200d]")

# A byte that is not UTF-8, as Python spells it; ``repr`` makes two backslashes of one in a name.
UNDECODED = re.compile(r"(?<!\\)\\udc([89a-f][0-9a-f])")


def one_line(text: str) -> str:
    r"""The text with its control and invisible characters as ``\x1b``, ``\n`` or ``\u202e``, line ends included.

    A byte of a file name that is not UTF-8 is ``\xff``, also where ``repr`` wrote Python's ``\udcff`` for it.

    Doing it twice changes nothing: a backslash stays one.
    """
    return UNDECODED.sub(r"\\x\1", HIDDEN.sub(lambda found: ascii(found[0])[1:-1], text))


def escaped(text: str) -> str:
    r"""A basic string of TOML with its control and invisible characters as ``\u001b``: it reads as the same."""
    return HIDDEN.sub(lambda found: f"\\U{ord(found[0]):08x}".replace(r"\U0000", r"\u"), text)


def visible(text: str) -> str:
    """Several lines, each with its control and invisible characters spelled out; the line ends stay."""
    return "\n".join(map(one_line, text.split("\n")))
