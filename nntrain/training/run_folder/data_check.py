"""Check that the data files of a run have not changed since it was trained."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nntrain.data.fingerprint import HASH_ALGORITHM, combine_fingerprints, compute_sampled_fingerprint
from nntrain.data.options.data_options import DataOptions
from nntrain.data.streaming.memory_budget import is_streamed
from nntrain.errors import DataError
from nntrain.training.run_folder.run_folder import RunFolder

Data = TypeVar("Data")


def read_unchanged(
    folder: RunFolder,
    options: DataOptions,
    instead: str,
    read: Callable[[], Data],
    fingerprint: Callable[[Data], str],
) -> Data:
    """Read the rows of a run with ``read``; ``fingerprint`` returns that of the files that it read.

    DataError, with the advice ``instead``, if these are not the files of the run, also if ``read`` fails on them.
    """
    for path in options.paths:
        if not Path(path).exists():
            raise DataError(f"{path}: no such file; restore it, or {instead}")
    try:
        data = read()
    except DataError:
        check_data_unchanged(folder, options, combine_fingerprints(options.paths), instead)
        raise
    check_data_unchanged(folder, options, fingerprint(data), instead)
    return data


def check_data_unchanged(folder: RunFolder, options: DataOptions, fingerprint: str, instead: str) -> None:
    """DataError, with the advice ``instead``, unless the files with that fingerprint are those of the run.

    A random split of other rows puts training rows into the test set, which inflates its scores.
    """
    if not is_data_unchanged(folder, options, fingerprint):
        before: str = folder.read_metadata()["data"]["fingerprint"]
        raise DataError(
            f"{folder.path}: the data has changed since the run started (sha256 {before[:12]}, now {fingerprint[:12]} "
            f"in {options.path}), so another split could put training rows into the test set; "
            f"restore the old file, or {instead}"
        )


def is_data_unchanged(folder: RunFolder, options: DataOptions, fingerprint: str) -> bool:
    """Whether the files with that fingerprint are those of the run, according to ``run.json``."""
    before = folder.read_metadata()["data"]["fingerprint"]
    if is_sampled(folder, options) and fingerprint != before:
        return bool(combine_fingerprints(options.paths, compute_sampled_fingerprint) == before)
    return bool(fingerprint == before)


def is_sampled(folder: RunFolder, options: DataOptions) -> bool:
    """Whether ``run.json`` is from an older nntrain, which hashed only samples of a streamed file."""
    return folder.read_metadata()["data"].get("hash") != HASH_ALGORITHM and is_streamed(options)


def find_run_folder(path: Path) -> RunFolder | None:
    """Return the run whose folder or ``config.toml`` a path is."""
    folder = RunFolder(path if path.is_dir() else path.parent)
    if path not in (folder.path, folder.config) or not os.path.lexists(folder.metadata):
        return None
    folder.check_run()
    return folder
