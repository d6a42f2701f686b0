"""Where encoded rows are kept between runs, and under which names."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nntrain import __version__
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.streaming.cache_file import VERSION, to_json
from nntrain.errors import RunError
from nntrain.files.atomic_write import write_atomically
from nntrain.files.own_files import open_own_file
from nntrain.hooks.registry import get_registry

__all__ = ["DatasetCache", "create_cache_folder", "get_default_cache_folder"]

# Options that do not change how rows are split and encoded, except through the preprocessor. Of ``columns``, only the
# column by which rows are split does.
PREPROCESSOR_OPTIONS = (
    "target",
    "positive",
    "target_transform",
    "target_range",
    "task",
    "ignore",
    "columns",
    "one_hot_limit",
    "text_features",
    "dtype",
)
OTHER_OPTIONS = ("path", "validation_path", "test_path", "memory", "cache", "stream")

# Where the values of a file, or the last bits of what is computed from them, come from.
LIBRARIES = ("numpy", "duckdb", "h5py", "python-calamine", "pyarrow")

# Bytes of a note: the name of a file, and two hashes at most.
MAX_NOTE_SIZE = 1000


class DatasetCache:
    """Encoded rows by what they follow from: the content and the names of the files, the seed, the options of the
    split, the preprocessor, and the versions of nntrain, of the libraries that read, and of the plugins that do.

    ``fingerprint`` returns that of the files, when it is first needed. Where no preprocessor is known yet, a small file
    named after all options contains the name of the file they led to. Any file of it may be deleted at any time.
    """

    def __init__(self, options: DataOptions, seed: int, fingerprint: Callable[[], str]) -> None:
        self.folder = Path(options.cache) if options.cache else get_default_cache_folder()
        self.fingerprint = fingerprint
        self._options = options
        said = asdict(options)
        # Which reader takes a file follows from its name.
        names = {key: said[key] and Path(said[key]).name for key in ("path", "validation_path", "test_path")}
        common = [VERSION, get_versions(options), seed, names]
        self._split = [*common, {key: said[key] for key in said if key not in (*PREPROCESSOR_OPTIONS, *OTHER_OPTIONS)}]
        self._whole = [*common, options.paths, {key: said[key] for key in said if key not in OTHER_OPTIONS}]

    def find(self, preprocessor: Preprocessor | None) -> Path | None:
        """The file of encoded rows, if there is one. Where there cannot be one, the files need not be hashed first."""
        start = hash_json(self._whole if preprocessor is None else self._split)
        if not any(self.folder.glob(f"{start}-*")):
            return None
        path = self._noted() if preprocessor is None else self.place(preprocessor)
        return path if path is not None and path.is_file() else None

    def place(self, preprocessor: Preprocessor) -> Path:
        """Where rows that ``preprocessor`` encodes belong."""
        return self.folder / f"{hash_json(self._split)}-{self.key(preprocessor)[:32]}.h5"

    def key(self, preprocessor: Preprocessor) -> str:
        """What follows from all that decides about the bits of encoded rows."""
        state = preprocessor.state()
        return hash_json([self._split, self.fingerprint(), self._splitting(preprocessor), to_json(state)], 64)

    def remember(self, path: Path) -> None:
        """Note which file the options led to, where the folder can be written to."""
        with suppress(OSError), write_atomically(self._note, private=True) as new:
            new.write_text(f"{path.name} {self._proof(path.name)}", encoding="ascii")

    def _noted(self) -> Path | None:
        """The file that was noted; None if there is no note, or it is damaged, a link, a pipe or a device."""
        try:
            with open(open_own_file(self._note, os.O_RDONLY), "rb") as file:
                name, _, proof = file.read(MAX_NOTE_SIZE).decode("ascii", "replace").partition(" ")
        except (OSError, RunError):
            return None
        return self.folder / name if proof == self._proof(name) else None

    @property
    def _note(self) -> Path:
        return self.folder / f"{hash_json(self._whole)}-{hash_json(self.fingerprint())}.txt"

    def _proof(self, name: str) -> str:
        return hash_json([self._whole, self.fingerprint(), name])

    def _splitting(self, preprocessor: Preprocessor) -> dict[str, Any] | None:
        """How the column by which rows are split is read, where the preprocessor does not say it."""
        name = self._options.split_column
        if name is None or (preprocessor.reads_table and name in preprocessor.get_value_kinds()):
            return None
        return asdict(self._options.columns.get(name, ColumnOptions()))


def get_versions(options: DataOptions) -> dict[str, str]:
    """The versions of all that reads and encodes the files."""
    found = {"nntrain": __version__}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    readers = (get_registry().find_by_suffix("source", Path(path)) for path in options.paths)
    return found | {reader.distribution: reader.version for reader in readers if reader is not None}


def hash_json(value: Any, length: int = 32) -> str:
    """A name that follows from JSON values."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:length]


def create_cache_folder(folder: Path) -> None:
    """Make the folder of a cache, unless it is there. OSError if it cannot be, such as in the place of a file."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error


def get_default_cache_folder() -> Path:
    """``NNTRAIN_CACHE``, or ``nntrain`` in the folder that the system has for caches."""
    told = os.environ.get("NNTRAIN_CACHE")
    if told:
        return Path(told)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "nntrain" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "nntrain"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nntrain"
