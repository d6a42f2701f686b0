"""A comparison of runs as tables, sentences and JSON values."""

from collections.abc import Iterator, Sequence
from typing import Any

from nntrain.data.targets.class_target import format_label
from nntrain.formatting import format_count, format_number
from nntrain.report.analysis.paired_tests import PairedDifference
from nntrain.report.page.blocks import Table
from nntrain.report.run_comparison import MAX_P, RunComparison, RunPair
from nntrain.report.set_predictions import SetPredictions
from nntrain.training.metrics.score_rows import select_scalars


def build_score_table(comparison: RunComparison) -> Table:
    """Return the scores of each run on each set."""
    names = {key: None for sets in comparison.scores for values in sets.values() for key in select_scalars(values)}
    rows = [
        [run, split, *(format_number(values.get(key)) for key in names)]
        for run, sets in zip(comparison.names, comparison.scores, strict=True)
        for split, values in sets.items()
    ]
    return Table(["run", "set", *names], rows, "Scores")


def build_config_table(comparison: RunComparison) -> Table:
    """Return the keys of the config that differ, with the values of all runs."""
    rows = [[key, *map(format_value, values)] for key, values in comparison.config.items()]
    return Table(["config", *comparison.names], rows)


def build_row_table(comparison: RunComparison, pair: RunPair) -> Table:
    """Return the rows with the largest differences between two networks."""
    known = get_pair_predictions(comparison, pair)
    best = known[0]
    rows = [
        [
            best.format_row(row),
            format_outcome(best, best.truths[row]),
            *(format_prediction(y, row) for y in known),
        ]
        for row in pair.rows
    ]
    caption = f"The largest of {format_count(pair.different, 'difference')} between {pair.best} and {pair.other}"
    return Table([best.row_header, "true", pair.best, pair.other], rows, caption)


def get_pair_predictions(comparison: RunComparison, pair: RunPair) -> tuple[SetPredictions, SetPredictions]:
    """Return the predictions of the best run of a pair, and of the other."""
    found = dict(zip(comparison.names, comparison.predictions, strict=True))
    return found[pair.best], found[pair.other]


def format_prediction(predictions: SetPredictions, row: int) -> str:
    """Format the prediction for a row."""
    task = predictions.task.target.task
    if task == "regression":
        return format_outcome(predictions, predictions.numbers[row])
    text = format_outcome(predictions, predictions.labels[row])
    if task == "multilabel":
        return text
    return f"{text} ({predictions.probabilities[row, predictions.labels[row]]:.3f})"


def format_outcome(predictions: SetPredictions, value: object) -> str:
    """Format a class, labels or numbers."""
    target = predictions.task.target
    if target.task == "classification":
        return format_label(target.labels[int(value)])  # type: ignore[call-overload]
    values: Sequence[float] = list(value)  # type: ignore[call-overload]
    if target.task == "multilabel":
        return ", ".join(format_label(label) for label, has in zip(target.labels, values, strict=True) if has) or "none"
    return ", ".join(f"{number:.6g}" for number in values)


def format_value(value: object) -> str:
    """Format a value of a config."""
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def iterate_verdict(comparison: RunComparison) -> Iterator[str]:
    """Yield the sentences of the verdict, or why there is none."""
    if comparison.reason:
        yield f"The predictions of rows are not compared: {comparison.reason}."
        return
    first, names = comparison.predictions[0], {"labeled": "labeled rows of the file"}
    yield f"Compared on {first.rows:,} {names.get(first.name, f'common {first.name} rows')}."
    for pair in comparison.pairs:
        yield format_pair(comparison, pair)
    if len(comparison.pairs) > 1:
        yield (
            f"Each p is corrected for {len(comparison.pairs)} comparisons with the best run (Holm); the intervals are "
            "not."
        )
    if first.name == "validation":
        yield "The epochs were chosen on these rows, so the scores are better than on new ones."


def format_pair(comparison: RunComparison, pair: RunPair) -> str:
    """Return the sentences about a pair."""
    name, result = comparison.score_name, pair.result
    found = f"{pair.best} is better than {pair.other} by {format_effect(result, name, comparison.higher_is_better)}"
    if not result.difference:
        found = f"{pair.best} and {pair.other} have the same {name} ({format_interval(result, True)})"
    parts = [f"{found}: {format_chance(result)}."]
    if pair.loss is not None and comparison.metric is not None:
        direction = "higher" if pair.loss.difference > 0 else "lower"
        effect = format_effect(pair.loss, "", pair.loss.difference > 0)
        parts.append(f"Its loss is {direction} by {effect}: {format_chance(pair.loss)}.")
    first = comparison.predictions[0]
    if first.task.target.task != "regression":
        parts.append(f"They disagree on {pair.different:,} of {format_count(first.rows, 'row')}.")
    return " ".join(parts)


def format_effect(result: PairedDifference, name: str, is_positive: bool) -> str:
    """Return the size of a difference, its interval and p; ``is_positive``: whether larger values are the direction."""
    size = result.difference if is_positive else -result.difference
    return f"{size:.4g}{name and f' {name}'} ({format_interval(result, is_positive)})"


def format_interval(result: PairedDifference, is_positive: bool) -> str:
    """Return the interval of a difference, and the test and its p."""
    # Not -0.0, which is printed as -0.
    low, high = (result.low, result.high) if is_positive else (0.0 - result.high, 0.0 - result.low)
    return f"95 % interval {low:.4g} to {high:.4g}, {result.test} p = {result.p:.2g}"


def format_chance(result: PairedDifference) -> str:
    """Return whether a difference is more than chance."""
    return "more than chance" if result.p < MAX_P else "not more than chance would explain"


def to_dict(comparison: RunComparison) -> dict[str, Any]:
    """Return a comparison as JSON values."""
    names = comparison.names
    first = comparison.predictions[0] if comparison.predictions else None
    return {
        "runs": list(names),
        "scores": dict(zip(names, comparison.scores, strict=True)),
        "config": {key: dict(zip(names, values, strict=True)) for key, values in comparison.config.items()},
        "curves": {name: list(run.history) for name, run in zip(names, comparison.runs, strict=True)},
        "metric": comparison.score_name if comparison.pairs else None,
        "set": first.name if first and comparison.pairs else None,
        "rows": first.rows if first and comparison.pairs else 0,
        "comparisons": [pair_to_dict(comparison, pair) for pair in comparison.pairs],
        "not_compared": comparison.reason or None,
        "warnings": list(comparison.warnings),
    }


def pair_to_dict(comparison: RunComparison, pair: RunPair) -> dict[str, Any]:
    """Return a pair as JSON values, with its first rows as they are printed."""
    table = build_row_table(comparison, pair)
    names = ("row", "true", "best", "other")
    return {
        "best": pair.best,
        "other": pair.other,
        **vars(pair.result),
        "is_more_than_chance": pair.result.p < MAX_P,
        "loss": None if pair.loss is None else vars(pair.loss),
        "different_predictions": pair.different,
        "row_of": table.header[0].removeprefix("row of the "),
        "largest_differences": [
            {**dict(zip(names, cells, strict=True)), "row": comparison.predictions[0].get_row_number(row)}
            for row, cells in zip(pair.rows, table.rows, strict=True)
        ],
    }
