"""How much worse a network predicts without the information in a column."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.compute.random import create_stream
from nntrain.data.dataset import Dataset
from nntrain.explanation.column_span import ColumnSpan
from nntrain.explanation.dataset_rows import read_rows, space_evenly, take_rows
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.metric_selection import score_predictions
from nntrain.training.trained_network import TrainedNetwork

# Permutations of each column, and rows that are scored.
DEFAULT_REPEATS, MAX_SCORED_ROWS = 10, 10_000

# The 97.5 % quantile of Student's t by degrees of freedom, 1 to 30; beyond, that of the normal distribution is near.
T_QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
NORMAL_QUANTILE = 1.960


@dataclass(frozen=True)
class ColumnImportance:
    """The importance of a column, and the 95 % interval from ``low`` to ``high``; 0: the score does not need it."""

    name: str
    importance: float
    low: float
    high: float


def compute_permutation_importance(
    network: TrainedNetwork,
    dataset: Dataset,
    spans: Sequence[ColumnSpan],
    metric: Metric | None,
    *,
    repeats: int = DEFAULT_REPEATS,
    max_rows: int = MAX_SCORED_ROWS,
    seed: int = 0,
) -> list[ColumnImportance]:
    """Return the importance of each column, the largest first; ``metric`` None: of the loss.

    importance = mean over the repeats r of s(Dᵣ) − s(Dᵣ with the column permuted), with the sign that makes a better
    score larger. Dᵣ are as many rows, drawn with replacement from at most ``max_rows`` evenly spaced rows of the
    dataset. So the standard deviation over the repeats is a bootstrap estimate of the standard error that is due to the
    rows, and includes that of one permutation: the interval is mean ± t₀.₉₇₅ · deviation. Without the drawing it would
    be too narrow, since all repeats would have the same rows: a column that the network has learned by chance would
    look as if it mattered.

    A column that is encoded as several inputs is permuted as a whole. Columns with the same information share their
    importance: each seems unimportant while the other is there.
    Source: Breiman, "Random forests", 2001, section 10; Fisher, Rudin and Dominici, "All models are wrong, but many are
    useful", 2019; Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapters 6 and 12, for the interval.
    """
    rows = space_evenly(dataset.rows, max_rows)
    assert dataset.targets is not None
    inputs, targets = take_rows(dataset.inputs, rows), read_rows(dataset.targets, rows)
    weights = None if dataset.weights is None else read_rows(dataset.weights, rows)
    sign = 1.0 if metric is not None and metric.higher_is_better else -1.0
    whole = collect_outputs(network, inputs)
    drops = np.empty((repeats, len(spans)))
    for repeat in range(repeats):
        stream = create_stream(seed, "importance", repeat)
        drawn = stream.integers(0, len(rows), len(rows))
        some, t, w = take_rows(inputs, drawn), targets[drawn], None if weights is None else weights[drawn]
        base = compute_score(metric, network, whole[drawn], t, w)
        for position, span in enumerate(spans):
            order = stream.permutation(len(rows))
            outputs = collect_outputs(network, span.replace(some, span.get(some)[order]))
            drops[repeat, position] = sign * (base - compute_score(metric, network, outputs, t, w))
    # An undefined importance comes last.
    return sorted(map(summarize, spans, drops.T), key=lambda found: (np.isnan(found.importance), -found.importance))


def summarize(span: ColumnSpan, drops: Array) -> ColumnImportance:
    """Return the mean of the drops and its interval; repeats with an undefined score do not count."""
    known = drops[np.isfinite(drops)]
    if len(known) < 2:
        return ColumnImportance(span.name, float("nan"), float("nan"), float("nan"))
    mean, deviation = float(known.mean()), float(known.std(ddof=1))
    freedom = len(known) - 1
    width = deviation * (T_QUANTILES[freedom - 1] if freedom <= len(T_QUANTILES) else NORMAL_QUANTILE)
    return ColumnImportance(span.name, mean, mean - width, mean + width)


def collect_outputs(network: TrainedNetwork, inputs: Value) -> Array:
    """Return the outputs of the network for all rows."""
    return np.concatenate([y.copy() for y in network.iterate_outputs(inputs)])


def compute_score(
    metric: Metric | None, network: TrainedNetwork, outputs: Array, targets: Array, weights: Array | None
) -> float:
    """Return the score of outputs for encoded targets; None: the loss, as ``TrainedNetwork.score`` computes it."""
    task = network.task
    if metric is None:
        criterion = network.scoring_criterion
        criterion.set_row_weights(weights)
        return float(criterion.forward(outputs, network.cast_floats(task.to_criterion_targets(targets))))
    y, t = task.to_metric_predictions(outputs, metric.takes), task.to_metric_targets(targets)
    return score_predictions(metric, task, y, t, weights)
