"""No file takes more memory or time than it may, whatever reads it: it is refused in one line."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from nntrain.data.options.file_options import FileOptions
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.hdf5.hdf5_splits import read_hdf5
from nntrain.data.readers.table_reader import open_scan
from nntrain.errors import DataError
from nntrain.hdf5.filters import get_filters
from nntrain.hdf5.sandbox import IS_SANDBOXED
from tests.hdf5.hidden_filter import hidden_filter
from tests.hdf5.hostile import FILES, Build, endless, filtered_group, rows, shared_text

# Bytes of addresses that a command may take: it needs about one gigabyte of them for its libraries alone.
ADDRESSES = 3 * 2**30

LINUX = pytest.mark.skipif(not IS_SANDBOXED, reason="files are tried in a process of their own on Linux alone")


def refusal(path: Path) -> str:
    """What is said of a file by what reads it as arrays or as a table."""
    with pytest.raises(DataError) as raised:
        read_hdf5(path) if (file := DataFile.open(path)).has_arrays() else open_scan(file, FileOptions())
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(f"{path}: ")
    return str(raised.value)


@LINUX
@pytest.mark.parametrize("build", FILES, ids=lambda build: build.__name__)
def test_a_hostile_file_is_refused_in_one_line(build: Build, tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    build(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert FILES[build] in refusal(path)
    # In kilobytes: the files ask for 400 MB to gigabytes.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@pytest.mark.parametrize("build", FILES, ids=lambda build: build.__name__)
def test_a_hostile_file_is_refused_without_a_child_process_too(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS and Windows: what the rules refuse needs no child, in as little memory."""
    monkeypatch.setattr("nntrain.hdf5.sandbox.IS_SANDBOXED", False)
    monkeypatch.setattr("nntrain.hdf5.texts.IS_SANDBOXED", False)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was forked"), raising=False)
    path = tmp_path / "rows.h5"
    build(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert FILES[build] in refusal(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


@LINUX
def test_a_file_on_which_hdf5_loops_for_ever_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nntrain.hdf5.sandbox.MIN_SECONDS", 1)
    path = tmp_path / "rows.h5"
    endless(path)
    assert "HDF5 did not finish reading it in 1 s" in refusal(path)


COMMANDS = (
    ("show", "{file}"),
    ("check", "{file}"),
    ("fit", "{file}", "--out", "{folder}/run"),
    ("predict", "{file}", "{file}"),
    ("evaluate", "{file}", "{file}"),
    ("convert", "{file}", "{folder}/copy.h5"),
)


@LINUX
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_commands_end_with_one_line_in_bounded_memory(command: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    shared_text(path)
    arguments = [part.format(file=path, folder=tmp_path) for part in command]
    done = subprocess.run(
        [sys.executable, "-m", "nntrain", *arguments],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in (1, 2, 3, 5)
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("Error: ")]) == 1


def test_a_text_that_many_rows_share_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    shared_text(path, names=("targets", "note"), length=1000, count=300)
    found = read_hdf5(path, others=["note"])["all"].others["note"].values
    assert set(found) == {"x" * 1000}
    assert len({id(text) for text in found}) == 1


@pytest.mark.parametrize("kept", ["fixed", "deflated", "by reference"])
def test_honest_repeated_texts_are_read(kept: str, tmp_path: Path) -> None:
    """100,000 rows of three categories: some kilobytes where they are deflated."""
    path, texts = tmp_path / "rows.h5", np.array(["Amsterdam", "Oslo", "Rome"])[np.arange(100_000) % 3]
    with h5py.File(path, "w") as file:
        file["inputs"] = np.zeros((100_000, 1), "u1")
        dtype = h5py.string_dtype() if kept == "by reference" else "S9"
        packing = {"compression": "gzip"} if kept == "deflated" else {}
        file.create_dataset(
            "targets", data=texts.astype(object if kept == "by reference" else "S9"), dtype=dtype, **packing
        )
    found = read_hdf5(path)["all"].targets
    assert found is not None
    assert found.tolist() == texts.tolist()


@pytest.mark.parametrize("packing", [("gzip",), ("lzf",), (None,)], ids=str)
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("fletcher32", [False, True])
def test_chunks_as_h5py_packs_them_are_read(
    packing: tuple[str | None], shuffle: bool, fletcher32: bool, tmp_path: Path
) -> None:
    path, inputs = tmp_path / "rows.h5", np.random.default_rng(1).integers(0, 9, (50, 7)).astype("f8")
    inputs[:10] = np.random.default_rng(2).normal(size=(10, 7))
    with h5py.File(path, "w") as file:
        options = {"compression": packing[0], "shuffle": shuffle, "fletcher32": fletcher32}
        file.create_dataset("inputs", data=inputs, chunks=(8, 3), **options)
        file["targets"] = np.arange(50) % 2
    assert np.array_equal(read_hdf5(path)["all"].inputs.values, inputs)


def test_what_is_foreign_and_not_read_does_not_matter(tmp_path: Path) -> None:
    """Links to elsewhere, named types, sequences and references next to the rows."""
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        rows(file)
        file["soft"], file["other"] = h5py.SoftLink("/inputs"), h5py.ExternalLink("nowhere.h5", "/")
        file["type"] = np.dtype("f4")
        file.create_dataset("sequences", (3,), h5py.vlen_dtype("f4"))
        file["references"] = np.array([file["inputs"].ref], dtype=h5py.ref_dtype)
        file["inputs"].attrs["reference"] = file["targets"].ref
        file.create_dataset("many axes", (1,) * 32, "f4")
    assert len(read_hdf5(path)["all"].inputs) == 20


def test_a_filter_that_only_a_heap_names_is_one_of_hdf5s_own_or_refused(tmp_path: Path) -> None:
    """HDF5 does not tell of it: deflate is undone, and anything else is not there."""
    path = tmp_path / "rows.h5"
    hidden_filter(path, 1)
    with h5py.File(path) as file:
        assert not get_filters(file["g"])
        names = list(file["g"])
    assert names == [f"{index:03}" * 300 for index in range(100)]
    assert len(read_hdf5(path)["all"].inputs) == 20


def test_a_filter_that_is_not_known_is_refused_on_a_group_too(tmp_path: Path) -> None:
    filtered_group(tmp_path / "rows.h5", 3)
    assert "/g: the group: unsupported filter: " in refusal(tmp_path / "rows.h5")
