"""A data file is looked at once, and again as soon as it changes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from nntrain.data.options.file_options import FileOptions
from nntrain.data.readers.data_file import MAX_HEAD_SIZE, MIN_AGE, DataFile
from nntrain.data.readers.table_reader import open_scan, read_table
from tests.data.conftest import Write


def age(path: Path) -> None:
    """Let the last write of a file be old."""
    before = path.stat().st_mtime_ns - 2 * MIN_AGE
    os.utime(path, ns=(before, before))


def test_a_file_is_the_same_object_until_it_changes(write: Write) -> None:
    path = write("t.csv", "a,b\n1,2\n")
    age(path)
    file = DataFile.open(path)
    assert DataFile.open(path) is file
    assert open_scan(file, FileOptions()) is open_scan(file, FileOptions())
    path.write_text("a,b\n1,3\n", encoding="utf-8")
    assert DataFile.open(path) is not file
    assert read_table(path).columns["b"].values == [3]


def test_a_file_that_was_written_just_now_is_looked_at_again(write: Write) -> None:
    path = write("t.csv", "a,b\n1,2\n")
    now = time.time_ns()
    os.utime(path, ns=(now, now))
    if time.time_ns() - now < MIN_AGE:
        assert DataFile.open(path) is not DataFile.open(path)


@pytest.mark.parametrize("size", [10, MAX_HEAD_SIZE, MAX_HEAD_SIZE + 10])
def test_all_bytes_are_read_although_few_are_kept(write: Write, size: int) -> None:
    content = b"a\n" + b"1" * (size - 2)
    file = DataFile.open(write("t.csv", content))
    assert len(file.head) == min(size, MAX_HEAD_SIZE)
    with file.open_binary() as opened:
        assert opened.read() == content


def test_a_result_is_computed_once_for_its_arguments(write: Write) -> None:
    calls: list[int] = []
    file = DataFile.open(write("t.csv", "a\n1\n"))

    def compute(file: DataFile, number: int) -> int:
        calls.append(number)
        return number

    assert [file.once(compute, number) for number in (1, 2, 1)] == [1, 2, 1]
    assert calls == [1, 2]
