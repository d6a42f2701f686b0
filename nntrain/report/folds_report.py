"""The report of a cross-validation, or of the average of the networks of validation folds."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

from nntrain.config.config import Config
from nntrain.errors import RunError
from nntrain.formatting import format_number
from nntrain.report.page.blocks import Block, Details, Gallery, Listing, Paragraph, Plot, Table
from nntrain.report.page.page import Page, PageSection
from nntrain.report.plots.fold_plots import plot_fold_curves, plot_fold_scores
from nntrain.shell_command import format_command
from nntrain.training.metrics.score_rows import build_score_rows, select_scalars
from nntrain.training.run_folder.folds_folder import FoldsFolder, aggregate_scores
from nntrain.training.run_folder.records import read_scores
from nntrain.training.run_folder.run_folder import RunFolder

# Scores with a plot.
MAX_SCORES = 4


def build_folds_report(folder: FoldsFolder) -> Page:
    """Build the page. RunError before the first fold is complete."""
    config = folder.read_config()
    folds = list(iterate_complete_folds(folder, config))
    if not folds:
        raise RunError(f"{folder.path}: no fold is complete yet; resume with: {format_command('resume', folder.path)}")
    scores = [read_scores(fold.scores) for fold in folds]
    is_average = config.data.validation_folds is not None
    scored_set = "validation" if is_average else "test"
    sections = [
        build_overview(folder, config, scores, scored_set),
        build_curves([fold.read_metrics() for fold in folds]),
        build_settings(folder),
    ]
    target = config.data.target if isinstance(config.data.target, str) else ", ".join(config.data.target or ())
    subtitle = f"{target + ' from ' if target else ''}{config.data.path}, {len(folds)} folds"
    return Page(folder.path.name, subtitle, sections)


def iterate_complete_folds(folder: FoldsFolder, config: Config) -> Iterator[RunFolder]:
    """Yield the runs whose scores are known."""
    for number in range(1, getattr(config.data, config.data.fold_keys[0]) + 1):
        fold = folder.get_fold(number)
        if fold.scores.is_file():
            yield fold


def build_overview(folder: FoldsFolder, config: Config, scores: Sequence[dict[str, Any]], name: str) -> PageSection:
    """Build the section about the scores of the folds, on the set that differs between them."""
    expected = getattr(config.data, config.data.fold_keys[0])
    found = [run[name] for run in scores]
    keys = list(select_scalars(found[0]))
    means, deviations = (aggregate_scores(list(scores), function)[name] for function in (fmean, compute_deviation))
    headline = config.train.monitor if config.train.monitor in keys else keys[0]
    first = next((key for key in (config.train.monitor, *keys) if key in keys and key != "loss"), headline)
    blocks: list[Block] = [
        Paragraph(
            f"Each of {len(scores)} networks is scored on its own {name} rows, which it was not trained on. "
            f"The {first} is {format_number(means[first])} on average, with a standard deviation of "
            f"{format_number(deviations[first])} between the folds.",
            "lead",
        )
    ]
    if len(scores) < expected:
        resume = format_command("resume", folder.path)
        blocks.append(
            Paragraph(f"Only {len(scores)} of {expected} folds are complete; resume with: {resume}", "warning")
        )
    if config.data.validation_folds is not None and folder.scores.is_file():
        blocks.append(build_average_table(read_scores(folder.scores, is_average=True)))
    lines = [[str(number), *(format_number(run[key]) for key in keys)] for number, run in enumerate(found, 1)]
    lines += [
        [label, *(format_number(values[key]) for key in keys)]
        for label, values in (("mean", means), ("standard deviation", deviations))
    ]
    blocks.append(
        Table([f"{name} fold", *keys], lines, "Scores of each fold", frozenset({len(lines) - 2, len(lines) - 1}))
    )
    plots = [
        build_score_plot(key, [run[key] for run in found]) for key in keys if all(is_finite(run[key]) for run in found)
    ]
    blocks.append(Gallery(plots[:MAX_SCORES]))
    return PageSection("overview", "Overview", blocks)


def compute_deviation(values: Sequence[float]) -> float:
    """Return the sample standard deviation; NaN for a single value."""
    return stdev(values) if len(values) > 1 else float("nan")


def is_finite(value: float | None) -> bool:
    """Whether a score is known and finite."""
    return value is not None and abs(value) < float("inf")


def build_score_plot(key: str, values: Sequence[float]) -> Plot:
    """Build the plot of a score of each fold."""
    text = f"{key} of each fold, from {format_number(min(values))} to {format_number(max(values))}"
    return Plot(f"folds-{key}", text, f"{text}.", plot_fold_scores(values, key))


def build_average_table(scores: Mapping[str, Any]) -> Table:
    """Return the scores of the average of the networks."""
    sets = {name: values for name, values in scores.items() if isinstance(values, Mapping)}
    header, *rows = build_score_rows(sets, "set")
    return Table(header, rows, "Scores of the average of the networks, which predicts")


def build_curves(histories: Sequence[Sequence[Mapping[str, Any]]]) -> PageSection:
    """Build the section about the curves of the folds."""
    last = histories[0][-1].get("validation", histories[0][-1]["train"])
    keys = list(select_scalars(last))[:MAX_SCORES]
    plots = []
    for key in keys:
        curves = [[line.get("validation", line["train"]).get(key) for line in history] for history in histories]
        known = [[float("nan") if value is None else value for value in curve] for curve in curves]
        plots.append(
            Plot(
                f"curves-{key}",
                f"{key} over epochs",
                f"{key} over the epochs of {len(known)} folds.",
                plot_fold_curves(known, key),
            )
        )
    return PageSection("curves", "Training", [Gallery(plots)])


def build_settings(folder: FoldsFolder) -> PageSection:
    """Build the section about the config and the next steps."""
    is_average = folder.best_network.is_file()
    used = folder.path if is_average else folder.get_fold(1).path
    commands = [
        format_command("predict", used, "NEW_DATA", options=("-o", "predictions.csv")),
        format_command("evaluate", used, "OTHER_DATA"),
        format_command("report", folder.get_fold(1).path),
    ]
    config = folder.config.read_text(encoding="utf-8")
    return PageSection(
        "settings",
        "Settings and next steps",
        [Listing("\n".join(commands), "Next steps"), Details("The complete config", [Listing(config)])],
    )
