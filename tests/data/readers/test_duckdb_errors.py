"""What DuckDB says of memory and of the disk, in words of nntrain."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from nntrain.compute.array import Array
from nntrain.data.readers.duckdb_settings import to_os_error
from nntrain.data.readers.scan import Scan
from nntrain.data.readers.typed_scan import scan_parquet
from nntrain.data.writers.row_writer import write_rows
from nntrain.errors import DataError
from nntrain.system_limits import explain_system_error

resource = pytest.importorskip("resource", reason="this system has no limits that a test can set")


def blocks(count: int) -> Iterator[dict[str, Array]]:
    random = np.random.default_rng(0)
    for _ in range(count):
        yield {"x": random.random(50_000)}


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of the size of files")
def test_a_parquet_file_that_finds_no_room_is_reported_as_the_system_says_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(OSError, match=r"file too large; raise the limit of 100,000 B ") as caught:
            write_rows(path, blocks(10))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG
    assert caught.value.filename == str(path)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_shown_by_its_number() -> None:
    told = 'IO Error: Async write failed for range [offset=27]: {"exception_message":"Could not write","errno":"28"}'
    error = to_os_error(duckdb.IOException(told))
    assert (error.errno, error.strerror) == (errno.ENOSPC, os.strerror(errno.ENOSPC))
    limit = "Out of Memory Error: failed to offload data block (9 MiB/9 MiB used).\nThis limit was set by the "
    error = to_os_error(duckdb.OutOfMemoryException(limit + "'max_temp_directory_size' setting."))
    assert error.errno == errno.ENOSPC
    assert str(to_os_error(duckdb.IOException("IO Error: odd\nmore"))) == "IO Error: odd"


def failing(tmp_path: Path, words: str) -> BaseException:
    """What reading raises where DuckDB says ``words``."""
    path = tmp_path / "rows.parquet"
    duckdb.execute(f"COPY (SELECT 1 AS x) TO '{path}' (FORMAT parquet)")
    scan: Scan = scan_parquet(path)
    with pytest.raises((DataError, MemoryError)) as caught, scan.connect():
        raise duckdb.OutOfMemoryException(words)
    return caught.value


@pytest.mark.parametrize("words", ["Failed to allocate block of 32002048 bytes (bad allocation)", "Allocation failure"])
def test_memory_that_the_system_refuses_is_not_given_by_an_option(tmp_path: Path, words: str) -> None:
    error = failing(tmp_path, f"Out of Memory Error: {words}")
    assert isinstance(error, MemoryError)
    assert str(explain_system_error(error)).startswith("not enough memory")


def test_memory_that_an_option_limits_is_given_by_it(tmp_path: Path) -> None:
    error = failing(tmp_path, "Out of Memory Error: failed to allocate data of size 16.0 KiB (95.3 MiB/95.3 MiB used)")
    assert str(error).endswith("reading it exceeds the memory limit; raise it, e.g. --memory 2GB")


def test_a_limit_of_duckdb_is_distinguished_from_the_system(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    duckdb.execute(f"COPY (SELECT i::VARCHAR AS x FROM range(2000000) t(i)) TO '{path}' (FORMAT parquet)")
    scan = scan_parquet(path).limit_memory(20 * 2**20, tmp_path)
    with pytest.raises(DataError, match="--memory 2GB"):
        scan.select(["list(x)"])
