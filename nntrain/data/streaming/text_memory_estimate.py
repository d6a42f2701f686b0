"""How many cells and bytes a file of text has once it is unpacked: counted, or estimated from a sample."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.zip_archive import open_archive

__all__ = ["estimate_text_memory", "iterate_unpacked"]

# What reading, encoding and splitting takes at its peak: bytes for each cell, and for each byte of its text. Measured
# with numbers, categories, times and free text, of few and of many values, in three columns of a million rows.
CELL_BYTES, BYTES_PER_TEXT_BYTE = 100, 8

BLOCK_SIZE = 2**20

# Blocks that are looked at of a plain file that has more: its size is known, and the rest is taken to be like them.
MAX_SAMPLED_BLOCKS = 16

DELIMITERS = (b",", b";", b"\t", b"|")


def estimate_text_memory(path: Path, enough: float) -> float:
    """About how many bytes of memory the rows of a CSV or JSON file take; no longer counted once it is ``enough``.

    What cannot be unpacked counts up to there: reading it says why.
    """
    file = DataFile.open(path)
    size = file.state.size
    packed = file.is_compressed or file.format == "zip"
    if not packed and size > MAX_SAMPLED_BLOCKS * BLOCK_SIZE:
        sample = [estimate_block(block) for block in sample_blocks(path, size)]
        return sum(sample) * size / (len(sample) * BLOCK_SIZE)
    if not packed:
        with file.open_binary() as opened:
            return estimate_block(opened.read())
    total = 0.0
    for block in iterate_unpacked(path):
        total += estimate_block(block)
        if total > enough:
            break
    return total


def estimate_block(block: bytes) -> int:
    """What the cells of a block of text take: each ends in a delimiter or with its line."""
    lines = max(block.count(b"\n"), block.count(b"\r"))
    parts = max(map(block.count, DELIMITERS))
    # In text that no other mark divides, spaces may be the delimiters.
    parts = parts if parts > lines // 2 else max(parts, block.count(b" "))
    return (lines + parts) * CELL_BYTES + len(block) * BYTES_PER_TEXT_BYTE


def sample_blocks(path: Path, size: int) -> Iterator[bytes]:
    """Blocks of a file, evenly spread from its begin to its end."""
    with path.open("rb") as file:
        for number in range(MAX_SAMPLED_BLOCKS):
            file.seek((size - BLOCK_SIZE) * number // (MAX_SAMPLED_BLOCKS - 1))
            yield file.read(BLOCK_SIZE)


def iterate_unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of a gzip file, or of all files in an archive, block by block, as far as they can be unpacked."""
    try:
        if (source := DataFile.open(path)).is_compressed:
            with source.open_binary() as file:
                while block := file.read(BLOCK_SIZE):
                    yield block
            return
        with open_archive(path) as archive:
            for item in archive.infolist():
                with archive.open(item) as file:
                    while block := file.read(BLOCK_SIZE):
                        yield block
    except (BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError, zlib.error):
        return
