"""Rows that do not fit into memory: encoded into a file of the cache, once, and read from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from nntrain.compute.denormals import is_flushing_denormals, set_flush_denormals
from nntrain.data.array_schema import ArraySchema
from nntrain.data.data_options import DataOptions
from nntrain.data.fingerprint import fingerprinting
from nntrain.data.load import cut_of, groups_of, rows_of
from nntrain.data.prepared import Prepared
from nntrain.data.rows import Rows
from nntrain.data.schema import Schema
from nntrain.data.streaming.cache import Cache, make_folder
from nntrain.data.streaming.damaged_cache_error import DamagedCacheError
from nntrain.data.streaming.disk_source import disk_source
from nntrain.data.streaming.encoded_file import EncodedFile
from nntrain.data.streaming.memory import check_rows, memory_for
from nntrain.data.streaming.write_encoded import kept_in, write_encoded
from nntrain.data.table_source import check_file
from nntrain.errors import DataError
from nntrain.files.temporary_folder import process_folder, remove_left, temporary_folder
from nntrain.files.whole_file import whole_file
from nntrain.refusal import reason_of
from nntrain.size_text import size_text

__all__ = ["load_streamed"]

Tell = Callable[[str], object]


def load_streamed(
    options: DataOptions, seed: int, schema: Schema | ArraySchema | None = None, tell: Tell = str
) -> Prepared:
    """``load`` for data of any size. The encoded rows are those of ``load``, and they stay in the cache.

    A file of the cache that is damaged is built again, also if that is found only when its rows are read.
    """
    for path in options.paths:
        check_file(Path(path))
    with fingerprinting(*options.paths) as fingerprint:
        cache = Cache(options, seed, fingerprint)
        remove_left(cache.folder)
        found = kept(cache, cache.find(schema), tell)
        if found is None:
            tell(f"{options.path} does not fit into memory: its rows are encoded on the disk, which is done once.")
        file = found or encoded(cache, options, seed, schema, tell)
        same = fingerprint()
    file.renewed = partial(renewed, options, seed, tell)
    told = size_text(file.path.stat().st_size) if found is None else "made by an earlier run"
    notes = [*file.notes, f"the rows are read in blocks from {file.path}, {told}"]
    parts = file.parts
    return Prepared(file.schema, parts["train"], parts.get("validation"), parts.get("test"), same, notes)


def kept(cache: Cache, path: Path | None, tell: Tell) -> EncodedFile | None:
    """The file of the cache at ``path``, if it is there, intact, and follows from what its name says."""
    if path is None or not path.is_file():
        return None
    try:
        file = EncodedFile(path)
        if (path, file.key) != (cache.place(file.schema), cache.key(file.schema)):
            raise DamagedCacheError(f"the cache file {path} is damaged (its rows are others than its name says)")
    except DamagedCacheError as error:
        tell(f"{error}; it is built again")
        with suppress(OSError):  # it may be in a folder that cannot be written to
            path.unlink()
        return None
    return file


def encoded(
    cache: Cache, options: DataOptions, seed: int, schema: Schema | ArraySchema | None, tell: Tell
) -> EncodedFile:
    """Read, split, fit and encode piece by piece into the file where these rows belong."""
    with making(cache, tell) as folder, ExitStack() as open_files:
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
        # Other options, or another process, may have led to the same file.
        file = kept(cache, place, tell) if schema is None else None
        if file is None:
            with kept_in(cache.folder), whole_file(place, private=True) as new:
                write_encoded(new, cache.key(fitted), fitted, whole, cuts, others, cut.notes)
            file = written(place)
    if schema is None:
        cache.remember(place)
    return file


@contextmanager
def making(cache: Cache, tell: Tell) -> Iterator[Path]:
    """A folder for what is needed while a file of the cache is made; the folder of the process if there is no cache."""
    with ExitStack() as stack:
        try:
            make_folder(cache.folder)
            folder = stack.enter_context(temporary_folder(cache.folder, "making-"))
        except OSError as error:
            tell(
                f"the cache {cache.folder} cannot be written to ({reason_of(error)}): the rows are kept in a temporary "
                "folder until this command ends; choose another folder with data.cache or NNTRAIN_CACHE"
            )
            cache.folder = process_folder()
            folder = stack.enter_context(temporary_folder(cache.folder, "making-"))
        yield folder


def written(place: Path) -> EncodedFile:
    """A file that was just written. DataError if the disk does not give it back."""
    try:
        return EncodedFile(place)
    except DamagedCacheError as error:
        raise DataError(f"{error}, just after it was written; choose another disk with data.cache") from error


def renewed(options: DataOptions, seed: int, tell: Tell, file: EncodedFile, damage: str) -> EncodedFile:
    """The file of the same rows, built again from the data. DataError if they have changed since."""
    tell(f"{damage}; it is built again")
    with as_when_loading(), fingerprinting(*options.paths) as fingerprint:
        cache = Cache(options, seed, fingerprint)
        if cache.key(file.schema) != file.key:
            raise DataError(f"{damage}, and {options.path} has changed since; put the old file back and resume the run")
        new = encoded(cache, options, seed, file.schema, tell)
        fingerprint()
    return new


@contextmanager
def as_when_loading() -> Iterator[None]:
    """A context in which small numbers are computed with as in ``load``, which is not in training."""
    before = is_flushing_denormals()
    set_flush_denormals(False)
    try:
        yield
    finally:
        set_flush_denormals(before)
