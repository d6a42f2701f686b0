"""Predict the rows of a file."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import configure_compute
from nntrain.data.checks.unseen_values import build_unseen_notes
from nntrain.data.loading import load_dataset_chunks, open_disk_reader
from nntrain.data.streaming.memory_budget import fits_in_memory
from nntrain.data.writers.passthrough_columns import (
    ColumnBlock,
    PassthroughRows,
    prepend_columns,
    read_passthrough_columns,
    resolve_passthrough_names,
)
from nntrain.errors import ConfigError
from nntrain.exchange.exchange_network import ExchangeNetwork
from nntrain.training.inference.evaluation import get_memory, set_threshold
from nntrain.training.inference.network_loading import load_network
from nntrain.training.inference.raw_network import predict_raw
from nntrain.training.inference.row_explainer import RowExplainer
from nntrain.training.product_choice import restore_engine
from nntrain.training.row_limit import RowLimit
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.trained_network import TrainedNetwork, slice_rows

# Minimum number of cells of the blocks that are written, which have a cost each.
MIN_CELLS = 2**16


def predict_file(
    run: Path,
    data: Path,
    inputs: str | None = None,
    columns: Sequence[str] = (),
    memory: int | None = None,
    long_size: int | None = None,
    threshold: float | None = None,
    warn: Callable[[str], object] = str,
    explain: Callable[[TrainedNetwork], RowExplainer] | None = None,
) -> tuple[Iterator[ColumnBlock], list[str]]:
    """Return blocks of columns in the order of the rows, and notes on the data, complete after the last block.

    ``columns`` of the data precede the predictions. A file that does not fit in ``memory`` bytes (default: those of
    the run) is read in chunks. ``explain`` builds the source of more columns. DataError, instead of the first block, if
    there are no rows.
    """
    network = load_network(run, long_size=long_size, warn=warn)
    restore_engine(RunFolder(run))
    limit = RowLimit(str(run), memory, "give more with --memory")
    names = resolve_passthrough_names(data, columns)
    budget = get_memory(run, memory)
    if isinstance(network, ExchangeNetwork):
        if threshold is not None:
            raise ConfigError(
                f"--threshold {threshold:g}: expected a run, got a network without a target; remove the option"
            )
        if explain is not None:
            raise ConfigError("--explain: expected a run, got a network without training rows; remove the option")
        outputs = predict_raw(network, data, budget, limit, inputs)
        return add_kept_columns(data, names, budget, join_blocks(outputs)), list(network.notes)
    set_threshold(network, threshold).row_limit = limit
    notes: list[str] = []
    with configure_compute():
        explainer = None if explain is None else explain(network)

    def blocks() -> Iterator[Mapping[str, Array]]:
        unseen: Counter[str] = Counter()
        with configure_compute():
            for chunk in load_dataset_chunks(data, network.preprocessor, budget, inputs=inputs):
                unseen.update(network.preprocessor.count_unseen())
                start = 0
                for y in network.iterate_outputs(chunk.inputs):
                    found: Mapping[str, Array] = network.task.build_prediction_columns(y)
                    if explainer is not None:
                        more = explainer.build_columns(slice_rows(chunk.inputs, start, start + len(y)))
                        found = join_columns(found, more)
                        start += len(y)
                    yield found
        notes.extend(build_unseen_notes(network.preprocessor, unseen))
        if explainer is not None:
            notes.extend(explainer.build_notes())

    return add_kept_columns(data, names, budget, join_blocks(blocks())), notes


def join_columns(predictions: Mapping[str, Array], more: Mapping[str, Array]) -> Mapping[str, Array]:
    """Return the columns of both. ConfigError for a name in both."""
    for name in more:
        if name in predictions:
            raise ConfigError(f"--explain: a prediction has the name of its column {name!r}; remove the option")
    return {**predictions, **more}


def join_blocks(blocks: Iterable[Mapping[str, Array]]) -> Iterator[ColumnBlock]:
    """Yield the rows of successive blocks as one, of MIN_CELLS or more."""
    waiting: list[Mapping[str, Array]] = []
    cells = 0
    for block in blocks:
        waiting.append(block)
        cells += sum(map(len, block.values()))
        if cells >= MIN_CELLS:
            yield concatenate_columns(waiting)
            waiting, cells = [], 0
    if waiting:
        yield concatenate_columns(waiting)


def concatenate_columns(blocks: Sequence[Mapping[str, Array]]) -> ColumnBlock:
    """Return all rows of blocks with the same columns."""
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def add_kept_columns(
    data: Path, names: Sequence[str], memory: int, blocks: Iterator[ColumnBlock]
) -> Iterator[ColumnBlock]:
    """Yield the blocks with the columns ``names`` of the data before their own."""
    if not names:
        yield from blocks
    elif fits_in_memory([data], memory):
        yield from prepend_columns(read_passthrough_columns(data, names), blocks)
    else:
        with (
            open_disk_reader(memory) as reader,
            PassthroughRows.open(data, names, reader.folder, memory) as kept,
        ):
            yield from prepend_columns(kept, blocks)
