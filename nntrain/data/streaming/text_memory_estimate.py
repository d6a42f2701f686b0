"""The cells and bytes of a text file once it is unpacked: counted, or estimated from a sample."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.zip_archive import DirectoryFile

# Peak memory of reading, encoding and splitting: bytes per cell, and per byte of its text. Measured on three columns of
# a million rows with numbers, categories, times and free text, with few and with many distinct values.
CELL_BYTES, BYTES_PER_TEXT_BYTE = 100, 8

BLOCK_SIZE = 2**20

# Maximum number of blocks to read of an uncompressed file; the estimate is scaled to its size.
MAX_SAMPLED_BLOCKS = 16

DELIMITERS = (b",", b";", b"\t", b"|")


def estimate_text_memory(path: Path, enough: float) -> float:
    """Estimate the bytes of memory of the rows of a CSV or JSON file; counting stops at ``enough``.

    A file that cannot be unpacked is counted up to the error, which is reported when it is read.
    """
    file = DataFile.open(path)
    size = file.state.size
    is_packed = file.is_compressed or file.format == "zip"
    if not is_packed and size > MAX_SAMPLED_BLOCKS * BLOCK_SIZE:
        sample = [estimate_block(block) for block in sample_blocks(path, size)]
        return sum(sample) * size / (len(sample) * BLOCK_SIZE)
    if not is_packed:
        with file.open_binary() as opened:
            return estimate_block(opened.read())
    total = 0.0
    for block in iterate_unpacked(path):
        total += estimate_block(block)
        if total > enough:
            break
    return total


def estimate_block(block: bytes) -> int:
    """Return the bytes of memory of the cells of a block of text; each cell ends with a delimiter or its line."""
    lines = max(block.count(b"\n"), block.count(b"\r"))
    delimiters = max(map(block.count, DELIMITERS))
    # If there are few other delimiters, spaces may be the delimiters.
    delimiters = delimiters if delimiters > lines // 2 else max(delimiters, block.count(b" "))
    return (lines + delimiters) * CELL_BYTES + len(block) * BYTES_PER_TEXT_BYTE


def sample_blocks(path: Path, size: int) -> Iterator[bytes]:
    """Iterate over blocks of a file at equal distances from its start to its end."""
    with path.open("rb") as file:
        for number in range(MAX_SAMPLED_BLOCKS):
            file.seek((size - BLOCK_SIZE) * number // (MAX_SAMPLED_BLOCKS - 1))
            yield file.read(BLOCK_SIZE)


def iterate_unpacked(path: Path) -> Iterator[bytes]:
    """Iterate over the unpacked blocks of a gzip file, or of all files in an archive, up to the first error."""
    try:
        if (source := DataFile.open(path)).is_compressed:
            with source.open_binary() as file:
                while block := file.read(BLOCK_SIZE):
                    yield block
            return
        with DirectoryFile(path) as opened, ZipFile(opened) as archive:
            for item in archive.infolist():
                with archive.open(item) as file:
                    while block := file.read(BLOCK_SIZE):
                        yield block
    except (BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError, zlib.error):
        return
