"""The rows of a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.error_location import add_location
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import FileOptions, ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.preprocessing.table_preprocessor import TablePreprocessor, check_names, check_present
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.splits.split_indices import find_rows
from nntrain.data.tables.column_statistics import count_distinct
from nntrain.data.tables.data_table import DataTable, ReadTable, TableStream, find_missing_rows
from nntrain.data.tables.raw_column import ValueKind, ValueStream
from nntrain.data.targets.class_target import encode_classes
from nntrain.data.targets.target import TaskType
from nntrain.data.targets.task_inference import resolve_task
from nntrain.errors import DataError


@dataclass(frozen=True)
class RawTableDataset(RawDataset):
    """Rows of ``table`` with all ``targets``. ``task_decision``: the task and the reasons, if they are known."""

    table: TableStream
    targets: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    task_decision: tuple[TaskType, list[str]] | None = None

    @classmethod
    def read_training(cls, options: DataOptions, read: ReadTable) -> Self:
        """Read the training rows of a run. Default target: the last column."""
        read_options = build_read_options(options)
        table = read(Path(options.path), read_options)
        check_names(table, options)
        targets = options.target_names or (list(table.columns)[-1],)
        table, decision = read_written_classes(table, targets, options, read_options, read)
        return replace(cls.from_table(table, targets), task_decision=decision)

    @classmethod
    def read_like(
        cls,
        preprocessor: Preprocessor,
        path: Path,
        file: FileOptions | None,
        *,
        need_target: bool = True,
        split_by: Mapping[str, ValueKind | None] | None = None,
        read: ReadTable,
    ) -> Self:
        """Read the columns of any file that ``preprocessor`` uses, in its formats.

        ``split_by``: the column by which the rows will be split, and its kind.
        """
        targets = preprocessor.get_target_kinds()
        kinds = {
            name: kind for name, kind in preprocessor.get_value_kinds().items() if need_target or name not in targets
        }
        others = split_by or {}
        formats = {name: ColumnFormat(kind=kind) for name, kind in others.items() if kind is not None}
        formats |= {name: preprocessor.get_format(name, kind).without_separators() for name, kind in kinds.items()}
        file = file or FileOptions()
        if file.header is None and preprocessor.header is False:
            file = replace(file, header=False)
        options = ReadOptions(file, formats, preprocessor.formats, preprocessor.get_labels())
        table = read(path, options, only={*kinds, *others})
        used = tuple(preprocessor.target.names) if need_target else ()
        with add_location(table.path):
            check_present(used, table, "which the network predicts")
        return cls.from_table(table, used)

    @classmethod
    def from_table(cls, table: TableStream, targets: tuple[str, ...]) -> Self:
        """Return the rows with all targets. DataError if there are none."""
        if not targets:
            return cls(table, ())
        missing = find_missing_rows(table, targets)
        if missing.all():
            raise DataError(f"{table.path}: the target {', '.join(targets)!r} has no value in any row")
        if not missing.any():
            return cls(table, targets)
        names = " or no ".join(map(repr, targets))
        note = f"{table.path}: {int(missing.sum())} of {table.rows} rows have no {names} and are dropped"
        return cls(table.take(find_rows(missing, 0)), targets, [note])

    @property
    def count(self) -> int:
        return self.table.rows

    def take(self, index: Array) -> Self:
        return replace(self, table=self.table.take(index), notes=[])

    def fit(self, index: Array, options: DataOptions) -> TablePreprocessor:
        task, notes = self._resolve_task(options)
        ignore = (*options.ignore, *get_excluded_columns(options))
        chosen = replace(options, target=self.targets, task=task, ignore=ignore)
        preprocessor = TablePreprocessor.fit(self.table, index, chosen)
        notes = [*self.table.notes, *notes]
        if options.target is None:
            notes = [f"the target is the last column, {self.targets[0]!r}; another one: --target NAME", *notes]
        preprocessor.notes[:0] = notes
        return preprocessor

    def get_stratify_labels(self, options: DataOptions, preprocessor: Preprocessor | None) -> Array | None:
        task = preprocessor.target.task if preprocessor else self._resolve_task(options)[0]
        return encode_classes(self.table.columns[self.targets[0]]) if task == "classification" else None

    def get_column(self, name: str) -> ValueStream:
        return self.table.column(name)

    def iterate_chunks(self, preprocessor: Preprocessor) -> Iterator[Self]:
        names = [name for name in self.table.columns if name in preprocessor.get_value_kinds()]
        for chunk in self.table.iterate_chunks(names, preprocessor.count_row_bytes()):
            yield type(self)(chunk, self.targets)

    def encode(self, preprocessor: Preprocessor, *, need_targets: bool = True) -> Dataset:
        if not isinstance(preprocessor, TablePreprocessor):
            raise DataError(f"{self.table.path}: expected arrays of an HDF5 file, as in training, got a table")
        assert isinstance(self.table, DataTable), "rows on disk are encoded in chunks"
        inputs = preprocessor.encode_inputs(self.table)
        if not need_targets:
            return Dataset(inputs, None, self.count)
        return Dataset(
            inputs, preprocessor.encode_target(self.table), self.count, weights=preprocessor.encode_weights(self.table)
        )

    def _resolve_task(self, options: DataOptions) -> tuple[TaskType, list[str]]:
        """Return the task, and notes with the reasons for the user."""
        if self.task_decision is not None:
            return self.task_decision
        with add_location(self.table.path):
            return resolve_task(
                [self.table.column(name) for name in self.targets], options.task, options.label_separator
            )


def read_written_classes(
    table: TableStream, targets: tuple[str, ...], options: DataOptions, read_options: ReadOptions, read: ReadTable
) -> tuple[TableStream, tuple[TaskType, list[str]] | None]:
    """Return the table with the classes of the file, e.g. 'True' and '1.0', and the task if it is inferred here.

    A column in which several strings are one value, such as 1 and 1.0, stays as it is, unless the task is set to
    classification.
    """
    undeclared = [name for name in targets if read_options.formats.get(name, ColumnFormat()).kind is None]
    parsed = {name: table.column(name) for name in undeclared if table.column(name).kind != "text"}
    if not parsed or options.task == "regression":
        return table, None
    as_classes = options.task == "classification" or all(column.kind == "time" for column in parsed.values())
    with add_location(table.path):
        decision = None if as_classes else resolve_task([table.column(name) for name in targets], options.task)
    if decision is not None and decision[0] == "regression":
        return table, None
    formats = {name: replace(read_options.formats.get(name, ColumnFormat()), kind="text") for name in parsed}
    path = Path(options.path)
    written = read(path, replace(read_options, formats={**read_options.formats, **formats}), only=list(parsed))
    chosen = {
        name: formats[name]
        for name, column in parsed.items()
        if as_classes or column.kind == "time" or count_distinct(column) == count_distinct(written.column(name))
    }
    if not chosen:
        return table, decision
    if not isinstance(table, DataTable) or not isinstance(written, DataTable):
        return read(path, replace(read_options, formats={**read_options.formats, **chosen})), decision
    columns = table.columns | {name: written.columns[name] for name in chosen}
    return replace(table, columns=columns, formats={**table.formats, **chosen}), decision


def build_read_options(options: DataOptions) -> ReadOptions:
    """Return the options for reading the file. Unused columns are read as text, which never fails."""
    formats = {
        name: ColumnFormat(column.kind, column.decimal, column.thousands, time=column.format, missing=column.missing)
        for name, column in options.columns.items()
    }
    kinds: dict[str, ValueKind] = dict.fromkeys(options.ignore, "text")
    if options.label_separator is not None or options.task == "classification":
        kinds |= dict.fromkeys(options.target_names, "text")
    if options.sample_weight is not None:
        kinds[options.sample_weight] = "number"
    kinds |= {name: kind for name, kind in get_split_kind(options).items() if kind is not None}
    split_options = options.columns.get(options.split_column or "", ColumnOptions())
    if options.split == "time" and options.split_column in options.ignore and not split_options.has_kind:
        kinds.pop(str(options.split_column), None)
    for name, kind in kinds.items():
        format_ = formats.get(name, ColumnFormat())
        formats[name] = replace(format_, kind=kind if name in options.ignore else format_.kind or kind)
    return ReadOptions(options.file, formats)


def get_excluded_columns(options: DataOptions) -> tuple[str, ...]:
    """Return the column by which rows are split, if it has no other use."""
    name = options.split_column
    used = options.split_input or name in options.target_names or name == options.sample_weight
    return () if name is None or used else (name,)


def get_split_kind(options: DataOptions) -> dict[str, ValueKind | None]:
    """Return the kind of the column by which rows are split; None: inferred from its values.

    Keys and names of sets are read as text, so that added rows do not change their kind.
    """
    if options.split_column is None:
        return {}
    column = options.columns.get(options.split_column, ColumnOptions())
    if column.has_kind:
        return {options.split_column: column.kind}
    as_text = options.split != "time" and bool(get_excluded_columns(options))
    return {options.split_column: "text" if as_text else None}
