"""Whatever is done to a file: it is read, or refused in one line, in bounded memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from zlib import crc32

import pytest

from nntrain.errors import CheckpointError
from nntrain_torch7.format import read
from tests.torch7.mutate import mutations, nested, objects, references
from tests.torch7.records import GOLDEN

FILES = sorted(path for path in GOLDEN.glob("*.t7") if path.stat().st_size < 8000)
TIMES = 250

# What reading may take, for each byte of the file, and besides: small objects of Python are not small.
MEMORY_PER_BYTE = 40
MEMORY = 1 << 20


def outcome(data: bytes) -> str:
    """What becomes of a file: nothing but a value, or one line that can be printed."""
    try:
        read(data)
    except CheckpointError as error:
        text = str(error)
        assert "\n" not in text
        assert text.isascii()
        assert len(text) < 700
        return text
    return ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_damaged_file_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()
    outcomes = [outcome(mutated) for mutated in mutations(data, crc32(path.name.encode()), TIMES)]
    assert any(outcomes)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_damaged_file_takes_little_memory(path: Path) -> None:
    data = path.read_bytes()
    tracemalloc.start()
    try:
        for mutated in mutations(data, crc32(path.name.encode()) + 1, TIMES // 10):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            outcome(mutated)
            assert tracemalloc.get_traced_memory()[1] - before < MEMORY_PER_BYTE * len(mutated) + MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_that_is_cut_anywhere_is_refused(path: Path) -> None:
    data = path.read_bytes().rstrip(b"\n") if path.name.endswith(".ascii.t7") else path.read_bytes()
    for end in range(0, len(data) - 1, 1 + len(data) // 200):
        assert outcome(data[:end])


@pytest.mark.parametrize("data", [nested(100_000), nested(100_000, ascii=True), objects(100_000)])
def test_what_is_too_deep_is_refused(data: bytes) -> None:
    assert "more than 10000 deep" in outcome(data)


def test_what_is_deep_is_read() -> None:
    for data in (nested(9_000), nested(9_000, ascii=True), objects(9_000)):
        assert not outcome(data)


def test_references_without_end_are_read() -> None:
    assert len(read(references(100_000))) == 100_000
