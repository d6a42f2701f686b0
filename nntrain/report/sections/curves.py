"""The curves of a run: loss, metrics and learning rate over epochs."""

from collections.abc import Sequence
from typing import Any

from nntrain.formatting import format_number
from nntrain.report.page.blocks import Block, Gallery, Paragraph, Plot, Table
from nntrain.report.page.page import PageSection
from nntrain.report.plots.learning_curves import plot_curves
from nntrain.report.trained_run import TrainedRun

SETS = ("train", "validation")

# Maximum number of metrics with a curve, and of epochs in a table of numbers.
MAX_METRICS, MAX_EPOCHS = 3, 60


def build_curves_section(run: TrainedRun) -> PageSection | None:
    """Build the section; None before the first epoch has ended."""
    lines = run.history
    if not lines:
        return None
    epochs = [line["epoch"] for line in lines]
    best = find_best_epoch(run)
    plots = [build_score_plot(run, name, epochs, best) for name in list_curves(run)]
    if any("rate" in line for line in lines):
        plots.append(build_rate_plot(lines, epochs, best))
    text = f"The network of epoch {best} is the one that predicts." if best is not None else ""
    if run.network is not None and run.network.scoring_criterion is not run.network.criterion:
        text = f"{text} During training the loss includes label smoothing, so it is larger than in tables of scores."
    intro: list[Block] = [Paragraph(text)] if text else []
    return PageSection("curves", "Training", [*intro, Gallery(plots)])


def find_best_epoch(run: TrainedRun) -> int | None:
    """Return the epoch of the best network so far."""
    if "epoch" in run.scores:
        return int(run.scores["epoch"])
    return next((int(line["epoch"]) for line in reversed(run.history) if line["best"]), None)


def list_curves(run: TrainedRun) -> list[str]:
    """Return the scores with a curve: the loss, the monitored one, and others up to a maximum."""
    scores = run.history[-1].get("validation", run.history[-1]["train"])
    scalars = [name for name, value in scores.items() if not isinstance(value, dict)]
    first = dict.fromkeys(name for name in ("loss", run.config.train.monitor) if name in scalars)
    return list(dict.fromkeys([*first, *scalars]))[: MAX_METRICS + 1]


def build_score_plot(run: TrainedRun, name: str, epochs: Sequence[int], best: int | None) -> Plot:
    """Build the plot of a score on the training and validation rows."""
    curves = {
        split: [line.get(split, {}).get(name) for line in run.history]
        for split in SETS
        if any(name in line.get(split, {}) for line in run.history)
    }
    ends = "; ".join(
        f"{split} from {format_number(values[0])} to {format_number(values[-1])}" for split, values in curves.items()
    )
    return Plot(
        name=f"curve-{name}",
        caption=f"{name} over epochs",
        alt=f"{name} over {len(epochs)} epochs: {ends}.",
        figure=plot_curves(epochs, curves, name, best),
        numbers=build_curve_table(epochs, curves),
    )


def build_rate_plot(lines: Sequence[Any], epochs: Sequence[int], best: int | None) -> Plot:
    """Build the plot of the learning rate."""
    rates = {"learning rate": [line.get("rate") for line in lines]}
    return Plot(
        name="curve-learning-rate",
        caption="learning rate at the first step of each epoch",
        alt=f"The learning rate over {len(epochs)} epochs.",
        figure=plot_curves(epochs, rates, "learning rate", best),
        numbers=build_curve_table(epochs, rates),
    )


def build_curve_table(epochs: Sequence[int], curves: Any) -> Table:
    """Return the values of the curves, of evenly spaced epochs if there are many."""
    step = -(-len(epochs) // MAX_EPOCHS)
    shown = sorted({*range(0, len(epochs), step), len(epochs) - 1})
    return Table(
        ["epoch", *curves],
        [[str(epochs[index]), *(format_value(values[index]) for values in curves.values())] for index in shown],
        caption="" if step == 1 else f"one of every {step} epochs",
    )


def format_value(value: float | None) -> str:
    """Format a value with four significant digits; a dash if it is unknown."""
    return "-" if value is None or value != value else f"{value:.4g}"
