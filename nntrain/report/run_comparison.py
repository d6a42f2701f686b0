"""The comparison of runs: scores, configs, and whether one is better by more than chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import configure_compute
from nntrain.config.old_keys import add_old_values, translate_old_keys
from nntrain.config.toml import read_toml
from nntrain.errors import RunError
from nntrain.report.analysis.metric_scores import choose_headline, find_better, get_predictions
from nntrain.report.analysis.paired_tests import PairedDifference, compare_scores, correct_p_values
from nntrain.report.set_predictions import SetPredictions
from nntrain.report.trained_run import TrainedRun
from nntrain.training.diagnostics.run_difference import add_defaults, flatten
from nntrain.training.metrics.metric import Metric

# Differences with a smaller p are more than chance.
MAX_P = 0.05

# Replaces the value of a key that a run does not set.
DEFAULT_VALUE = "(default)"

# Rows with different predictions that are listed.
MAX_ROWS = 12


@dataclass(frozen=True)
class RunPair:
    """A run compared with the ``best`` one: the score of the best minus its own.

    p is corrected for the number of runs. ``different``: the number of rows with other predictions; ``rows``: those
    that differ most, from 0 in their set.
    """

    best: str
    other: str
    result: PairedDifference
    different: int
    rows: list[int]

    @property
    def is_significant(self) -> bool:
        """Whether the difference is more than chance."""
        return self.result.p < MAX_P


@dataclass(frozen=True)
class RunComparison:
    """``config``: the values of all runs for the keys in which they differ. ``scores``: of each run, by set.

    ``pairs``: each other run against the best by ``metric`` on the same ``rows``; empty for the ``reason``.
    """

    runs: list[TrainedRun]
    names: list[str]
    config: Mapping[str, list[Any]]
    scores: Sequence[Mapping[str, Any]]
    metric: Metric | None
    pairs: list[RunPair]
    reason: str = ""

    @property
    def rows(self) -> int:
        """The number of rows that all networks predicted; 0 if there are no common ones."""
        predictions = self.runs[0].predictions if self.pairs else None
        return 0 if predictions is None else predictions.rows

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON values."""
        return {
            "runs": self.names,
            "scores": dict(zip(self.names, self.scores, strict=True)),
            "config": {key: dict(zip(self.names, values, strict=True)) for key, values in self.config.items()},
            "metric": None if self.metric is None else self.metric.key,
            "rows": self.rows,
            "comparisons": [
                {"best": pair.best, "other": pair.other, **vars(pair.result), "different_predictions": pair.different}
                for pair in self.pairs
            ],
            "not_compared": self.reason or None,
        }


def compare_runs(paths: Sequence[Path]) -> RunComparison:
    """Compare two or more runs. RunError if one is not a run folder, or is named twice."""
    names = [str(path) for path in paths]
    if len(set(names)) < max(len(names), 2):
        raise RunError(f"expected two or more different runs, got {', '.join(names)}")
    runs = [TrainedRun.load(path) for path in paths]
    scores = [{name: values for name, values in run.scores.items() if name != "epoch"} for run in runs]
    config = find_config_differences(runs)
    with configure_compute():
        reason = explain_incomparable(runs)
        predictions = [run.predictions for run in runs]
        first = predictions[0]
        if reason or first is None:
            return RunComparison(runs, names, config, scores, None, [], reason)
        metric = choose_headline(first, runs[0].config.train.monitor)
        if metric is None:
            return RunComparison(runs, names, config, scores, None, [], "the runs have no metric besides the loss")
        known = [found for found in predictions if found is not None]
        return RunComparison(runs, names, config, scores, metric, compare_with_best(metric, names, known))


def find_config_differences(runs: Sequence[TrainedRun]) -> dict[str, list[Any]]:
    """Return the values of all runs for the keys in which they differ, of those that the user set.

    Of runs of older versions, which did not record these, of all keys.
    """
    is_asked = all("asked" in run.metadata for run in runs)
    configs = [flatten(run.metadata["asked"] if is_asked else read_resolved(run)) for run in runs]
    keys = dict.fromkeys(key for config in configs for key in config)
    values = {key: [config.get(key, DEFAULT_VALUE) for config in configs] for key in keys}
    return {key: found for key, found in values.items() if any(value != found[0] for value in found[1:])}


def read_resolved(run: TrainedRun) -> dict[str, Any]:
    """Read the resolved config of a run, with the defaults of newer keys."""
    return add_defaults(add_old_values(translate_old_keys(read_toml(run.folder.config)[0])))


def explain_incomparable(runs: Sequence[TrainedRun]) -> str:
    """Return why the predictions of the runs cannot be compared row by row; empty if they can."""
    for run in runs:
        if run.predictions is None:
            return "; ".join(run.notes) or f"{run.folder.path} has no predictions: it has no complete epoch"
    first = runs[0].predictions
    assert first is not None
    for run in runs[1:]:
        other = run.predictions
        assert other is not None
        if first.task.target.task != other.task.target.task or first.task.target.labels != other.task.target.labels:
            return f"{runs[0].folder.path} and {run.folder.path} predict different targets"
        is_same = run.metadata["data"]["fingerprint"] == runs[0].metadata["data"]["fingerprint"]
        if not (is_same and have_same_rows(first, other)):
            return (
                f"{runs[0].folder.path} and {run.folder.path} have different {first.name} rows, so differences may be "
                "due to these; train them on the same file with the same data keys and train.seed"
            )
    return ""


def have_same_rows(first: SetPredictions, other: SetPredictions) -> bool:
    """Whether two predictions of the same file are about the same rows."""
    if first.name != other.name or first.rows != other.rows:
        return False
    if first.row_indices is None or other.row_indices is None:
        return first.row_indices is other.row_indices and np.array_equal(first.truths, other.truths)
    return np.array_equal(first.row_indices, other.row_indices)


def compare_with_best(metric: Metric, names: Sequence[str], known: Sequence[SetPredictions]) -> list[RunPair]:
    """Compare each network with the best one."""
    best = find_better(metric, [float(found.scores[metric.key]) for found in known])
    one = known[best]
    y = get_predictions(one, metric.takes)
    others = [index for index in range(len(known)) if index != best]
    results = [
        compare_scores(metric, one.task, y, get_predictions(known[index], metric.takes), one.truths, one.weights)
        for index in others
    ]
    corrected = correct_p_values([result.p for result in results])
    pairs = []
    for index, result, p in zip(others, results, corrected, strict=True):
        gaps = measure_disagreement(one, known[index])
        different = np.flatnonzero(gaps)
        rows = different[np.argsort(-gaps[different], kind="stable")[:MAX_ROWS]]
        exact = PairedDifference(result.difference, result.low, result.high, p, result.test)
        pairs.append(RunPair(names[best], names[index], exact, len(different), rows.tolist()))
    return pairs


def measure_disagreement(one: SetPredictions, other: SetPredictions) -> Array:
    """Return how much the predictions of each row differ: 0 for the same class, labels or numbers."""
    if one.task.target.task == "regression":
        return np.abs(one.numbers - other.numbers).max(axis=1)
    if one.task.target.task == "multilabel":
        return (one.labels != other.labels).sum(axis=1).astype(np.float64)
    rows = np.arange(one.rows)
    confidence = one.probabilities[rows, one.labels] + other.probabilities[rows, other.labels]
    return np.where(one.labels != other.labels, confidence, 0.0)


def format_verdict(comparison: RunComparison) -> list[str]:
    """Return a sentence for each pair, or why there is none."""
    if comparison.reason:
        return [f"The rows are not compared: {comparison.reason}."]
    assert comparison.metric is not None
    return [format_pair(pair, comparison.metric) for pair in comparison.pairs]


def format_pair(pair: RunPair, metric: Metric) -> str:
    """Return the sentence about a pair."""
    result = pair.result
    size, low, high = (f"{value:.4g}" for value in order(result, metric))
    chance = "more than chance" if pair.is_significant else "not more than chance would explain"
    return (
        f"{pair.best} is better than {pair.other} by {size} {metric.key} (95 % interval {low} to {high}, {result.test} "
        f"p = {result.p:.2g}): {chance}. They differ in {pair.different:,} predictions."
    )


def order(result: PairedDifference, metric: Metric) -> tuple[float, float, float]:
    """Return the improvement and its interval, positive for a better score."""
    if metric.higher_is_better:
        return result.difference, result.low, result.high
    return -result.difference, -result.high, -result.low
