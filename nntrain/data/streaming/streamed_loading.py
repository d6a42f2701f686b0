"""Load rows that do not fit in memory: encode them into a cache file, once, and read them from it."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from nntrain.compute.denormals import flush_denormals
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.fingerprint import fingerprint_in_background
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.raw_splits import RawSplits
from nntrain.data.readers.data_file import DataFile
from nntrain.data.streaming.cache_file import CacheFile, CorruptCacheError
from nntrain.data.streaming.dataset_cache import DatasetCache, create_working_folder
from nntrain.data.streaming.dataset_writer import report_cache_errors, write_cache_file
from nntrain.data.streaming.disk_reader import DiskReader
from nntrain.data.streaming.memory_budget import get_memory_limit
from nntrain.errors import DataError
from nntrain.files.atomic_write import write_atomically
from nntrain.files.temporary_folders import get_process_folder, remove_stale_folders
from nntrain.formatting import format_size
from nntrain.system_limits import format_os_error

Report = Callable[[str], object]


def load_streamed_data(
    options: DataOptions, seed: int, preprocessor: Preprocessor | None = None, report: Report = str
) -> DatasetSplits:
    """Load data of any size. The encoded rows are those of ``load_data``, and they stay in the cache.

    A corrupt cache file is rebuilt, even if the corruption is found only when its rows are read.
    """
    for path in options.paths:
        DataFile.open(Path(path))
    with fingerprint_in_background(*options.paths) as fingerprint:
        cache = DatasetCache(options, seed, fingerprint)
        remove_stale_folders(cache.folder)
        found = open_cache_file(cache, cache.find(preprocessor), report)
        if found is None:
            report(f"{options.path} does not fit in memory; its rows are encoded to disk once.")
        file = found or build_cache_file(cache, options, seed, preprocessor, report)
        same = fingerprint()
    file.rebuild = partial(rebuild_cache_file, options, seed, report)
    detail = format_size(file.path.stat().st_size) if found is None else "written by an earlier run"
    notes = [*file.notes, f"the rows are read in blocks from {file.path}, {detail}"]
    sets = file.datasets
    return DatasetSplits(file.preprocessor, sets["train"], sets.get("validation"), sets.get("test"), same, notes)


def open_cache_file(cache: DatasetCache, path: Path | None, report: Report) -> CacheFile | None:
    """Open the cache file ``path``; None if it does not exist, is corrupt, or does not match its name."""
    if path is None or not path.is_file():
        return None
    try:
        file = CacheFile(path)
        if (path, file.key) != (cache.get_path(file.preprocessor), cache.compute_key(file.preprocessor)):
            raise CorruptCacheError(f"the cache file {path} is corrupt (its rows do not match its name)")
    except CorruptCacheError as error:
        report(f"{error}; rebuilding it")
        with suppress(OSError):  # the folder may not be writable
            path.unlink()
        return None
    return file


def build_cache_file(
    cache: DatasetCache, options: DataOptions, seed: int, preprocessor: Preprocessor | None, report: Report
) -> CacheFile:
    """Read, split, fit, and encode in chunks into the cache file of these rows."""
    with ExitStack() as stack, ExitStack() as open_files:
        reader = DiskReader(enter_build_folder(stack, cache, report), get_memory_limit(options), open_files)
        raw = RawSplits.read(options, seed, preprocessor, reader)
        path = cache.get_path(raw.preprocessor)
        # Other options, or another process, may have led to the same file.
        file = open_cache_file(cache, path, report) if preprocessor is None else None
        if file is None:
            with report_cache_errors(cache.folder), write_atomically(path, private=True) as new:
                write_cache_file(new, cache.compute_key(raw.preprocessor), raw)
            try:
                file = CacheFile(path)
            except CorruptCacheError as error:
                raise DataError(f"{error} immediately after writing; choose another disk with data.cache") from error
    if preprocessor is None:
        cache.write_note(path)
    return file


def enter_build_folder(stack: ExitStack, cache: DatasetCache, report: Report) -> Path:
    """Create a temporary folder in the cache; if that is not writable, in the folder of the process, as the cache."""
    try:
        return stack.enter_context(create_working_folder(cache.folder, "making-"))
    except OSError as error:
        report(
            f"the cache {cache.folder} is not writable ({format_os_error(error)}): the rows are saved in a temporary "
            "folder until this command ends; choose another folder with data.cache or NNTRAIN_CACHE"
        )
        cache.folder = get_process_folder()
        return stack.enter_context(create_working_folder(cache.folder, "making-"))


def rebuild_cache_file(options: DataOptions, seed: int, report: Report, file: CacheFile, problem: str) -> CacheFile:
    """Rebuild a file from the data. DataError if the data have changed since."""
    report(f"{problem}; rebuilding it")
    # The file was encoded before training, with denormals.
    with flush_denormals(False), fingerprint_in_background(*options.paths) as fingerprint:
        cache = DatasetCache(options, seed, fingerprint)
        if cache.compute_key(file.preprocessor) != file.key:
            fix = "restore the old file and resume the run"
            raise DataError(f"{problem}, and {options.path} has changed since it was written; {fix}")
        new = build_cache_file(cache, options, seed, file.preprocessor, report)
        fingerprint()
    return new
