"""Rows that do not fit into memory: encoded into a file of the cache, once, and read from there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from nntrain.data.array_schema import ArraySchema
from nntrain.data.data_options import DataOptions
from nntrain.data.fingerprint import fingerprinting
from nntrain.data.load import cut_of, groups_of, rows_of
from nntrain.data.prepared import Prepared
from nntrain.data.rows import Rows
from nntrain.data.schema import Schema
from nntrain.data.streaming.cache import Cache
from nntrain.data.streaming.disk_source import disk_source
from nntrain.data.streaming.encoded_file import read_encoded, write_encoded
from nntrain.data.streaming.memory import check_rows, memory_for
from nntrain.files.temporary_folder import remove_left, temporary_folder
from nntrain.files.whole_file import whole_file

__all__ = ["load_streamed"]


def load_streamed(
    options: DataOptions,
    seed: int,
    schema: Schema | ArraySchema | None = None,
    tell: Callable[[str], object] = str,
) -> Prepared:
    """``load`` for data of any size. The encoded rows are those of ``load``, and they stay in the cache."""
    with fingerprinting(*options.paths) as fingerprint:
        cache = Cache(options, seed)
        remove_left(cache.folder)
        found = cache.find(schema)
        if found is None:
            tell(f"{options.path} does not fit into memory: its rows are encoded on the disk, which is done once.")
        path = found or encoded(cache, options, seed, schema)
        same = fingerprint()
    schema, parts, notes = read_encoded(path)
    told = "made by an earlier run" if found else f"{path.stat().st_size / 1e6:,.0f} MB"
    notes.append(f"the rows are read in blocks from {path}, {told}")
    return Prepared(schema, parts["train"], parts.get("validation"), parts.get("test"), same, notes)


def encoded(cache: Cache, options: DataOptions, seed: int, schema: Schema | ArraySchema | None) -> Path:
    """Read, split, fit and encode piece by piece into the file where these rows belong."""
    cache.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with temporary_folder(cache.folder, "making-") as folder, ExitStack() as open_files:
        source = disk_source(folder, memory_for(options), open_files)
        groups = groups_of(options, schema, source)
        check_rows(options.path, groups["train"].count, memory_for(options))
        cut = cut_of(groups, options, seed, schema)
        whole = groups["train"]
        fitted = schema or whole.fit(cut.train, options)
        cuts = {"train": cut.train, "validation": cut.validation, "test": cut.test}
        cuts = {name: index for name, index in cuts.items() if len(index)}
        others: dict[str, Rows] = {}
        for name in {"validation", "test"} - cuts.keys():
            rows = rows_of(name, cut.train[:0], groups, options, fitted, source)
            if rows is not None:
                others[name] = rows
        place = cache.place(fitted)
        if not place.is_file():
            with whole_file(place, private=True) as new:
                write_encoded(new, fitted, whole, cuts, others, cut.notes)
    if schema is None:
        cache.remember(place)
    return place
