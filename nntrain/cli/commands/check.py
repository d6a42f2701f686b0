"""``nntrain check``: preview a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nntrain.cli.messages import format_message
from nntrain.cli.network_table import format_network_table
from nntrain.cli.options import add_source_options, data_memory_option, json_option
from nntrain.cli.tables import format_first_rows, format_table
from nntrain.cli.terminal import print_json
from nntrain.formatting import escape_line, format_duration, format_size

if TYPE_CHECKING:
    from nntrain.data.checks.inspection import Inspection
    from nntrain.training.diagnostics.run_preview import RunPreview

# Number of learning rates to print.
MAX_ROWS = 8


@click.command()
@add_source_options
@data_memory_option
@click.option("--all", "every", is_flag=True, help="Print all columns, classes and layers, not only the first 50.")
@json_option
def check(
    source: Path,
    data_options: dict[str, Any],
    overrides: tuple[str, ...],
    memory: str | None,
    every: bool,
    as_json: bool,
) -> None:
    """Preview a run: data, network, memory and time. Writes nothing; runs a few steps to measure their time.

    \b
    nntrain check configs/iris.toml

    Problems come last, each with a fix; `nntrain fit` trains in spite of them.
    """
    from nntrain.config.load import load_config, load_config_or_defaults
    from nntrain.config.spec_checks import NO_CHECKS
    from nntrain.training.building.trainer_assembly import get_data_options
    from nntrain.training.diagnostics.run_preview import preview_run
    from nntrain.training.run_folder.data_check import find_run_folder, read_unchanged

    folder = find_run_folder(source)
    data_options = {**data_options, "memory": memory}
    if folder is None:
        found = preview_run(load_config_or_defaults(source, data_options, overrides))
    else:
        found = read_unchanged(
            folder,
            get_data_options(load_config(folder.config, checks=NO_CHECKS)),
            "check a new run on it: nntrain check DATA --target COLUMN",
            lambda: preview_run(load_config_or_defaults(folder.config, data_options, overrides)),
            lambda found: found.inspection.splits.fingerprint,
        )
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(format_report(found, every))


def format_report(preview: RunPreview, show_all: bool = False) -> str:
    """The complete report; of long tables only the first rows, unless ``show_all``."""
    data = preview.inspection
    row_counts = ", ".join(f"{dataset.rows:,} {name} rows" for name, dataset in data.splits.datasets.items())
    parts = [
        f"{escape_line(str(preview.path))}\n{row_counts}",
        format_columns(data, show_all),
        format_targets(data, show_all),
        format_network(preview, show_all),
        format_learning_rates(preview),
        format_costs(preview),
        "\n".join(format_message("Note", note) for note in data.splits.notes if note not in preview.problems),
        "\n".join(format_message("Warning", problem) for problem in preview.problems) or "No problems found.",
    ]
    return "\n\n".join(part for part in parts if part)


def format_columns(data: Inspection, show_all: bool) -> str:
    """One row for each column."""
    lines = [["column", "role", "type", "missing", "distinct", "encoded as", "reason"]]
    for fact in data.columns:
        counts = [f"{fact.missing:,}", "many" if fact.distinct is None else f"{fact.distinct:,}"]
        lines.append([fact.name, fact.role, fact.type, *counts, fact.becomes, fact.remark])
    return format_first_rows(lines, "columns", show_all)


def format_targets(data: Inspection, show_all: bool) -> str:
    """The counts of classes or labels, or the statistics of numbers, in each set."""
    splits = list(next(iter(data.balance.values())))
    task = data.splits.preprocessor.target.task
    if task == "regression":
        lines = [[name, *(f"{values[split]:.6g}" for split in splits)] for name, values in data.balance.items()]
        return format_table([["target", *splits], *lines])
    totals = {name: dataset.rows for name, dataset in data.splits.datasets.items()}
    lines = [
        [label, *(f"{values[split]:,.0f} ({values[split] / totals[split]:.1%})" for split in splits)]
        for label, values in data.balance.items()
    ]
    noun, plural = ("label", "labels") if task == "multilabel" else ("class", "classes")
    return format_first_rows([[noun, *splits], *lines], plural, show_all)


def format_network(preview: RunPreview, show_all: bool) -> str:
    """The modules as a tree, with output shapes and parameters; criterion, optimizer, schedules and factors."""
    components = escape_line(f"{preview.criterion}, {preview.optimizer}")
    lines = (components, *map(escape_line, preview.hyperparameters))
    return "\n".join([format_network_table(preview.layers, show_all), *lines])


def format_learning_rates(preview: RunPreview) -> str:
    """The learning rates of the schedule; empty if there is none."""
    if preview.schedule is None:
        return ""
    rates = preview.schedule.rates
    indices = sorted({round(row * (len(rates) - 1) / (MAX_ROWS - 1)) for row in range(MAX_ROWS)})
    shown = [["epoch", "rate"], *([str(epoch + 1), f"{rate:.4g}"] for epoch, rate in map(rates.__getitem__, indices))]
    (high_step, high), (low_step, low) = preview.schedule.highest, preview.schedule.lowest
    if preview.schedule.judged:
        score = preview.settings["monitor"]
        return f"{format_table(shown)}\nThese are the rates while {score} improves; otherwise they depend on it."
    return (
        f"{format_table(shown)}\nHighest {high:.4g} in step {high_step + 1}, lowest {low:.4g} in step {low_step + 1}."
    )


def format_costs(preview: RunPreview) -> str:
    """The estimated memory and time."""
    epochs, size = preview.settings["epochs"], preview.settings["batch_size"]
    epoch = preview.seconds_per_step * preview.steps_per_epoch
    total = sum(preview.memory.values())
    # Without uses below 0.1 %.
    uses = ", ".join(f"{name} {format_size(used)}" for name, used in preview.memory.items() if used > total / 1000)
    return (
        f"Memory: {format_size(total)} ({uses})\n"
        f"Time: {format_duration(preview.seconds_per_step)} per step; epoch of {preview.steps_per_epoch:,} steps of "
        f"{size} rows: {format_duration(epoch)}; at most {epochs} epochs: {format_duration(epoch * epochs)}, "
        "excluding evaluation"
    )
