"""A network without preprocessing, such as one from another framework."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path

import numpy as np

from nntrain import __version__
from nntrain.checkpoint.error_location import add_checkpoint_location
from nntrain.checkpoint.layout import Tree
from nntrain.compute.array import Array, Value
from nntrain.compute.threads import configure_compute
from nntrain.data.loading import open_disk_reader
from nntrain.data.raw_array_dataset import select_split
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.streaming.memory_budget import fits_in_memory
from nntrain.data.targets.class_target import ClassTarget
from nntrain.errors import DataError, ModuleError
from nntrain.exchange.exchange_network import ExchangeNetwork
from nntrain.nn.criterions.class_nll_criterion import ClassNLLCriterion
from nntrain.nn.network_ends import find_last_module
from nntrain.training.row_limit import RowLimit, forward_rows
from nntrain.training.tasks.classification import Classification
from nntrain.training.trained_network import build_model_tree, restore_criterion, restore_model

# The types of written numbers, by the kind of their arrays.
WIDE_TYPES = {"f": np.float64, "i": np.int64, "u": np.int64}


def build_raw_tree(network: ExchangeNetwork) -> Tree:
    """Return the tree of a checkpoint without preprocessing."""
    criterion = None if network.criterion is None else network.criterion.spec()
    return {"nntrain": __version__, "network": build_model_tree(network.model), "criterion": criterion}


def restore_raw_network(tree: Tree, where: str) -> ExchangeNetwork:
    """Return the network of such a tree. CheckpointError if it is invalid, PluginError if a class is not installed."""
    with add_checkpoint_location(where):
        spec = tree["criterion"]
        criterion = None if spec is None else restore_criterion(spec, 1)
        return ExchangeNetwork(restore_model(tree, where), criterion)


def predict_raw(
    network: ExchangeNetwork, path: Path, memory: int, limit: RowLimit, inputs: str | None = None
) -> Iterator[Mapping[str, Array]]:
    """Yield blocks of the outputs for the rows of a file, whose numbers are the inputs.

    After a LogSoftMax: the class, counted from 1 as in Torch, and the probability of each; otherwise every output.
    A file that does not fit in ``memory`` bytes is read in chunks.
    DataError if the network does not accept the rows; CheckpointError if one row needs more than ``limit``.
    """
    model = network.model
    model.evaluate()
    leaf = find_last_module(model)
    by_class = leaf.has_class_axis and leaf.output_form == "log_probabilities"
    with configure_compute():
        for x in read_numbers(path, inputs, memory):
            try:
                for rows, y in forward_rows(model, build_batch_reader(x, model.type()), len(x), limit):
                    yield build_class_columns(y) if by_class and y.ndim == 2 else build_output_columns(y, rows, path)
            except ModuleError as error:
                problem = f"the network does not accept rows of shape {x.shape[1:]}: {error.to_line()}"
                raise DataError(f"{path}: {problem}") from error


def build_batch_reader(x: Array, dtype: str) -> Callable[[int, int], Array]:
    """Return a function that slices rows of ``x`` and converts them to a type."""
    return lambda start, stop: x[start:stop].astype(dtype)


def read_numbers(path: Path, inputs: str | None, memory: int) -> Iterator[Array]:
    """Read the inputs of an HDF5 file, or all columns of a table, at once or in chunks."""
    in_memory = fits_in_memory([path], memory)
    with nullcontext(DataReader()) if in_memory else open_disk_reader(memory) as reader:
        if DataFile.open(path).has_arrays(inputs):
            for x in select_split(reader.read_arrays(path, inputs, None, None), "test").inputs.iterate_chunks():
                if x.dtype.kind == "f" and np.isnan(x).any():
                    raise DataError(f"{path}: expected numbers, got NaN: the network has no preprocessing")
                yield x
            return
        table = reader.read_table(path)
        texts = [name for name, column in table.columns.items() if column.kind not in ("number", "boolean")]
        if texts:
            raise DataError(
                f"{path}: expected columns of numbers, got {texts[0]!r} of type {table.columns[texts[0]].kind}: "
                "the network has no preprocessing"
            )
        for chunk in table.iterate_chunks(list(table.columns)):
            yield np.column_stack([column.values.astype(np.float64) for column in chunk.columns.values()])


def build_class_columns(y: Array) -> Mapping[str, Array]:
    """Return the class of each row and the probabilities of all classes."""
    labels = [str(label) for label in range(1, y.shape[1] + 1)]
    target = ClassTarget("class", "number", labels, [0] * len(labels))
    return Classification(target, ClassNLLCriterion()).build_prediction_columns(y)


def build_output_columns(y: Value, rows: int, path: Path) -> Mapping[str, Array]:
    """Return every output as a column: y, or y[0], y[1][0], ..."""
    found = {}
    for name, array in iterate_leaves(y, "y"):
        if not array.ndim or len(array) != rows:
            raise DataError(f"{path}: expected one output per row, got shape {array.shape} for {rows} rows")
        values = array.astype(WIDE_TYPES.get(array.dtype.kind, array.dtype))
        for index in np.ndindex(values.shape[1:]):
            found[name + "".join(f"[{i}]" for i in index)] = values[(slice(None), *index)]
    return found


def iterate_leaves(y: Value, path: str) -> Iterator[tuple[str, Array]]:
    """Yield the arrays of a nested list, each with its path."""
    if isinstance(y, list):
        for index, item in enumerate(y):
            yield from iterate_leaves(item, f"{path}[{index}]")
    else:
        yield path, y
