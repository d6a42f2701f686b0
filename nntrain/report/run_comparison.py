"""The comparison of runs: scores, configs, and whether one is better by more than chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import configure_compute
from nntrain.errors import RunError
from nntrain.report.analysis.metric_scores import compute_score, find_better, get_predictions
from nntrain.report.analysis.paired_tests import PairedDifference, compare_losses, compare_scores, correct_p_values
from nntrain.report.compared_runs import explain_missing_rows, get_set_scores, load_compared_run, predict_file
from nntrain.report.set_predictions import SetPredictions
from nntrain.report.trained_run import TrainedRun
from nntrain.training.diagnostics.run_difference import find_differences, flatten, read_resolved
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.metric_selection import choose_headline
from nntrain.training.run_folder.folds_folder import find_data_run

# Differences with a smaller p are more than chance.
MAX_P = 0.05

# Replaces the value of a key that a run does not set.
DEFAULT_VALUE = "(default)"

# The advice where other rows can be compared.
DATA_OFFER = "; or compare them on a labeled file: --data FILE"

# Rows with different predictions that are listed.
MAX_ROWS = 12


@dataclass(frozen=True)
class RunPair:
    """A run compared with the ``best`` one: the score of the best minus its own.

    ``result``: by the metric of the comparison; ``loss``: by the loss, None if the losses cannot be compared. Both p
    are corrected for the number of runs. ``different``: the number of rows with other predictions; ``rows``: those that
    differ most, from 0 in their set.
    """

    best: str
    other: str
    result: PairedDifference
    loss: PairedDifference | None
    different: int
    rows: list[int]


@dataclass(frozen=True)
class RunComparison:
    """``config``: the values of all runs for the keys in which they differ. ``scores``: of each run, by set.

    ``pairs``: each other run against the best by ``metric`` (None: by the loss) on the same rows, whose
    ``predictions`` are those of ``names``; empty for the ``reason``. ``warnings``: why scores may be too good.
    """

    runs: Sequence[TrainedRun]
    names: Sequence[str]
    config: Mapping[str, Sequence[Any]]
    scores: Sequence[Mapping[str, Any]]
    predictions: Sequence[SetPredictions] = ()
    metric: Metric | None = None
    pairs: Sequence[RunPair] = ()
    reason: str = ""
    warnings: Sequence[str] = ()

    @property
    def score_name(self) -> str:
        """The name of the score by which the runs are compared."""
        return "loss" if self.metric is None else self.metric.key

    @property
    def higher_is_better(self) -> bool:
        """Whether a higher score is better."""
        return self.metric is not None and self.metric.higher_is_better


def compare_runs(paths: Sequence[Path], data: Path | None = None) -> RunComparison:
    """Compare two or more runs or averages on their common rows, or on those of ``data``.

    RunError if one is not a run folder, is named twice, or cannot predict ``data``; DataError if that cannot be read.
    """
    names = [str(path) for path in paths]
    if len({path.resolve() for path in paths}) < max(len(names), 2):
        raise RunError(f"expected two or more different runs, got {', '.join(names)}")
    runs = [load_compared_run(path, with_rows=data is None) for path in paths]
    known = RunComparison(runs, names, find_config_differences(paths, runs), [get_set_scores(run) for run in runs])
    with configure_compute():
        if data is None:
            return compare_rows(known, [run.predictions for run in runs])
        labeled = [predict_file(run, data) for run in runs]
        scores = [{**sets, str(data): one.scores} for sets, (one, _) in zip(known.scores, labeled, strict=True)]
        warnings = [text for _, texts in labeled for text in texts]
        return compare_rows(replace(known, scores=scores, warnings=warnings), [one for one, _ in labeled])


def compare_rows(known: RunComparison, found: Sequence[SetPredictions | None]) -> RunComparison:
    """Compare the predictions of the runs, if they are about the same rows."""
    predictions = [one for one in found if one is not None]
    if reason := explain_missing(known.runs, found) or explain_different_rows(known, predictions):
        return replace(known, reason=reason)
    return compare_predictions(known, predictions)


def find_config_differences(paths: Sequence[Path], runs: Sequence[TrainedRun]) -> dict[str, tuple[Any, ...]]:
    """Return the values of all runs for the keys in which they differ, of those that the user set.

    Of runs of older versions, which did not record these, of all keys.
    """
    if all("asked" in run.metadata for run in runs):
        return find_differences(*(flatten(run.metadata["asked"]) for run in runs), missing=DEFAULT_VALUE)
    return find_differences(*(read_resolved(find_data_run(path)) for path in paths), missing=DEFAULT_VALUE)


def explain_missing(runs: Sequence[TrainedRun], found: Sequence[SetPredictions | None]) -> str:
    """Return why a run has no predictions of rows that it was not trained on; empty if all have."""
    for run, predictions in zip(runs, found, strict=True):
        offer = DATA_OFFER if run.network is not None else ""
        if predictions is None:
            return f"{run.folder.path}: {explain_missing_rows(run)}{offer}"
        if predictions.name == "train":
            return f"{run.folder.path} has no rows that it was not trained on{offer}"
    return ""


def explain_different_rows(known: RunComparison, found: Sequence[SetPredictions]) -> str:
    """Return why predictions cannot be compared row by row; empty if they can."""
    first = found[0]
    for run, name, other in zip(known.runs, known.names, found, strict=True):
        target, expected = other.task.target, first.task.target
        if (target.task, target.name, list(target.labels)) != (expected.task, expected.name, list(expected.labels)):
            return f"{known.names[0]} and {name} predict different targets"
        if not (get_fingerprint(run) == get_fingerprint(known.runs[0]) and have_same_rows(first, other)):
            return (
                f"{known.names[0]} and {name} have different {first.name} rows, so differences may be due to these; "
                f"train them on the same file with the same data keys and train.seed{DATA_OFFER}"
            )
        if not np.array_equal(get_weights(first), get_weights(other)):
            return f"{known.names[0]} and {name} have different sample weights"
    return ""


def get_fingerprint(run: TrainedRun) -> str:
    """Return the fingerprint of the data of a run; empty if the rows of another file are compared."""
    return "" if run.rows is None else run.rows.splits.fingerprint


def get_weights(predictions: SetPredictions) -> Array:
    """Return the sample weights, which are 1 if there are none."""
    return np.ones(predictions.rows) if predictions.weights is None else predictions.weights


def have_same_rows(first: SetPredictions, other: SetPredictions) -> bool:
    """Whether two predictions of the same file are about the same rows."""
    if first.name != other.name or first.rows != other.rows or not np.array_equal(first.truths, other.truths):
        return False
    if first.row_indices is None or other.row_indices is None:
        return first.row_indices is other.row_indices
    return np.array_equal(first.row_indices, other.row_indices)


def compare_predictions(known: RunComparison, found: Sequence[SetPredictions]) -> RunComparison:
    """Compare each network with the best one, by the metric of the verdict, or by the loss if there is none."""
    metric = choose_headline(found[0].metrics, known.runs[0].config.train.monitor)
    known = replace(known, metric=metric, predictions=found)
    if metric is None and not all(have_same_losses(found[0], one) for one in found):
        return replace(known, reason="the runs have no metric besides the loss, and different losses")
    scores = [
        float(one.scores["loss"])
        if metric is None
        else compute_score(metric, get_predictions(one, metric.takes), one, one.weights)
        for one in found
    ]
    best = find_better(scores, higher_is_better=known.higher_is_better)
    others = [index for index in range(len(found)) if index != best]
    losses = correct([compare_pair_losses(found[best], found[index]) for index in others])
    results = losses
    if metric is not None:
        results = correct([compare_pair(metric, found[best], found[index]) for index in others])
    pairs = []
    for index, result, loss in zip(others, results, losses, strict=True):
        assert result is not None
        gaps = measure_disagreement(found[best], found[index])
        different = np.flatnonzero(gaps)
        rows = different[np.argsort(-gaps[different], kind="stable")[:MAX_ROWS]]
        pairs.append(RunPair(known.names[best], known.names[index], result, loss, len(different), rows.tolist()))
    return replace(known, pairs=pairs)


def compare_pair(metric: Metric, one: SetPredictions, other: SetPredictions) -> PairedDifference:
    """Compare two networks by a metric."""
    y = [get_predictions(predictions, metric.takes) for predictions in (one, other)]
    return compare_scores(metric, one.task, y[0], y[1], one.truths, one.weights)


def compare_pair_losses(one: SetPredictions, other: SetPredictions) -> PairedDifference | None:
    """Compare two networks by the loss; None if their losses cannot be compared."""
    if not have_same_losses(one, other) or one.losses is None or other.losses is None:
        return None
    return compare_losses(one.losses, other.losses, one.weights)


def have_same_losses(one: SetPredictions, other: SetPredictions) -> bool:
    """Whether two networks have the same loss, of the same encoded targets, and it is a mean over rows."""
    is_same = one.network.scoring_criterion.spec() == other.network.scoring_criterion.spec()
    known = is_same and np.array_equal(one.targets, other.targets)
    return known and one.losses is not None and other.losses is not None


def correct(results: Sequence[PairedDifference | None]) -> list[PairedDifference | None]:
    """Return the results with p corrected for their number."""
    corrected = iter(correct_p_values([result.p for result in results if result is not None]))
    return [None if result is None else replace(result, p=next(corrected)) for result in results]


def measure_disagreement(one: SetPredictions, other: SetPredictions) -> Array:
    """Return how much the predictions of each row differ: 0 for the same class, labels or numbers."""
    if one.task.target.task == "regression":
        return np.abs(one.numbers - other.numbers).max(axis=1)
    if one.task.target.task == "multilabel":
        return (one.labels != other.labels).sum(axis=1).astype(np.float64)
    rows = np.arange(one.rows)
    confidence = one.probabilities[rows, one.labels] + other.probabilities[rows, other.labels]
    return np.where(one.labels != other.labels, confidence, 0.0)
