"""A fingerprint covers every byte of the files, as they were while they were read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.data.checks.inspection import inspect_data
from nntrain.data.fingerprint import (
    combine_fingerprints,
    compute_fingerprint,
    compute_sampled_fingerprint,
    fingerprint_in_background,
)
from nntrain.data.loading import load_data, load_dataset
from nntrain.data.options.data_options import DataOptions
from nntrain.data.raw_dataset import RawDataset
from nntrain.errors import DataError
from tests.data.conftest import Write, WriteArrays, refusal

CSV = "x,y\n" + "".join(f"{row * 37 % 51},{row % 2}\n" for row in range(60))


def test_every_byte_counts(tmp_path: Path) -> None:
    path = tmp_path / "file"
    content = bytearray(17 * 2**20)
    path.write_bytes(content)
    before, sampled = compute_fingerprint(path), compute_sampled_fingerprint(path)
    assert before == hashlib.sha256(content).hexdigest()
    # The second of 256 regions of 64 KiB starts after 1/255 of what is before the last one.
    between = (len(content) - 2**16) // 255 - 1
    content[between] = 1
    path.write_bytes(content)
    assert compute_sampled_fingerprint(path) == sampled
    assert compute_fingerprint(path) == hashlib.sha256(content).hexdigest() != before


def test_samples_are_those_that_older_runs_recorded(tmp_path: Path) -> None:
    path = tmp_path / "file"
    content = np.random.default_rng(1).bytes(17 * 2**20)
    path.write_bytes(content)
    last = len(content) - 2**16
    regions = (content[last * number // 255 :][: 2**16] for number in range(256))
    assert (
        compute_sampled_fingerprint(path) == hashlib.sha256(str(len(content)).encode() + b"".join(regions)).hexdigest()
    )
    path.write_bytes(b"abc")
    assert compute_sampled_fingerprint(path) == hashlib.sha256(b"3abc").hexdigest()


@pytest.mark.parametrize("stream", [False, True])
def test_all_files_of_a_run_are_hashed_however_they_are_read(write: Write, tmp_path: Path, stream: bool) -> None:
    path, test = (str(write(name, CSV)) for name in ("rows.csv", "test.csv"))
    options = DataOptions(path, test_path=test, stream=stream, cache=str(tmp_path / "cache"))
    one = hashlib.sha256(CSV.encode()).hexdigest()
    both = hashlib.sha256(f"{one} {one}".encode()).hexdigest()
    assert load_data(options, 1).fingerprint == combine_fingerprints(options.paths) == both
    assert load_data(DataOptions(path, stream=stream, cache=str(tmp_path / "cache")), 1).fingerprint == one


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_never_opened_to_be_hashed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "expected a regular file" in refusal(compute_fingerprint, tmp_path / "pipe")


def same_size(path: Path) -> None:
    known = path.stat()
    path.write_text(path.read_text().replace("37", "38"))
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns + 1))


def another_file(path: Path) -> None:
    known = path.stat()
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(known.st_atime_ns, known.st_mtime_ns))
    os.replace(other, path)


def longer(path: Path) -> None:
    with path.open("a") as file:
        file.write("1,1\n")


CHANGES = [same_size, another_file, longer]


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_while_it_is_hashed_is_refused(write: Write, change: Callable[[Path], None]) -> None:
    path = write("rows.csv", CSV)

    def reading() -> None:
        with fingerprint_in_background(str(path)) as same:
            same()
            change(path)

    assert f"{path}: changed while it was read; run the command again" in refusal(reading)


def test_what_a_changing_file_does_to_its_reader_is_not_reported_in_its_place(write: Write) -> None:
    path = write("rows.csv", CSV)

    def reading() -> None:
        with fingerprint_in_background(str(path)):
            longer(path)
            raise DataError("the last line ends too early")

    assert "changed while it was read" in refusal(reading)


@pytest.mark.parametrize(("form", "change"), [*(("csv", change) for change in CHANGES), ("arrays", another_file)])
@pytest.mark.parametrize("stream", [False, True])
def test_rows_are_those_that_were_hashed(
    write: Write,
    arrays: WriteArrays,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    form: str,
    stream: bool,
) -> None:
    path = write("rows.csv", CSV) if form == "csv" else arrays(inputs=np.arange(60.0), targets=np.arange(60) % 2)
    options = DataOptions(str(path), stream=stream, cache=str(tmp_path / "cache"))

    waiting = [change]
    for cls in RawDataset.__subclasses__():

        def encode(self: RawDataset, *arguments: Any, _encode: Any = cls.encode, **options: Any) -> Any:
            if waiting:
                waiting.pop()(path)
            return _encode(self, *arguments, **options)

        monkeypatch.setattr(cls, "encode", encode)
    assert "changed while it was read" in refusal(load_data, options, 1)


def test_check_and_new_rows_are_read_from_one_content_too(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("rows.csv", CSV)
    schema = load_data(DataOptions(str(path)), 1).preprocessor
    monkeypatch.setattr(type(schema), "count_unseen", lambda self: longer(path) or {})
    assert "changed while it was read" in refusal(inspect_data, DataOptions(str(path)), 1)
    encode = type(schema).encode_inputs
    monkeypatch.setattr(type(schema), "encode_inputs", lambda self, table: longer(path) or encode(self, table))
    assert "changed while it was read" in refusal(load_dataset, path, schema, need_targets=True)
