"""Load data files as encoded rows for a network."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import numpy as np

from nntrain.compute.threads import use_thread_pool
from nntrain.data.dataset import Dataset
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.file_state import check_unchanged
from nntrain.data.fingerprint import fingerprint_in_background
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.raw_splits import RawSplits, get_row_indices
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.splits.split_indices import SplitIndices
from nntrain.data.streaming.cache_file import CacheFile
from nntrain.data.streaming.dataset_cache import create_working_folder, get_default_cache_folder
from nntrain.data.streaming.dataset_writer import report_cache_errors, write_cache_file
from nntrain.data.streaming.disk_reader import DiskReader
from nntrain.data.streaming.memory_budget import fits_in_memory, is_streamed
from nntrain.data.streaming.streamed_loading import load_streamed_data

# The group of a file with groups that is evaluated and predicted.
DEFAULT_GROUP = "test"

# Rows that are encoded at once for predictions: few, so that their inputs are still in the CPU caches for the network,
# and a multiple of the rows that it gets at once, which are then the same.
CHUNK_ROWS = 2**14


@use_thread_pool()
def load_data(
    options: DataOptions,
    seed: int,
    preprocessor: Preprocessor | None = None,
    raw: RawSplits | None = None,
    report: Callable[[str], object] = str,
) -> DatasetSplits:
    """Read, split, fit on the training rows, encode. With a ``preprocessor`` nothing is fitted.

    Rows that would not fit in memory are encoded into a file, once, and read from it. ``raw``: the rows, if they are in
    memory already. ``report`` receives a note before a long step. DataError, one line, for anything that is wrong with
    a file or its rows.
    """
    if raw is None and is_streamed(options):
        return load_streamed_data(options, seed, preprocessor, report)
    with fingerprint_in_background(*options.paths) as fingerprint:
        raw = raw or RawSplits.read(options, seed, preprocessor, DataReader())
        chunks = {chunk.split: chunk for chunk in raw.encode()}
        same = fingerprint()
    sets = {name: chunk.dataset for name, chunk in chunks.items()}
    notes = raw.build_notes({name: chunk.unseen for name, chunk in chunks.items()})
    rows = get_row_indices(raw.whole, raw.split)
    return DatasetSplits(raw.preprocessor, sets["train"], sets.get("validation"), sets.get("test"), same, notes, rows)


@use_thread_pool()
def load_dataset(
    path: str | Path,
    preprocessor: Preprocessor,
    *,
    inputs: str | None = None,
    targets: str | None = None,
    need_targets: bool,
) -> Dataset:
    """Load the rows of another file, without targets and sample weights unless these are needed.

    Rows of a table without a target are dropped where targets are needed. Of an HDF5 file with groups, ``test`` is
    loaded, or the only one. DataError if the file changes meanwhile.
    """
    with check_unchanged(path):
        rows = DataReader().read_rows(
            Path(path), preprocessor, inputs, targets, None, DEFAULT_GROUP, need_targets=need_targets
        )
        (chunk,) = rows.iterate_chunks(preprocessor)
        return chunk.encode(preprocessor, need_targets=need_targets)


def load_dataset_chunks(
    path: Path, preprocessor: Preprocessor, memory: int, *, inputs: str | None = None
) -> Iterator[Dataset]:
    """Load encoded inputs in chunks, in the order of the rows, which are read at once where they fit in ``memory``.

    Temporary files stay in the cache folder until the last chunk is taken.
    """
    names = (inputs, None, None, DEFAULT_GROUP)
    if fits_in_memory([path], memory):
        with use_thread_pool(), check_unchanged(path):
            rows = DataReader().read_rows(path, preprocessor, *names, need_targets=False)
        # Without rows, encoding finds what else is wrong.
        for begin in range(0, max(rows.count, 1), CHUNK_ROWS):
            chunk = rows.take(np.arange(begin, min(begin + CHUNK_ROWS, rows.count)))
            yield chunk.encode(preprocessor, need_targets=False)
        return
    with open_disk_reader(memory) as reader:
        for chunk in reader.read_rows(path, preprocessor, *names, need_targets=False).iterate_chunks(preprocessor):
            yield chunk.encode(preprocessor, need_targets=False)


@contextmanager
def open_dataset(
    path: Path, preprocessor: Preprocessor, memory: int, *, inputs: str | None = None, targets: str | None = None
) -> Iterator[tuple[Dataset, dict[str, int]]]:
    """Open encoded rows with their targets, and count unseen values by column: in memory where they fit.

    Else they are in a temporary file in the cache folder.
    """
    if fits_in_memory([path], memory):
        dataset = load_dataset(path, preprocessor, inputs=inputs, targets=targets, need_targets=True)
        yield dataset, preprocessor.count_unseen()
        return
    with check_unchanged(path), open_disk_reader(memory) as reader:
        rows = reader.read_rows(path, preprocessor, inputs, targets, None, DEFAULT_GROUP, need_targets=True)
        reader.check_row_count(path, rows.count)
        copy, none = reader.folder / "rows.h5", SplitIndices(*np.empty((3, 0), np.intp))
        with report_cache_errors(get_default_cache_folder()):
            unseen = write_cache_file(copy, "", RawSplits(preprocessor, rows, none, {DEFAULT_GROUP: rows}))
        # From now on, the rows are read from the copy.
        reader.open_files.close()
        with closing(CacheFile(copy)) as file:
            yield file.datasets[DEFAULT_GROUP], unseen[DEFAULT_GROUP]


@contextmanager
def open_disk_reader(memory: int) -> Iterator[DiskReader]:
    """Open a reader of files that do not fit in ``memory``, whose temporary files are in the cache folder."""
    parent = get_default_cache_folder()
    with ExitStack() as stack, ExitStack() as open_files:
        with report_cache_errors(parent):
            folder = stack.enter_context(create_working_folder(parent, "reading-"))
        yield DiskReader(folder, memory, open_files)
