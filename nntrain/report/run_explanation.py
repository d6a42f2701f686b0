"""The explanation of a run: importance of its columns, partial dependence, and contributions of single rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.data.dataset import Dataset
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.raw_table_dataset import RawTableDataset
from nntrain.data.tables.data_table import DataTable
from nntrain.errors import DataError, RunError
from nntrain.explanation.column_span import find_column_spans, take_rows
from nntrain.explanation.integrated_gradients import IntegratedGradients
from nntrain.explanation.partial_dependence import MAX_ROWS, PartialDependence, compute_partial_dependence
from nntrain.explanation.permutation_importance import (
    DEFAULT_REPEATS,
    ColumnImportance,
    compute_permutation_importance,
    load_inputs,
)
from nntrain.report.analysis.metric_scores import choose_headline
from nntrain.report.file_rows import read_rows
from nntrain.report.sections.raw_rows import format_cell
from nntrain.report.trained_run import RunRows, TrainedRun
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.metric_selection import build_metrics
from nntrain.training.trained_network import TrainedNetwork

# Columns whose partial dependence is computed.
MAX_DEPENDENCES = 6


@dataclass(frozen=True)
class RowExplanation:
    """Why the prediction of a row is what it is: prediction = baseline + Σ contributions + residual.

    ``output``: the explained class, label or number. ``values``: the cells of the row.
    """

    row: int
    output: str
    prediction: float
    baseline: float
    residual: float
    contributions: dict[str, float]
    values: dict[str, str]


@dataclass(frozen=True)
class RunExplanation:
    """``score``: the metric whose decrease is the importance, on ``rows`` of ``data``."""

    run: str
    data: str
    rows: int
    score: str | None = None
    importance: list[ColumnImportance] = field(default_factory=list)
    dependence: list[PartialDependence] = field(default_factory=list)
    explained_rows: list[RowExplanation] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON values."""
        return {
            "run": self.run,
            "data": self.data,
            "rows": self.rows,
            "score": self.score,
            "importance": [vars(found) for found in self.importance],
            "partial_dependence": [
                {
                    "column": found.name,
                    "values": found.values,
                    "mean": {name: found.means[:, k].tolist() for k, name in enumerate(found.outputs)},
                    "individual": found.curves.tolist(),
                }
                for found in self.dependence
            ],
            "row_contributions": [vars(found) for found in self.explained_rows],
        }


def explain_run(
    path: Path, data: Path | None = None, rows: Sequence[int] = (), repeats: int = DEFAULT_REPEATS
) -> RunExplanation:
    """Explain the best network of a run on its test rows, or on those of ``data``.

    ``rows``: explain these predictions instead, counted from 1. RunError or DataError if that is impossible.
    """
    run = TrainedRun.load(path)
    network, known = run.network, run.rows
    if network is None or known is None:
        raise RunError(f"{path}: {'; '.join(run.notes) or 'no epoch is complete yet'}")
    name = run.scored_set
    if data is None and name is None:
        raise RunError(f"{path}: the run has no rows of a size that can be explained; give a file")
    if data is None:
        assert name is not None
        where, dataset, raw = (
            f"the {name} set of {run.config.data.path}",
            known.splits.datasets[name],
            known.get_raw(name),
        )
    else:
        found = read_rows(data, network, need_targets=not rows)
        where, raw, dataset = str(data), found.raw, found.dataset
    spans = find_column_spans(network.preprocessor)
    if not spans:
        raise RunError(
            f"{path}: expected a network that reads columns, got one that reads images, whose pixels have no names"
        )
    if rows:
        explained = explain_rows(network, known.splits.train, dataset, raw, rows, where)
        return RunExplanation(str(path), where, dataset.rows, explained_rows=explained)
    metric = choose_metric(run)
    importance = compute_permutation_importance(network, dataset, spans, metric, repeats=repeats)
    dependence = compute_dependences(network, known, dataset, importance)
    return RunExplanation(str(path), where, dataset.rows, metric.key, importance, dependence)


def choose_metric(run: TrainedRun) -> Metric:
    """Return the metric of the verdict, or the default one of the task if the run has none. RunError without any."""
    predictions = run.predictions
    assert predictions is not None
    found = choose_headline(predictions, run.config.train.monitor)
    return found or build_metrics(predictions.task, predictions.task.get_default_metrics())[0]


def compute_dependences(
    network: TrainedNetwork,
    known: RunRows,
    dataset: Dataset,
    importance: Sequence[ColumnImportance],
    max_rows: int = MAX_ROWS,
) -> list[PartialDependence]:
    """Return the partial dependence on the most important columns of a table in memory, free text excepted.

    ``max_rows``: the number of rows whose predictions are averaged.
    """
    raw = known.get_raw("train")
    if not (isinstance(raw, RawTableDataset) and isinstance(raw.table, DataTable)):
        return []
    spans = {span.name: span for span in find_column_spans(network.preprocessor)}
    texts = {column.name for column in network.preprocessor.get_text_columns()}
    chosen = [found.name for found in importance if found.importance > 0 and found.name not in texts][:MAX_DEPENDENCES]
    inputs = load_inputs(dataset)
    return [
        compute_partial_dependence(network, inputs, spans[name], raw.table.columns[name], max_rows) for name in chosen
    ]


def explain_rows(
    network: TrainedNetwork, train: Dataset, dataset: Dataset, raw: RawDataset | None, rows: Sequence[int], where: str
) -> list[RowExplanation]:
    """Return the contributions for some rows, counted from 1. DataError for a row that does not exist."""
    for row in rows:
        if not 1 <= row <= dataset.rows:
            raise DataError(f"--row {row}: expected a row from 1 to {dataset.rows:,} of {where}")
    index = np.asarray(rows, np.intp) - 1
    found = IntegratedGradients(network, train).explain(take_rows(load_inputs(dataset), index))
    cells = [format_row(raw, found.names, int(row)) for row in index]
    return [
        RowExplanation(
            row=int(row),
            output=found.labels[found.chosen[k]],
            prediction=float(found.prediction[k]),
            baseline=float(found.baseline[k]),
            residual=float(found.residual[k]),
            contributions=dict(zip(found.names, map(float, found.values[k]), strict=True)),
            values=cells[k],
        )
        for k, row in enumerate(rows)
    ]


def format_row(raw: RawDataset | None, names: Sequence[str], row: int) -> dict[str, str]:
    """Return the cells of a row of a table; empty for arrays."""
    if not (isinstance(raw, RawTableDataset) and isinstance(raw.table, DataTable)):
        return {}
    return {name: format_cell(raw.table.columns[name].values[row]) for name in names}
