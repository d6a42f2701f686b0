"""Memory sizes with units."""

import re

# Looser pattern for editors: every valid value matches.
SIZE_PATTERN = r"^\s*\d+(?:\.\d+)?\s*(?:[KkMmGgTt][Ii]?)?[Bb]?\s*$"

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}

# Python with its libraries and read-ahead buffers takes about this much for any data.
MIN_MEMORY = 300 * 10**6


def parse_memory_size(text: str) -> int:
    """Convert 512MB, 2 GiB or 1.5G to bytes. ValueError for another text, or for less than MIN_MEMORY."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?I?)B?", text.strip().upper())
    if match is None or match[2] not in UNITS:
        raise ValueError(f"expected a size such as '512MB' or '2GB', got {text!r}")
    size = int(float(match[1]) * UNITS[match[2]])
    if size < MIN_MEMORY:
        raise ValueError(f"expected at least '{MIN_MEMORY // 10**6}MB', got {text!r}")
    return size
