"""The front door: files in, parts ready for a network out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

from nntrain.compute.array import Array
from nntrain.compute.threads import use_thread_pool
from nntrain.data.dataset import Dataset, build_unseen_notes
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.error_location import add_location
from nntrain.data.file_state import check_unchanged
from nntrain.data.fingerprint import combine_fingerprints, fingerprint_in_background
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import FileOptions
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.raw_array_dataset import RawArrayDataset, select_split
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.raw_table_dataset import RawTableDataset, get_split_kind
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.readers.table_reader import read_table
from nntrain.data.splits.k_fold import split_k_fold
from nntrain.data.splits.split_by_hash import split_by_hash
from nntrain.data.splits.split_by_time import split_by_time
from nntrain.data.splits.split_by_value import split_by_value
from nntrain.data.splits.split_indices import SplitIndices, split_randomly
from nntrain.data.streaming.memory_budget import is_streamed
from nntrain.data.tables.raw_column import ValueKind
from nntrain.data.tables.value_stream import ValueStream
from nntrain.errors import DataError

__all__ = ["IN_MEMORY_READER", "compute_data_fingerprint", "get_row_indices", "load_data", "load_dataset"]

# The keys that are for files of one sort only.
TABLE_OPTIONS = ("target", "label_separator", "ignore", "columns", *(field.name for field in fields(FileOptions)))
ARRAY_OPTIONS = ("inputs", "targets", "dims")

IN_MEMORY_READER = DataReader(read_table, RawArrayDataset.read)


@use_thread_pool()
def load_data(
    options: DataOptions,
    seed: int,
    preprocessor: Preprocessor | None = None,
    groups: Mapping[str, RawDataset] | None = None,
    report: Callable[[str], object] = str,
) -> DatasetSplits:
    """Read, split, fit on the training rows, encode. With a ``preprocessor`` nothing is fitted.

    ``groups``: the rows of the file, of ``read_groups``, if they are in memory already. ``report`` receives a note
    before something that takes long.
    Rows that would not fit into memory are encoded into a file, once, and read from it.
    A part that has a file or a group of its own is not split off the training rows. DataError, one line, for
    whatever is wrong with a file or its rows.
    """
    if is_streamed(options):
        from nntrain.data.streaming.streamed_loading import load_streamed_data

        return load_streamed_data(options, seed, preprocessor, report)
    with fingerprint_in_background(*options.paths) as fingerprint:
        preprocessor, parts, notes, cuts = encode_splits(
            options, seed, preprocessor, groups or read_groups(options, preprocessor)
        )
        same = fingerprint()
    return DatasetSplits(preprocessor, parts["train"], parts.get("validation"), parts.get("test"), same, notes, cuts)


def compute_data_fingerprint(options: DataOptions) -> str:
    """The fingerprint of the files of a run, without reading their rows."""
    return combine_fingerprints(options.paths)


def encode_splits(
    options: DataOptions,
    seed: int,
    preprocessor: Preprocessor | None,
    groups: Mapping[str, RawDataset],
) -> tuple[Preprocessor, dict[str, Dataset], list[str], dict[str, Array]]:
    """The schema, fitted unless it is given, what it makes of every part, notes, and the rows of the parts."""
    whole = groups["train"]
    cut = split_rows(groups, options, seed, preprocessor)
    preprocessor = preprocessor or whole.fit(cut.train, options)
    parts = {"train": whole.take(cut.train).encode(preprocessor)}
    notes = [*whole.notes, *cut.notes, *preprocessor.notes]
    for name, index in (("validation", cut.validation), ("test", cut.test)):
        rows = get_split_rows(name, index, groups, options, preprocessor)
        if rows is not None:
            parts[name] = rows.encode(preprocessor)
            notes += [*rows.notes, *build_unseen_notes(name, preprocessor.count_unseen())]
    return preprocessor, parts, notes, get_row_indices(whole, cut)


def get_row_indices(whole: RawDataset, indices: SplitIndices) -> dict[str, Array]:
    """The rows of the file in each part; none where rows without a target were left out before it was cut."""
    return {} if whole.notes else {"train": indices.train, "validation": indices.validation, "test": indices.test}


@use_thread_pool()
def load_dataset(
    path: str | Path,
    preprocessor: Preprocessor,
    *,
    inputs: str | None = None,
    targets: str | None = None,
    need_targets: bool,
    file: FileOptions | None = None,
    split: str = "test",
) -> Dataset:
    """The rows of another file, encoded by ``schema``; without targets and weights unless these are needed.

    Rows of a table without a target are left out where targets are needed. Of an HDF5 file with groups it is
    ``part`` that is taken, else the whole, else the only group. DataError if the file changes meanwhile.
    """
    with check_unchanged(path):
        rows = read_rows(Path(path), preprocessor, inputs, targets, file, split, need_targets=need_targets)
        return rows.encode(preprocessor, need_targets=need_targets)


def read_rows(
    path: Path,
    preprocessor: Preprocessor,
    inputs: str | None,
    targets: str | None,
    file: FileOptions | None,
    split: str,
    *,
    need_targets: bool,
    split_by: Mapping[str, ValueKind | None] | None = None,
    reader: DataReader = IN_MEMORY_READER,
) -> RawDataset:
    """The rows of another file, read as ``schema`` needs them. DataError if they are of the other sort."""
    source = DataFile.open(path)
    is_table = preprocessor.reads_table and inputs is None and source.has_table
    if source.format == "hdf5" and not is_table:
        others = [preprocessor.weight] if preprocessor.weight is not None and need_targets else []
        return select_split(reader.read_arrays(path, inputs, targets, preprocessor.dims, others), split)
    if preprocessor.reads_table:
        return RawTableDataset.read_like(
            preprocessor, path, file, need_target=need_targets, split_by=split_by, read=reader.read_table
        )
    raise DataError(f"{path}: a table, but the network was trained on the arrays of an HDF5 file")


def read_groups(
    options: DataOptions, preprocessor: Preprocessor | None, reader: DataReader = IN_MEMORY_READER
) -> dict[str, RawDataset]:
    """The rows of the file of a run: ``train``, and what else it has in groups. DataError if none is for training."""
    path = Path(options.path)
    arrays = is_array_data(options, path, preprocessor)
    check_options(options, path, arrays=arrays)
    if not arrays:
        if preprocessor is None:
            return {"train": RawTableDataset.read_training(options, reader.read_table)}
        names = (None, None, options.file)
        split_by = get_split_kind(options)
        return {
            "train": read_rows(path, preprocessor, *names, "train", need_targets=True, split_by=split_by, reader=reader)
        }
    parts: dict[str, RawDataset] = {
        **reader.read_arrays(path, options.inputs, options.targets, options.dims, options.extra_datasets)
    }
    if "all" in parts:
        return {"train": parts["all"]}
    if "train" not in parts:
        raise DataError(f"{path}: no group 'train'; the groups are: {', '.join(parts)}")
    return parts


def is_array_data(options: DataOptions, path: Path, preprocessor: Preprocessor | None) -> bool:
    """Whether the file of a run holds arrays of HDF5: as the schema says, if there is one, or as the file looks."""
    source = DataFile.open(path)
    if preprocessor is None:
        return source.has_arrays(options.inputs or options.targets, options.extra_datasets)
    return source.format == "hdf5" and (not preprocessor.reads_table or not source.has_table)


def check_options(options: DataOptions, path: Path, *, arrays: bool) -> None:
    """DataError for what is said of datasets where the file is a table, or of columns where it is arrays."""
    names = TABLE_OPTIONS if arrays else ARRAY_OPTIONS
    for name in names:
        if getattr(options if hasattr(options, name) else options.file, name):
            sorts = "arrays of an HDF5 file, which have no columns" if arrays else "a table, which has no datasets"
            instead = "name the datasets with --inputs and --targets" if arrays else "name the column with --target"
            raise DataError(f"{path}: data.{name} is given, but the file holds {sorts}; {instead}, or leave it out")


def split_rows(
    groups: Mapping[str, RawDataset],
    options: DataOptions,
    seed: int,
    preprocessor: Preprocessor | None,
) -> SplitIndices:
    """The rows of the training group that are kept for parts without rows of their own."""
    whole = groups["train"]
    paths = {"validation": options.validation_path, "test": options.test_path}
    validation, test = (
        0.0 if paths[name] or name in groups else share
        for name, share in (("validation", options.validation), ("test", options.test))
    )
    if options.split_column is not None:
        cut = split_rows_by_column(whole.get_column(options.split_column), options, validation, test)
        for name, index in (("validation", cut.validation), ("test", cut.test)):
            if len(index) and (paths[name] or name in groups):
                what = f"{options.split_column!r} says that {len(index)} rows are for {name}"
                raise DataError(f"{options.path}: {what}, which has rows of its own; take one of them out")
        return cut
    labels = whole.get_stratify_labels(options, preprocessor) if options.stratify else None
    with add_location(options.path):
        if options.folds and options.fold:
            if test == 0:
                raise DataError("folds are test rows, and these rows have test rows of their own, or none")
            numbers = {"folds": options.folds, "fold": options.fold}
            return split_k_fold(whole.count, **numbers, validation=validation, seed=seed, labels=labels)
        return split_randomly(whole.count, validation=validation, test=test, seed=seed, labels=labels)


def split_rows_by_column(column: ValueStream, options: DataOptions, validation: float, test: float) -> SplitIndices:
    """The parts of the rows that follow from a column of theirs."""
    with add_location(options.path):
        if options.split == "column":
            return split_by_value(column, options.split_values)
        split = split_by_time if options.split == "time" else split_by_hash
        return split(column, validation=validation, test=test)


def get_split_rows(
    split: str,
    index: Array,
    groups: Mapping[str, RawDataset],
    options: DataOptions,
    preprocessor: Preprocessor,
    reader: DataReader = IN_MEMORY_READER,
) -> RawDataset | None:
    """The rows of a part: its own file, else its own group, else the rows ``index`` of the training group."""
    path = options.validation_path if split == "validation" else options.test_path
    if path:
        names = (options.inputs, options.targets, options.file)
        return read_rows(Path(path), preprocessor, *names, split, need_targets=True, reader=reader)
    if split in groups:
        return groups[split]
    return groups["train"].take(index) if len(index) else None
