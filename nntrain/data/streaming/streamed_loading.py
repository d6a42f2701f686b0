"""Rows that do not fit into memory: encoded into a file of the cache, once, and read from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from nntrain.compute.denormals import is_flushing_denormals, set_flush_denormals
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.fingerprint import fingerprint_in_background
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.raw_splits import RawSplits
from nntrain.data.readers.data_file import DataFile
from nntrain.data.streaming.cache_file import CacheFile, CorruptCacheError
from nntrain.data.streaming.dataset_cache import DatasetCache, create_cache_folder
from nntrain.data.streaming.dataset_writer import report_cache_errors, write_cache_file
from nntrain.data.streaming.disk_reader import DiskReader
from nntrain.data.streaming.memory_budget import get_memory_limit
from nntrain.errors import DataError
from nntrain.files.atomic_write import write_atomically
from nntrain.files.temporary_folders import create_temporary_folder, get_process_folder, remove_stale_folders
from nntrain.formatting import format_size
from nntrain.system_limits import format_os_error

__all__ = ["load_streamed_data"]

Report = Callable[[str], object]


def load_streamed_data(
    options: DataOptions, seed: int, preprocessor: Preprocessor | None = None, tell: Report = str
) -> DatasetSplits:
    """``load`` for data of any size. The encoded rows are those of ``load``, and they stay in the cache.

    A file of the cache that is damaged is built again, also if that is found only when its rows are read.
    """
    for path in options.paths:
        DataFile.open(Path(path))
    with fingerprint_in_background(*options.paths) as fingerprint:
        cache = DatasetCache(options, seed, fingerprint)
        remove_stale_folders(cache.folder)
        found = open_cached(cache, cache.find(preprocessor), tell)
        if found is None:
            tell(f"{options.path} does not fit into memory: its rows are encoded on the disk, which is done once.")
        file = found or build_cache_file(cache, options, seed, preprocessor, tell)
        same = fingerprint()
    file.rebuild = partial(rebuild_cache_file, options, seed, tell)
    told = format_size(file.path.stat().st_size) if found is None else "made by an earlier run"
    notes = [*file.notes, f"the rows are read in blocks from {file.path}, {told}"]
    sets = file.datasets
    return DatasetSplits(file.preprocessor, sets["train"], sets.get("validation"), sets.get("test"), same, notes)


def open_cached(cache: DatasetCache, path: Path | None, tell: Report) -> CacheFile | None:
    """The file of the cache at ``path``, if it is there, intact, and follows from what its name says."""
    if path is None or not path.is_file():
        return None
    try:
        file = CacheFile(path)
        if (path, file.key) != (cache.place(file.preprocessor), cache.key(file.preprocessor)):
            raise CorruptCacheError(f"the cache file {path} is damaged (its rows are others than its name says)")
    except CorruptCacheError as error:
        tell(f"{error}; it is built again")
        with suppress(OSError):  # it may be in a folder that cannot be written to
            path.unlink()
        return None
    return file


def build_cache_file(
    cache: DatasetCache, options: DataOptions, seed: int, preprocessor: Preprocessor | None, tell: Report
) -> CacheFile:
    """Read, split, fit and encode piece by piece into the file where these rows belong."""
    memory = get_memory_limit(options)
    with create_build_folder(cache, tell) as folder, ExitStack() as open_files:
        reader = DiskReader(folder, memory, open_files)
        raw = RawSplits.read(options, seed, preprocessor, reader)
        place = cache.place(raw.preprocessor)
        # Other options, or another process, may have led to the same file.
        file = open_cached(cache, place, tell) if preprocessor is None else None
        if file is None:
            with report_cache_errors(cache.folder), write_atomically(place, private=True) as new:
                write_cache_file(new, cache.key(raw.preprocessor), raw)
            try:
                file = CacheFile(place)
            except CorruptCacheError as error:
                raise DataError(f"{error}, just after it was written; choose another disk with data.cache") from error
    if preprocessor is None:
        cache.remember(place)
    return file


@contextmanager
def create_build_folder(cache: DatasetCache, tell: Report) -> Iterator[Path]:
    """A folder for what is needed while a file of the cache is made; the folder of the process if there is no cache."""
    with ExitStack() as stack:
        try:
            create_cache_folder(cache.folder)
            folder = stack.enter_context(create_temporary_folder(cache.folder, "making-"))
        except OSError as error:
            tell(
                f"the cache {cache.folder} cannot be written to ({format_os_error(error)}): the rows are kept in a "
                "temporary folder until this command ends; choose another folder with data.cache or NNTRAIN_CACHE"
            )
            cache.folder = get_process_folder()
            folder = stack.enter_context(create_temporary_folder(cache.folder, "making-"))
        yield folder


def rebuild_cache_file(options: DataOptions, seed: int, tell: Report, file: CacheFile, damage: str) -> CacheFile:
    """The file of the same rows, built again from the data. DataError if they have changed since."""
    tell(f"{damage}; it is built again")
    with keep_denormals(), fingerprint_in_background(*options.paths) as fingerprint:
        cache = DatasetCache(options, seed, fingerprint)
        if cache.key(file.preprocessor) != file.key:
            raise DataError(f"{damage}, and {options.path} has changed since; put the old file back and resume the run")
        new = build_cache_file(cache, options, seed, file.preprocessor, tell)
        fingerprint()
    return new


@contextmanager
def keep_denormals() -> Iterator[None]:
    """A context in which small numbers are computed with as in ``load``, which is not in training."""
    before = is_flushing_denormals()
    set_flush_denormals(False)
    try:
        yield
    finally:
        set_flush_denormals(before)
