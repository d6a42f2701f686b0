"""What was trained on what, and how good it is, in a few sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from nntrain.formatting import format_count, format_duration, format_number
from nntrain.report.analysis.baselines import Baseline, build_constant_baseline, build_linear_baseline, to_form
from nntrain.report.analysis.metric_scores import ScoreInterval, compute_interval, compute_score
from nntrain.report.page.blocks import Block, Facts, Paragraph, Table
from nntrain.report.page.page import PageSection
from nntrain.report.sections.curves import find_best_epoch
from nntrain.report.set_predictions import SetPredictions
from nntrain.report.trained_run import TrainedRun
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.metric_selection import choose_headline
from nntrain.training.metrics.score_rows import build_score_rows

# Names of scores in a sentence.
SCORE_NAMES = {
    "accuracy": "accuracy",
    "exact_match": "fraction of rows whose labels are all right",
    "f1": "F1 score",
    "mae": "mean absolute error",
    "mse": "mean squared error",
    "rmse": "root mean squared error",
    "r2": "R²",
    "roc_auc": "area under the ROC curve",
}

# Scores from here on are written without decimals.
LARGE_SCORE = 1000


def build_overview_section(run: TrainedRun) -> PageSection:
    """Build the section."""
    blocks: list[Block] = [Paragraph(format_subject(run), "lead")]
    predictions = run.predictions
    metric = None if predictions is None else choose_headline(predictions.metrics, run.config.train.monitor)
    if not run.is_complete:
        blocks.append(Paragraph("Training is not complete: this is the best network so far.", "warning"))
    if predictions is not None and metric is not None:
        blocks += [Paragraph(sentence) for sentence in build_verdict(run, predictions, metric)]
    blocks += [Paragraph(warning, "warning") for warning in find_warnings(run)]
    blocks.append(Facts(list(iterate_facts(run))))
    if run.scores or (run.network is not None and run.network.scores):
        blocks.append(build_score_table(run))
    return PageSection("overview", "Overview", blocks)


def format_subject(run: TrainedRun) -> str:
    """Return the sentence about the target, the task and the data."""
    data = run.config.data.path
    if run.network is None:
        return f"A network for {data}, whose first epoch is not complete."
    target = run.network.preprocessor.target
    several = f"the {len(target.labels)} numbers {target.name!r}"
    what = {
        "classification": f"which of {len(target.labels)} classes {target.name!r} is",
        "multilabel": f"which of {len(target.labels)} labels in {target.name!r} a row has",
        "regression": f"the number {target.name!r}" if len(target.labels) == 1 else several,
    }[target.task]
    columns = run.network.preprocessor.columns
    inputs = f" from {format_count(len(columns), 'column')}" if columns else ""
    return f"This network predicts {what}{inputs}, trained on {data}."


def build_verdict(run: TrainedRun, predictions: SetPredictions, metric: Metric) -> Iterator[str]:
    """Yield three sentences: how good, compared with what, and how certain."""
    name = SCORE_NAMES.get(metric.key, metric.key)
    interval = compute_interval(metric, predictions)
    rows = format_count(predictions.rows, f"{predictions.name} row")
    yield f"On {rows}, the {name} is {format_score(interval.score)}{describe_score(metric, predictions)}."
    assert run.rows is not None
    baselines = list(build_baselines(run, predictions))
    yield format_comparison(metric, predictions, baselines, run.rows.splits.train.rows)
    yield format_certainty(interval, predictions)


def format_score(score: float) -> str:
    """Format a score for a sentence; large ones without decimals."""
    return f"{score:,.0f}" if abs(score) >= LARGE_SCORE else format_number(score)


def describe_score(metric: Metric, predictions: SetPredictions) -> str:
    """Return what a score means, where it is a number of rows or has the unit of the target."""
    score = predictions.scores[metric.key]
    if metric.key == "accuracy" and predictions.weights is None and predictions.task.target.task == "classification":
        return f": {round(score * predictions.rows):,} of {predictions.rows:,} are right"
    target = predictions.task.target
    if metric.key in ("mae", "rmse") and len(target.labels) == 1:
        return f", in the unit of {target.name!r}, whose mean is {predictions.truths.mean():.4g}"
    return ""


def build_baselines(run: TrainedRun, predictions: SetPredictions) -> Iterator[Baseline]:
    """Yield the predictions of simple models for the rows of the set."""
    assert run.network is not None
    assert run.rows is not None
    splits = run.rows.splits
    yield build_constant_baseline(predictions.task, splits.train, predictions.rows)
    linear = build_linear_baseline(
        predictions.task, run.network.preprocessor, splits.train, splits.datasets[predictions.name]
    )
    if linear is not None:
        yield linear


def format_comparison(metric: Metric, predictions: SetPredictions, baselines: list[Baseline], train_rows: int) -> str:
    """Return the sentence that compares the score with those of simple models."""
    parts = []
    for baseline in baselines:
        y = to_form(predictions.task, baseline.values, metric.takes)
        score = format_score(compute_score(metric, y, predictions, predictions.weights))
        fitted = f" on {baseline.rows:,} of the training rows" if baseline.rows < train_rows else ""
        ignored = f" without {', '.join(map(repr, baseline.omitted))}" if baseline.omitted else ""
        parts.append(f"{score} for {baseline.name}{ignored}{fitted}")
    return f"For comparison, it is {' and '.join(parts)}, on the same rows."


def format_certainty(interval: ScoreInterval, predictions: SetPredictions) -> str:
    """Return the sentence about the uncertainty of the score."""
    if not interval.low <= interval.high:
        return "How certain this is cannot be estimated from these rows."
    return (
        f"With other rows of the same kind it would be from {format_score(interval.low)} to "
        f"{format_score(interval.high)} in 95 % of cases (bootstrap, {interval.resamples:,} resamples of the "
        f"{predictions.name} rows)."
    )


def find_warnings(run: TrainedRun) -> Iterator[str]:
    """Yield what makes the scores doubtful."""
    yield from run.notes
    if run.scored_set == "validation":
        yield "There are no test rows. The validation rows chose the epoch, so their scores are too good."
    elif run.scored_set == "train":
        yield "These are training rows, so the scores are too good: there are no others."
    if run.network is not None:
        yield from run.network.preprocessor.warnings
    if "diverged" in run.metadata:
        yield f"Training diverged: {run.metadata['diverged']['message']}."


def iterate_facts(run: TrainedRun) -> Iterator[tuple[str, str]]:
    """Yield key figures."""
    for name, rows in run.metadata.get("data", {}).get("rows", {}).items():
        yield f"{name} rows", f"{rows:,}"
    if "parameters" in run.metadata:
        yield "parameters", f"{run.metadata['parameters']:,}"
    if run.history:
        best = find_best_epoch(run)
        yield "epochs", f"{run.history[-1]['epoch']:,}" + ("" if best is None else f" (best: {best:,})")
    if "seconds" in run.metadata:
        yield "training time", format_duration(run.metadata["seconds"])


def build_score_table(run: TrainedRun) -> Table:
    """Return the scores of every set, as ``nntrain show`` prints them."""
    scores: Mapping[str, Any] = run.scores or (run.network.scores if run.network else {})
    sets = {name: values for name, values in scores.items() if isinstance(values, Mapping)}
    header, *rows = build_score_rows(sets, "set")
    return Table(header, rows, caption="Scores of the network on each set")
