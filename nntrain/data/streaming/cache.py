"""Where encoded rows are kept between runs, and under which names."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nntrain.data.array_schema import ArraySchema
from nntrain.data.data_options import DataOptions
from nntrain.data.fingerprint import sampled_fingerprint
from nntrain.data.schema import Schema
from nntrain.data.streaming.encoded_file import VERSION, as_json
from nntrain.data.table_source import check_file
from nntrain.files.whole_file import whole_file

__all__ = ["Cache"]

# What has no influence on how rows are split and encoded, beside the schema.
IN_THE_SCHEMA = (
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
ELSEWHERE = ("path", "validation_path", "test_path", "memory", "cache", "stream")


class Cache:
    """Encoded rows by what they follow from: the files, the seed, the options of the split, and the schema.

    Where no schema is known yet, a small file named after all options says which schema they led to.
    Any file of it may be deleted at any time.
    """

    def __init__(self, options: DataOptions, seed: int) -> None:
        self.folder = Path(options.cache) if options.cache else default_folder()
        paths = [Path(path) for path in (options.path, options.validation_path, options.test_path) if path]
        for path in paths:
            check_file(path)
        files = [(sampled_fingerprint(path), path.stat().st_mtime_ns) for path in paths]
        said = asdict(options)
        self._split = [VERSION, files, seed, {k: said[k] for k in said if k not in (*IN_THE_SCHEMA, *ELSEWHERE)}]
        self._whole = [VERSION, files, seed, {k: said[k] for k in said if k not in ELSEWHERE}]

    def find(self, schema: Schema | ArraySchema | None) -> Path | None:
        """The file of encoded rows, if there is one."""
        path = self._remembered() if schema is None else self.place(schema)
        return path if path and path.is_file() else None

    def place(self, schema: Schema | ArraySchema) -> Path:
        """Where rows that ``schema`` encodes belong."""
        return self.folder / f"{digest([self._split, as_json(schema.state())])}.h5"

    def remember(self, path: Path) -> None:
        """Note which file the options led to."""
        with whole_file(self._note, private=True) as new:
            new.write_text(path.name, encoding="ascii")

    def _remembered(self) -> Path | None:
        return self.folder / self._note.read_text(encoding="ascii") if self._note.is_file() else None

    @property
    def _note(self) -> Path:
        return self.folder / f"{digest(self._whole)}.txt"


def digest(value: Any) -> str:
    """A name that follows from JSON values."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


def default_folder() -> Path:
    """``NNTRAIN_CACHE``, or ``nntrain`` in the folder that the system has for caches."""
    told = os.environ.get("NNTRAIN_CACHE")
    if told:
        return Path(told)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "nntrain" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "nntrain"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nntrain"
