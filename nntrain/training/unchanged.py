"""Whether the files of a run are still the ones that it was trained on."""

from __future__ import annotations

import shlex
from pathlib import Path

from nntrain.config.config import Config
from nntrain.data.data_options import DataOptions
from nntrain.data.load import fingerprint_of
from nntrain.errors import DataError
from nntrain.training.run_folder import RunFolder

__all__ = ["check_unchanged", "folder_of_config", "is_unchanged", "recorded", "scoring_instead"]


def is_unchanged(folder: RunFolder, options: DataOptions) -> bool:
    """Whether all files of rows are there, and have the recorded content."""
    paths = filter(None, (options.path, options.validation_path, options.test_path))
    return all(Path(path).is_file() for path in paths) and fingerprint_of(options) == recorded(folder)


def check_unchanged(folder: RunFolder, options: DataOptions, instead: str) -> None:
    """DataError, with the command to use ``instead``, if a split would no longer be that of the run.

    A random split of other rows puts training rows into the test set, and scores on them are too good.
    """
    for path in filter(None, (options.path, options.validation_path, options.test_path)):
        if not Path(path).exists():
            raise DataError(f"{path}: no such file; put it back, or {instead}")
    if (now := fingerprint_of(options)) != (before := recorded(folder)):
        raise DataError(
            f"{folder.path}: {options.path} has changed since the run began (sha256 {before[:12]}, now {now[:12]}), so "
            f"another split would put training rows into the test set; put the old file back, or {instead}"
        )


def recorded(folder: RunFolder) -> str:
    """The fingerprint in ``run.json``."""
    before: str = folder.read_about()["data"]["fingerprint"]
    return before


def folder_of_config(path: Path) -> RunFolder | None:
    """The run whose folder, or whose ``config.toml``, a path is."""
    folder = RunFolder(path if path.is_dir() else path.parent)
    return folder if folder.about.is_file() and folder.begun and path in (folder.path, folder.config) else None


def scoring_instead(run: Path, config: Config) -> str:
    """The way to score a run whose rows have changed: on a file."""
    rows = config.data.test_path or "DATA"
    return f"score another file: nntrain evaluate {shlex.quote(str(run))} {shlex.quote(rows)}"
