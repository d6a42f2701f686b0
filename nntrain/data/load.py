"""The front door: files in, parts ready for a network out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

from nntrain.compute.threads import use_thread_pool
from nntrain.data.array import Array
from nntrain.data.array_rows import ArrayRows, choose
from nntrain.data.array_schema import ArraySchema
from nntrain.data.data_options import DataOptions
from nntrain.data.file_options import FileOptions
from nntrain.data.file_state import unchanged
from nntrain.data.fingerprint import fingerprint_of_all, fingerprinting
from nntrain.data.folds import split_fold
from nntrain.data.hdf5_layout import has_table, holds_arrays, is_hdf5
from nntrain.data.located import located
from nntrain.data.notes import unseen_notes
from nntrain.data.part import Part
from nntrain.data.prepared import Prepared
from nntrain.data.raw_column import Kind
from nntrain.data.rows import Rows
from nntrain.data.schema import Schema
from nntrain.data.source import Source
from nntrain.data.split_by_hash import split_by_hash
from nntrain.data.split_by_time import split_by_time
from nntrain.data.split_by_value import split_by_value
from nntrain.data.splits import Splits, split
from nntrain.data.streaming.memory import streams
from nntrain.data.table_rows import TableRows, split_kind
from nntrain.data.table_source import read_table
from nntrain.data.value_stream import ValueStream
from nntrain.errors import DataError

__all__ = ["IN_MEMORY", "cuts_of", "fingerprint_of", "load", "load_rows"]

# The keys that are for files of one sort only.
OF_TABLES = ("target", "separator", "ignore", "columns", *(field.name for field in fields(FileOptions)))
OF_ARRAYS = ("inputs", "targets", "dims")

IN_MEMORY = Source(read_table, ArrayRows.read)


@use_thread_pool()
def load(
    options: DataOptions,
    seed: int,
    schema: Schema | ArraySchema | None = None,
    groups: Mapping[str, Rows] | None = None,
    tell: Callable[[str], object] = str,
) -> Prepared:
    """Read, split, fit on the training rows, encode. With a ``schema`` nothing is fitted.

    ``groups``: the rows of the file, of ``groups_of``, if they are in memory already. ``tell`` receives a note before
    something that takes long.
    Rows that would not fit into memory are encoded into a file, once, and read from it.
    A part that has a file or a group of its own is not split off the training rows. DataError, one line, for
    whatever is wrong with a file or its rows.
    """
    if streams(options):
        from nntrain.data.streaming.load_streamed import load_streamed

        return load_streamed(options, seed, schema, tell)
    with fingerprinting(*options.paths) as fingerprint:
        schema, parts, notes, cuts = encoded(options, seed, schema, groups or groups_of(options, schema))
        same = fingerprint()
    return Prepared(schema, parts["train"], parts.get("validation"), parts.get("test"), same, notes, cuts)


def fingerprint_of(options: DataOptions) -> str:
    """The fingerprint of the files of a run, without reading their rows."""
    return fingerprint_of_all(options.paths)


def encoded(
    options: DataOptions, seed: int, schema: Schema | ArraySchema | None, groups: Mapping[str, Rows]
) -> tuple[Schema | ArraySchema, dict[str, Part], list[str], dict[str, Array]]:
    """The schema, fitted unless it is given, what it makes of every part, notes, and the rows of the parts."""
    whole = groups["train"]
    cut = cut_of(groups, options, seed, schema)
    schema = schema or whole.fit(cut.train, options)
    parts = {"train": whole.take(cut.train).encode(schema)}
    notes = [*whole.notes, *cut.notes, *schema.notes]
    for name, index in (("validation", cut.validation), ("test", cut.test)):
        rows = rows_of(name, index, groups, options, schema)
        if rows is not None:
            parts[name] = rows.encode(schema)
            notes += [*rows.notes, *unseen_notes(name, schema.unseen())]
    return schema, parts, notes, cuts_of(whole, cut)


def cuts_of(whole: Rows, cut: Splits) -> dict[str, Array]:
    """The rows of the file in each part; none where rows without a target were left out before it was cut."""
    return {} if whole.notes else {"train": cut.train, "validation": cut.validation, "test": cut.test}


@use_thread_pool()
def load_rows(
    path: str | Path,
    schema: Schema | ArraySchema,
    *,
    inputs: str | None = None,
    targets: str | None = None,
    need_targets: bool,
    file: FileOptions | None = None,
    part: str = "test",
) -> Part:
    """The rows of another file, encoded by ``schema``; without targets and weights unless these are needed.

    Rows of a table without a target are left out where targets are needed. Of an HDF5 file with groups it is
    ``part`` that is taken, else the whole, else the only group. DataError if the file changes meanwhile.
    """
    with unchanged(path):
        rows = rows_like(Path(path), schema, inputs, targets, file, part, need_targets=need_targets)
        return rows.encode(schema, need_targets=need_targets)


def rows_like(
    path: Path,
    schema: Schema | ArraySchema,
    inputs: str | None,
    targets: str | None,
    file: FileOptions | None,
    part: str,
    *,
    need_targets: bool,
    split_by: Mapping[str, Kind | None] | None = None,
    source: Source = IN_MEMORY,
) -> Rows:
    """The rows of another file, read as ``schema`` needs them. DataError if they are of the other sort."""
    if is_hdf5(path) and not (isinstance(schema, Schema) and inputs is None and has_table(path)):
        others = [schema.weight] if schema.weight is not None and need_targets else []
        return choose(source.arrays(path, inputs, targets, getattr(schema, "dims", None), others), part)
    if isinstance(schema, Schema):
        return TableRows.like(schema, path, file, need_target=need_targets, split_by=split_by, read=source.table)
    raise DataError(f"{path}: a table, but the network was trained on the arrays of an HDF5 file")


def groups_of(options: DataOptions, schema: Schema | ArraySchema | None, source: Source = IN_MEMORY) -> dict[str, Rows]:
    """The rows of the file of a run: ``train``, and what else it has in groups. DataError if none is for training."""
    path = Path(options.path)
    arrays = are_arrays(options, path, schema)
    check_sort(options, path, arrays=arrays)
    if not arrays:
        if schema is None:
            return {"train": TableRows.to_train(options, source.table)}
        names = (None, None, options.file)
        split_by = split_kind(options)
        return {"train": rows_like(path, schema, *names, "train", need_targets=True, split_by=split_by, source=source)}
    parts: dict[str, Rows] = {**source.arrays(path, options.inputs, options.targets, options.dims, options.beside)}
    if "all" in parts:
        return {"train": parts["all"]}
    if "train" not in parts:
        raise DataError(f"{path}: no group 'train'; the groups are: {', '.join(parts)}")
    return parts


def are_arrays(options: DataOptions, path: Path, schema: Schema | ArraySchema | None) -> bool:
    """Whether the file of a run holds arrays of HDF5: as the schema says, if there is one, or as the file looks."""
    if schema is None:
        return holds_arrays(path, options.inputs or options.targets, options.beside)
    return is_hdf5(path) and (isinstance(schema, ArraySchema) or not has_table(path))


def check_sort(options: DataOptions, path: Path, *, arrays: bool) -> None:
    """DataError for what is said of datasets where the file is a table, or of columns where it is arrays."""
    names = OF_TABLES if arrays else OF_ARRAYS
    for name in names:
        if getattr(options if hasattr(options, name) else options.file, name):
            sorts = "arrays of an HDF5 file, which have no columns" if arrays else "a table, which has no datasets"
            instead = "name the datasets with --inputs and --targets" if arrays else "name the column with --target"
            raise DataError(f"{path}: data.{name} is given, but the file holds {sorts}; {instead}, or leave it out")


def cut_of(groups: Mapping[str, Rows], options: DataOptions, seed: int, schema: Schema | ArraySchema | None) -> Splits:
    """The rows of the training group that are kept for parts without rows of their own."""
    whole = groups["train"]
    paths = {"validation": options.validation_path, "test": options.test_path}
    validation, test = (
        0.0 if paths[name] or name in groups else share
        for name, share in (("validation", options.validation), ("test", options.test))
    )
    if options.split_column is not None:
        cut = cut_by_column(whole.column(options.split_column), options, validation, test)
        for name, index in (("validation", cut.validation), ("test", cut.test)):
            if len(index) and (paths[name] or name in groups):
                what = f"{options.split_column!r} says that {len(index)} rows are for {name}"
                raise DataError(f"{options.path}: {what}, which has rows of its own; take one of them out")
        return cut
    labels = whole.labels(options, schema) if options.stratify else None
    with located(options.path):
        if options.folds and options.fold:
            if test == 0:
                raise DataError("folds are test rows, and these rows have test rows of their own, or none")
            numbers = {"folds": options.folds, "fold": options.fold}
            return split_fold(whole.count, **numbers, validation=validation, seed=seed, labels=labels)
        return split(whole.count, validation=validation, test=test, seed=seed, labels=labels)


def cut_by_column(column: ValueStream, options: DataOptions, validation: float, test: float) -> Splits:
    """The parts of the rows that follow from a column of theirs."""
    with located(options.path):
        if options.split == "column":
            return split_by_value(column, options.split_values)
        split = split_by_time if options.split == "time" else split_by_hash
        return split(column, validation=validation, test=test)


def rows_of(
    part: str,
    index: Array,
    groups: Mapping[str, Rows],
    options: DataOptions,
    schema: Schema | ArraySchema,
    source: Source = IN_MEMORY,
) -> Rows | None:
    """The rows of a part: its own file, else its own group, else the rows ``index`` of the training group."""
    path = options.validation_path if part == "validation" else options.test_path
    if path:
        names = (options.inputs, options.targets, options.file)
        return rows_like(Path(path), schema, *names, part, need_targets=True, source=source)
    if part in groups:
        return groups[part]
    return groups["train"].take(index) if len(index) else None
