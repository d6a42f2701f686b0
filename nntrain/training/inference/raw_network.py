"""A network without the preprocessing of its rows, such as one of another program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from nntrain import __version__
from nntrain.checkpoint.error_location import add_checkpoint_location
from nntrain.checkpoint.layout import Tree
from nntrain.compute.array import Array, Value
from nntrain.compute.threads import configure_compute
from nntrain.data.loading import IN_MEMORY_READER
from nntrain.data.preprocessing.array_preprocessor import iterate_chunks
from nntrain.data.raw_array_dataset import select_split
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.readers.hdf5.hdf5_layout import has_arrays
from nntrain.data.readers.table_reader import check_file
from nntrain.data.streaming.chunked_loading import open_disk_reader
from nntrain.data.streaming.memory_budget import fits_in_memory
from nntrain.data.targets.class_target import ClassTarget
from nntrain.data.writers.row_writer import ColumnBlock
from nntrain.errors import DataError, ModuleError
from nntrain.exchange.exchange_network import ExchangeNetwork
from nntrain.nn.criterions.class_nll_criterion import ClassNLLCriterion
from nntrain.nn.network_ends import find_last_module
from nntrain.training.row_limit import RowLimit, forward_rows
from nntrain.training.tasks.classification import Classification
from nntrain.training.trained_network import build_model_tree, restore_criterion, restore_model

__all__ = ["build_raw_tree", "predict_raw", "restore_raw_network"]


def build_raw_tree(network: ExchangeNetwork) -> Tree:
    """The tree of a checkpoint without data."""
    criterion = None if network.criterion is None else network.criterion.spec()
    return {"nntrain": __version__, "network": build_model_tree(network.model), "criterion": criterion}


def restore_raw_network(tree: Tree, where: str) -> ExchangeNetwork:
    """The network of such a tree. CheckpointError if there is none, PluginError if a class is not installed."""
    with add_checkpoint_location(where):
        spec = tree["criterion"]
        criterion = None if spec is None else restore_criterion(spec, 1)
        return ExchangeNetwork(restore_model(tree, where), criterion)


def predict_raw(
    network: ExchangeNetwork, path: Path, memory: int, limit: RowLimit, inputs: str | None = None
) -> Iterator[ColumnBlock]:
    """Blocks of the outputs for the rows of a file, whose numbers go in as they are.

    After a LogSoftMax: the class, counted from 1 as Torch does, and the probability of each; else every output.
    A file that does not fit into ``memory`` bytes is read piece by piece.
    DataError if the file has no rows of numbers that fit; CheckpointError if one row takes more than ``limit``.
    """
    model = network.model
    model.evaluate()
    leaf = find_last_module(model)
    by_class = leaf.has_class_axis and leaf.output_form == "log_probabilities"
    with configure_compute():
        for x in read_numbers(path, inputs, memory):
            with translate_module_errors(x, path):
                for rows, y in forward_rows(model, build_batch_reader(x, model.type()), len(x), limit):
                    yield build_class_columns(y) if by_class and y.ndim == 2 else build_output_columns(y, rows, path)


def build_batch_reader(x: Array, dtype: str) -> Callable[[int, int], Array]:
    """What gives rows of ``x`` in a type, from one number to before another."""
    return lambda start, stop: x[start:stop].astype(dtype)


@contextmanager
def translate_module_errors(x: Array, path: Path) -> Iterator[None]:
    """A context in which rows that do not go through a network are a DataError."""
    try:
        yield
    except ModuleError as error:
        what = " ".join(str(error).split())
        raise DataError(f"{path}: rows of shape {x.shape[1:]} do not go through the network: {what}") from error


def read_numbers(path: Path, inputs: str | None, memory: int) -> Iterator[Array]:
    """The inputs of an HDF5 file, or all columns of a table: all at once, or piece by piece."""
    check_file(path)
    if fits_in_memory([path], memory):
        yield from read_numbers_from(path, inputs, IN_MEMORY_READER)
    else:
        with open_disk_reader(memory) as (source, _):
            yield from read_numbers_from(path, inputs, source)


def read_numbers_from(path: Path, inputs: str | None, reader: DataReader) -> Iterator[Array]:
    """``numbers``, as ``source`` reads them."""
    if has_arrays(path, inputs):
        for x in iterate_chunks(select_split(reader.read_arrays(path, inputs, None, None), "test").inputs):
            if x.dtype.kind == "f" and np.isnan(x).any():
                raise DataError(f"{path}: the network came without preprocessing, and a number of the inputs is NaN")
            yield x
        return
    table = reader.read_table(path)
    texts = [name for name, column in table.columns.items() if column.kind not in ("number", "boolean")]
    if texts:
        raise DataError(
            f"{path}: the network came without preprocessing and takes numbers; the column {texts[0]!r} holds "
            f"{table.columns[texts[0]].kind}"
        )
    for piece in table.pieces(list(table.columns)):
        yield np.column_stack([column.values.astype(np.float64) for column in piece.columns.values()])


def build_class_columns(y: Array) -> ColumnBlock:
    """The class of each row and the probabilities of all."""
    labels = [str(label) for label in range(1, y.shape[1] + 1)]
    target = ClassTarget("class", "number", labels, [0] * len(labels))
    return Classification(target, ClassNLLCriterion()).build_prediction_columns(y)


def build_output_columns(y: Value, rows: int, path: Path) -> ColumnBlock:
    """Every output of a row as a column: y, or y[0], y[1][0], ..."""
    found = {}
    for name, array in iterate_leaves(y, "y"):
        if not array.ndim or len(array) != rows:
            raise DataError(f"{path}: the network gives outputs of shape {array.shape} for {rows} rows: not one a row")
        for index in np.ndindex(array.shape[1:]):
            found[name + "".join(f"[{i}]" for i in index)] = array[(slice(None), *index)].tolist()
    return found


def iterate_leaves(y: Value, path: str) -> Iterator[tuple[str, Array]]:
    """The arrays of a nested table, each with the way to it."""
    if isinstance(y, list):
        for index, item in enumerate(y):
            yield from iterate_leaves(item, f"{path}[{index}]")
    else:
        yield path, y
