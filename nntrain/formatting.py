"""Text for people: names and texts from files and users made safe to print, numbers, durations and tables."""

import math
import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice

# C0, DEL and C1 control a terminal. Bidirectional controls reorder the displayed text. Invisible characters make
# different names look alike: the soft hyphen, joiners, fillers, separators, tags, rare variation selectors. Lone
# surrogates are the undecodable bytes of a file name. Unicode 15, chapter 23.
CONTROL_CHARACTERS = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)

# The zero-width joiner and non-joiner spell words in these scripts (Arabic to Mongolian) and join emoji.
JOINING_CHARACTERS = r"\u0600-\u1cff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"

HIDDEN_PATTERN = re.compile(rf"[{CONTROL_CHARACTERS}]|(?<![{JOINING_CHARACTERS}])[\u200c\u200d]")

# Python's escape of a byte that is not UTF-8; ``repr`` doubles the backslashes of names.
UNDECODED_PATTERN = re.compile(r"(?<!\\)\\udc([89a-f][0-9a-f])")


def escape_line(text: str) -> str:
    r"""Escape control and invisible characters, including line ends, as ``\x1b``, ``\n`` or ``\u202e``.

    A byte of a file name that is not UTF-8 becomes ``\xff``, also if ``repr`` wrote Python's ``\udcff`` for it.

    The function is idempotent: a backslash stays one.
    """
    return UNDECODED_PATTERN.sub(r"\\x\1", HIDDEN_PATTERN.sub(lambda found: ascii(found[0])[1:-1], text))


def escape_toml_string(text: str) -> str:
    r"""Escape control and invisible characters of a basic TOML string as ``\u001b``, which keeps its value."""
    return HIDDEN_PATTERN.sub(lambda found: f"\\U{ord(found[0]):08x}".replace(r"\U0000", r"\u"), text)


def escape_text(text: str) -> str:
    """Escape the control and invisible characters of several lines; the line ends stay."""
    return "\n".join(map(escape_line, text.split("\n")))


# Maximum characters of a message and of a name in it, and maximum names in a list.
MAX_LENGTH, MAX_NAME_LENGTH, MAX_NAMES = 2000, 100, 20


def shorten(text: str, longest: int = MAX_LENGTH) -> str:
    """Return the text without its middle if it has more than ``longest`` characters: location and advice stay."""
    if len(text) <= longest:
        return text
    gap = f" ... {len(text) - longest:,} more characters ... "
    kept = max(0, longest - len(gap))
    return f"{text[: kept - kept // 2]}{gap}{text[len(text) - kept // 2 :]}"


def format_names(names: Collection[str]) -> str:
    """Format names in quotes, each of bounded length; only the first if there are many."""
    more = len(names) - MAX_NAMES
    shown = ", ".join(shorten(repr(name), MAX_NAME_LENGTH) for name in islice(names, MAX_NAMES))
    return f"{shown} and {more:,} more" if more > 0 else shown


def format_size(size: float) -> str:
    """Format bytes with three significant digits: 4.1 kB, 1.5 GB."""
    for unit in ("B", "kB", "MB", "GB"):
        if float(f"{size:.3g}") < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} TB" if size < 1000 else f"{size:,.0f} TB"


def format_markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Format a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def is_number(text: str) -> bool:
    """Whether a cell contains a number."""
    return (
        text == "-"
        or text.replace(",", "").replace(".", "").replace("-", "").replace("e", "").replace("+", "").isdigit()
    )


def format_number(value: float | None) -> str:
    """A score or a count in a cell; a dash if it is unknown or NaN."""
    if value is None or value != value:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def format_significant(value: float, digits: int = 4) -> str:
    """Format a number with ``digits`` significant digits, or all before the point; a dash for NaN."""
    if value != value:
        return "-"
    text = f"{value:.{digits}g}"
    return f"{value:.0f}" if "e+" in text and abs(value) < 1e15 else text


def format_aligned(values: Sequence[float], digits: int = 4) -> list[str]:
    """Format numbers with the same number of decimals, so that the largest has ``digits`` significant digits."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    decimals = max(0, digits - 1 - math.floor(math.log10(largest))) if largest else 0
    return ["-" if value != value else f"{value:.{decimals}f}" for value in values]


def format_count(number: int, noun: str, plural: str | None = None) -> str:
    """Return "1 epoch", "2 epochs"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def format_duration(seconds: float) -> str:
    """Seconds in a readable unit."""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.3g} min" if seconds < 7200 else f"{seconds / 3600:.3g} h"
