"""The folder of encoded rows that are kept between runs, and the names of its files."""

import errno
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
from nntrain.files.temporary_folders import create_temporary_folder
from nntrain.hooks.registry import get_registry

# Options that affect the encoded rows only through the preprocessor, except the split column in ``columns``; and those
# that do not affect them.
PREPROCESSOR_OPTIONS = (
    *("target", "positive", "target_transform", "target_range", "task", "ignore", "columns"),
    *("one_hot_limit", "number_scaling", "text_features", "dtype"),
)
OTHER_OPTIONS = ("path", "validation_path", "test_path", "memory", "cache", "stream", "refit")

# Libraries that affect the values read from a file, or the last bits of results computed from them.
LIBRARIES = ("numpy", "duckdb", "h5py", "python-calamine", "pyarrow")

# Maximum bytes of a note: the name of a file and a hash.
MAX_NOTE_SIZE = 1000


class DatasetCache:
    """Finds encoded rows by a key: the content and the names of the files, the seed, the options of the split, the
    preprocessor, and the versions of nntrain, the libraries and the plugins that read the files.

    ``fingerprint`` returns the fingerprint of the files and is called when it is first needed. For runs without a
    preprocessor, a small note named after all options contains the name of their file. Any file may be deleted at any
    time.
    """

    def __init__(self, options: DataOptions, seed: int, fingerprint: Callable[[], str]) -> None:
        self.folder = Path(options.cache) if options.cache else get_default_cache_folder()
        self.fingerprint = fingerprint
        self._options = options
        values = asdict(options)
        # The name of a file determines its reader.
        names = {key: values[key] and Path(values[key]).name for key in ("path", "validation_path", "test_path")}
        common = [VERSION, get_versions(options), seed, names]
        excluded = (*PREPROCESSOR_OPTIONS, *OTHER_OPTIONS)
        self._split = [*common, {key: value for key, value in values.items() if key not in excluded}]
        self._whole = [*common, options.paths, {key: values[key] for key in values if key not in OTHER_OPTIONS}]

    def find(self, preprocessor: Preprocessor | None) -> Path | None:
        """Return the file of encoded rows, if it exists. If it cannot exist, the data files are not hashed."""
        start = hash_json(self._whole if preprocessor is None else self._split)
        if not any(self.folder.glob(f"{start}-*")):
            return None
        path = self._read_note() if preprocessor is None else self.get_path(preprocessor)
        return path if path is not None and path.is_file() else None

    def get_path(self, preprocessor: Preprocessor) -> Path:
        """Return the path of the file of the rows that ``preprocessor`` encodes."""
        return self.folder / f"{hash_json(self._split)}-{self.compute_key(preprocessor)[:32]}.h5"

    def compute_key(self, preprocessor: Preprocessor) -> str:
        """Return the hash of all that the encoded rows follow from."""
        state = preprocessor.state()
        return hash_json([self._split, self.fingerprint(), self._get_split_format(preprocessor), to_json(state)], 64)

    def write_note(self, path: Path) -> None:
        """Write the name of the file that the options lead to, if the folder is writable."""
        with suppress(OSError), write_atomically(self._note, private=True) as new:
            new.write_text(f"{path.name} {self._sign(path.name)}", encoding="ascii")

    def _read_note(self) -> Path | None:
        """Return the file that the note names; None for a note that is missing, corrupt, a link, a pipe or a device."""
        try:
            with open(open_own_file(self._note, os.O_RDONLY), "rb") as file:
                name, _, signature = file.read(MAX_NOTE_SIZE).decode("ascii", "replace").partition(" ")
        except (OSError, RunError):
            return None
        return self.folder / name if signature == self._sign(name) else None

    @property
    def _note(self) -> Path:
        return self.folder / f"{hash_json(self._whole)}-{hash_json(self.fingerprint())}.txt"

    def _sign(self, name: str) -> str:
        return hash_json([self._whole, self.fingerprint(), name])

    def _get_split_format(self, preprocessor: Preprocessor) -> dict[str, Any] | None:
        """Return the options of the split column, unless the preprocessor contains its format."""
        name = self._options.split_column
        if name is None or (preprocessor.reads_table and name in preprocessor.get_value_kinds()):
            return None
        return asdict(self._options.columns.get(name, ColumnOptions()))


def get_versions(options: DataOptions) -> dict[str, str]:
    """Return the versions of nntrain, the libraries and the plugins that read the files."""
    found = {"nntrain": __version__}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    readers = (get_registry().find_by_suffix("source", Path(path)) for path in options.paths)
    return found | {reader.distribution: reader.version for reader in readers if reader is not None}


def hash_json(value: Any, length: int = 32) -> str:
    """Return the first ``length`` hexadecimal digits of the SHA-256 of a JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:length]


@contextmanager
def create_working_folder(cache: Path, prefix: str) -> Iterator[Path]:
    """Create a temporary folder in that of a cache. OSError if that fails, e.g. because a file has its name."""
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(cache)) from error
    with create_temporary_folder(cache, prefix) as folder:
        yield folder


def get_default_cache_folder() -> Path:
    """Return ``NNTRAIN_CACHE``; default: ``nntrain`` in the cache folder of the system."""
    if folder := os.environ.get("NNTRAIN_CACHE"):
        return Path(folder)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "nntrain" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "nntrain"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nntrain"
