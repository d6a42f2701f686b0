"""How many cells and bytes a file of text has once it is unpacked: counted, or estimated from a sample."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

from nntrain.data.csv_text import is_gzip, open_bytes
from nntrain.data.table_source import begins
from nntrain.data.zipped import ZIP, archive_of

__all__ = ["bytes_of_text", "unpacked"]

# What reading, encoding and splitting takes at its peak: bytes for each cell, and for each byte of its text. Measured
# with numbers, categories, times and free text, of few and of many values, in three columns of a million rows.
CELL, TIMES = 100, 8

BLOCK = 2**20

# Blocks that are looked at of a plain file that has more: its size is known, and the rest is taken to be like them.
BLOCKS = 16

DELIMITERS = (b",", b";", b"\t", b"|")


def bytes_of_text(path: Path, enough: float) -> float:
    """About how many bytes of memory the rows of a CSV or JSON file take; no longer counted once it is ``enough``.

    What cannot be unpacked counts up to there: reading it says why.
    """
    size = path.stat().st_size
    packed = is_gzip(path) or begins(path, ZIP)
    if not packed and size > BLOCKS * BLOCK:
        sample = [needed_by(block) for block in stretches(path, size)]
        return sum(sample) * size / (len(sample) * BLOCK)
    total = 0.0
    for block in unpacked(path) if packed else [path.read_bytes()]:
        total += needed_by(block)
        if total > enough:
            break
    return total


def needed_by(block: bytes) -> int:
    """What the cells of a block of text take: each ends in a delimiter or with its line."""
    lines = max(block.count(b"\n"), block.count(b"\r"))
    parts = max(map(block.count, DELIMITERS))
    # In text that no other mark divides, spaces may be the delimiters.
    parts = parts if parts > lines // 2 else max(parts, block.count(b" "))
    return (lines + parts) * CELL + len(block) * TIMES


def stretches(path: Path, size: int) -> Iterator[bytes]:
    """Blocks of a file, evenly spread from its begin to its end."""
    with path.open("rb") as file:
        for number in range(BLOCKS):
            file.seek((size - BLOCK) * number // (BLOCKS - 1))
            yield file.read(BLOCK)


def unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of a gzip file, or of all files in an archive, block by block, as far as they can be unpacked."""
    try:
        if is_gzip(path):
            with open_bytes(path, compressed=True) as file:
                while block := file.read(BLOCK):
                    yield block
            return
        with archive_of(path) as archive:
            for item in archive.infolist():
                with archive.open(item) as file:
                    while block := file.read(BLOCK):
                        yield block
    except (BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError, zlib.error):
        return
