"""Why the predictions of single rows are what they are."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.data.file_state import check_unchanged
from nntrain.data.loading import DEFAULT_GROUP, open_disk_reader
from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.raw_table_dataset import RawTableDataset
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.streaming.memory_budget import fits_in_memory
from nntrain.data.tables.cell_format import format_cell
from nntrain.data.tables.data_table import DataTable
from nntrain.errors import DataError
from nntrain.explanation.dataset_rows import take_rows
from nntrain.explanation.explained_run import ExplainedRun
from nntrain.explanation.integrated_gradients import IntegratedGradients
from nntrain.training.trained_network import TrainedNetwork, count_rows


@dataclass(frozen=True)
class RowExplanation:
    """prediction = baseline + Σ contributions + residual, for a row (from 1).

    ``file_row``: its number in the file of the run, if ``row`` counts those of a set. ``output``: the explained
    probability or number. ``is_exact``: whether the residual is within the tolerance. ``values``: the cells of the row,
    if they are known. ``pixels``: the contributions of an image, which has no columns.
    """

    row: int
    file_row: int | None
    output: str
    prediction: float
    baseline: float
    residual: float
    is_exact: bool
    contributions: dict[str, float] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    pixels: Array | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON values."""
        return {**vars(self), "pixels": None if self.pixels is None else self.pixels.tolist()}


def explain_set_rows(run: ExplainedRun, name: str, rows: Sequence[int], label: str | None) -> list[RowExplanation]:
    """Return the contributions for rows of a set of the run, counted from 1. DataError for one that does not exist."""
    dataset = run.rows.splits.datasets[name]
    check_rows(rows, dataset.rows, f"the {name} set")
    index = np.asarray(rows, np.intp) - 1
    raw, numbers = run.rows.get_raw(name), run.rows.splits.row_indices.get(name)
    cells = [{} for _ in rows] if raw is None else [format_row(raw, run.network, row) for row in index]
    file_rows = None if numbers is None else [int(numbers[row]) + 1 for row in index]
    return explain_inputs(run, take_rows(dataset.inputs, index), rows, label, cells, file_rows)


def explain_file_rows(
    run: ExplainedRun, path: Path, inputs: str | None, memory: int, rows: Sequence[int], label: str | None
) -> list[RowExplanation]:
    """Return the contributions for rows of a file, counted from 1. It needs no targets.

    ``inputs``: the dataset of an HDF5 file. A file that does not fit in ``memory`` bytes is read in chunks.
    """
    with open_raw_rows(path, run.network, inputs, memory) as raw:
        check_rows(rows, raw.count, str(path))
        index = np.asarray(rows, np.intp) - 1
        encoded: dict[int, Value] = {}
        cells: dict[int, dict[str, str]] = {}
        begin = 0
        for chunk in raw.iterate_chunks(run.network.preprocessor):
            here = index[(index >= begin) & (index < begin + chunk.count)]
            for row in np.unique(here).tolist():
                one = chunk.take(np.array([row - begin]))
                encoded[row] = one.encode(run.network.preprocessor, need_targets=False).inputs
                cells[row] = format_row(one, run.network, 0)
            begin += chunk.count
    joined = join_rows([encoded[row] for row in index])
    return explain_inputs(run, joined, rows, label, [cells[row] for row in index], None)


@contextmanager
def open_raw_rows(path: Path, network: TrainedNetwork, inputs: str | None, memory: int) -> Iterator[RawDataset]:
    """Open the rows of a file without their targets."""
    names = (inputs, None, None, DEFAULT_GROUP)
    with check_unchanged(path):
        if fits_in_memory([path], memory):
            yield DataReader().read_rows(path, network.preprocessor, *names, need_targets=False)
            return
        with open_disk_reader(memory) as reader:
            yield reader.read_rows(path, network.preprocessor, *names, need_targets=False)


def check_rows(rows: Sequence[int], count: int, where: str) -> None:
    """DataError for a row that does not exist."""
    for row in rows:
        if not 1 <= row <= count:
            raise DataError(f"--row {row}: expected a row from 1 to {count:,} of {where}")


def join_rows(rows: Sequence[Value]) -> Value:
    """Return one value with the rows of several."""
    if isinstance(rows[0], list):
        return [np.concatenate(arrays) for arrays in zip(*rows, strict=True)]
    return np.concatenate(rows)


def explain_inputs(
    run: ExplainedRun,
    inputs: Value,
    rows: Sequence[int],
    label: str | None,
    cells: Sequence[dict[str, str]],
    file_rows: Sequence[int] | None,
) -> list[RowExplanation]:
    """Return the contributions for encoded rows with the numbers ``rows``."""
    assert count_rows(inputs) == len(rows)
    found = IntegratedGradients(run.network, run.rows.splits.train, label).explain(inputs)
    return [
        RowExplanation(
            row=row,
            file_row=None if file_rows is None else file_rows[k],
            output=found.outputs[found.chosen[k]],
            prediction=float(found.prediction[k]),
            baseline=float(found.baseline[k]),
            residual=float(found.residual[k]),
            is_exact=bool(found.is_exact[k]),
            contributions=dict(zip(found.names, map(float, found.values[k]), strict=True)) if found.names else {},
            values=cells[k],
            pixels=None if found.names else found.values[k],
        )
        for k, row in enumerate(rows)
    ]


def format_row(raw: RawDataset, network: TrainedNetwork, row: int) -> dict[str, str]:
    """Return the input cells of a row; empty for an image, and for a table on disk."""
    if isinstance(raw, RawTableDataset) and isinstance(raw.table, DataTable):
        columns = raw.table.columns
        return {
            column.name: format_cell(columns[column.name].values[row], columns[column.name].kind)
            for column in network.preprocessor.columns
        }
    if isinstance(raw, RawArrayDataset) and len(raw.inputs.shape) == 2:
        (numbers,) = raw.inputs[np.array([row])].load().iterate_chunks()
        return {f"inputs[{k}]": format_cell(number, "number") for k, number in enumerate(numbers[0])}
    return {}
