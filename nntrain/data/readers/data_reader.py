"""From files to rows in memory; the base of the reader of files that do not fit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from nntrain.data.dims import Dims
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import FileOptions, ReadOptions
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.raw_array_dataset import RawArrayDataset, select_split
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.raw_table_dataset import RawTableDataset, get_split_kind
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.hdf5.hdf5_splits import read_hdf5
from nntrain.data.readers.table_reader import read_table
from nntrain.data.tables.data_table import TableStream
from nntrain.data.tables.raw_column import ValueKind
from nntrain.errors import DataError

# The keys that are for files of one kind only.
TABLE_OPTIONS = ("target", "label_separator", "ignore", "columns", *(field.name for field in fields(FileOptions)))
ARRAY_OPTIONS = ("inputs", "targets", "dims")


class DataReader:
    """Reads the rows of a run, or of another file as a preprocessor needs them. A table or an array is one chunk."""

    def read_table(self, path: Path, options: ReadOptions | None = None, *, only: Collection[str] = ()) -> TableStream:
        """Read a table, or the columns ``only`` of it. DataError, one line, if that fails."""
        return read_table(path, options, only=only)

    def read_arrays(
        self, path: Path, inputs: str | None, targets: str | None, dims: Dims | None, others: Sequence[str] = ()
    ) -> Mapping[str, RawArrayDataset]:
        """Read the arrays of an HDF5 file by group. DataError, one line, if that fails."""
        return read_hdf5(path, inputs, targets, dims, others)

    def check_row_count(self, path: Path | str, rows: int) -> None:
        """DataError if splitting and counting ``rows`` rows takes more memory than there is; these are in memory."""

    def read_groups(self, options: DataOptions, preprocessor: Preprocessor | None) -> dict[str, RawDataset]:
        """Read the rows of the file of a run: ``train``, and its other groups. DataError if none is for training."""
        path = Path(options.path)
        arrays = is_array_data(options, path, preprocessor)
        check_options(options, path, arrays=arrays)
        if not arrays:
            if preprocessor is None:
                return {"train": RawTableDataset.read_training(options, self.read_table)}
            split_by = get_split_kind(options)
            names = (None, None, options.file)
            return {"train": self.read_rows(path, preprocessor, *names, "train", need_targets=True, split_by=split_by)}
        groups: dict[str, RawDataset] = {
            **self.read_arrays(path, options.inputs, options.targets, options.dims, options.extra_datasets)
        }
        if "all" in groups:
            return {"train": groups["all"]}
        if "train" not in groups:
            raise DataError(f"{path}: no group 'train'; the groups are: {', '.join(groups)}")
        return groups

    def read_rows(
        self,
        path: Path,
        preprocessor: Preprocessor,
        inputs: str | None,
        targets: str | None,
        file: FileOptions | None,
        group: str,
        *,
        need_targets: bool,
        split_by: Mapping[str, ValueKind | None] | None = None,
    ) -> RawDataset:
        """Read the rows of another file as ``preprocessor`` needs them.

        Of an HDF5 file with groups, that is ``group``, or the only one. ``split_by``: the column by which the rows will
        be split, and its kind. DataError if these are arrays and a table is needed, or the reverse.
        """
        source = DataFile.open(path)
        is_table = preprocessor.reads_table and inputs is None and source.has_table
        if source.format == "hdf5" and not is_table:
            others = [preprocessor.weight] if preprocessor.weight is not None and need_targets else []
            return select_split(self.read_arrays(path, inputs, targets, preprocessor.dims, others), group)
        if preprocessor.reads_table:
            return RawTableDataset.read_like(
                preprocessor, path, file, need_target=need_targets, split_by=split_by, read=self.read_table
            )
        raise DataError(f"{path}: expected arrays of an HDF5 file, as in training, got a table")


def is_array_data(options: DataOptions, path: Path, preprocessor: Preprocessor | None) -> bool:
    """Return whether the file of a run contains arrays: as the preprocessor needs, else as the file looks."""
    source = DataFile.open(path)
    if preprocessor is None:
        return source.has_arrays(options.inputs or options.targets, options.extra_datasets)
    return source.format == "hdf5" and (not preprocessor.reads_table or not source.has_table)


def check_options(options: DataOptions, path: Path, *, arrays: bool) -> None:
    """DataError for an option of datasets where the file is a table, or of columns where it contains arrays."""
    names = TABLE_OPTIONS if arrays else ARRAY_OPTIONS
    for name in names:
        if getattr(options if hasattr(options, name) else options.file, name):
            found = "arrays of an HDF5 file, which have no columns" if arrays else "a table, which has no datasets"
            instead = "name the datasets with --inputs and --targets" if arrays else "name the column with --target"
            raise DataError(f"{path}: data.{name} is set, but the file contains {found}; remove it, and {instead}")
