"""Rows of another file than that of a run, in pieces if it is large."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nntrain.data.dataset import Dataset
from nntrain.data.file_state import check_unchanged
from nntrain.data.loading import load_dataset, read_rows
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.streaming.cache_file import CacheFile
from nntrain.data.streaming.dataset_cache import create_cache_folder, get_default_cache_folder
from nntrain.data.streaming.dataset_writer import report_cache_errors, write_cache_file
from nntrain.data.streaming.disk_reader import create_disk_reader
from nntrain.data.streaming.memory_budget import check_rows, fits_in_memory
from nntrain.files.temporary_folders import create_temporary_folder

__all__ = ["load_dataset_chunks", "open_dataset", "open_disk_reader"]

# The part of a file with groups that is read.
SPLIT_NAME = "test"


def load_dataset_chunks(
    path: Path, schema: Preprocessor, memory: int, *, inputs: str | None = None
) -> Iterator[Dataset]:
    """Encoded inputs, in the order of the rows: all at once where they fit into ``memory``, else piece by piece.

    What the pieces are made from lies in the folder of the cache until the last is taken.
    """
    if fits_in_memory([path], memory):
        yield load_dataset(path, schema, inputs=inputs, need_targets=False)
        return
    with open_disk_reader(memory) as (source, _):
        rows = read_rows(path, schema, inputs, None, None, SPLIT_NAME, need_targets=False, reader=source)
        for piece in rows.iterate_chunks(schema):
            yield piece.encode(schema, need_targets=False)


@contextmanager
def open_dataset(
    path: Path,
    schema: Preprocessor,
    memory: int,
    *,
    inputs: str | None = None,
    targets: str | None = None,
) -> Iterator[tuple[Dataset, dict[str, int]]]:
    """Encoded rows with their targets, and the values never seen in training by column: in memory where they fit.

    Else they lie in a file in the folder of the cache until the end.
    """
    if fits_in_memory([path], memory):
        yield load_dataset(path, schema, inputs=inputs, targets=targets, need_targets=True), schema.count_unseen()
        return
    with check_unchanged(path), ExitStack() as kept:
        folder = kept.enter_context(create_reading_folder())
        with ExitStack() as open_files:
            source = create_disk_reader(folder, memory, open_files)
            rows = read_rows(path, schema, inputs, targets, None, SPLIT_NAME, need_targets=True, reader=source)
            check_rows(path, rows.count, memory)
            with report_cache_errors(get_default_cache_folder()):
                unseen = write_cache_file(folder / "rows.h5", "", schema, rows, {}, {SPLIT_NAME: rows})
        file = CacheFile(folder / "rows.h5")
        kept.callback(file.close)
        yield file.parts[SPLIT_NAME], unseen[SPLIT_NAME]


@contextmanager
def open_disk_reader(memory: int) -> Iterator[tuple[DataReader, Path]]:
    """What reads files that do not fit into ``memory``, and the folder where it keeps what it needs for a while."""
    with create_reading_folder() as folder, ExitStack() as open_files:
        yield create_disk_reader(folder, memory, open_files), folder


@contextmanager
def create_reading_folder() -> Iterator[Path]:
    """A folder for a while in that of the cache."""
    parent = get_default_cache_folder()
    with ExitStack() as stack:
        with report_cache_errors(parent):
            create_cache_folder(parent)
            folder = stack.enter_context(create_temporary_folder(parent, "reading-"))
        yield folder
