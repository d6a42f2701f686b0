"""``nntrain check``: what a run will be, before it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nntrain.cli.levels import Level, line
from nntrain.cli.report import columns, duration, first_rows
from nntrain.cli.source import source_options
from nntrain.cli.terminal import print_json
from nntrain.formatting import escape_line

if TYPE_CHECKING:
    from nntrain.data.checks.inspection import Inspection
    from nntrain.training.diagnostics.run_preview import RunPreview

__all__ = ["check"]

# Rates that are shown of a schedule.
SHOWN = 8


@click.command()
@source_options
@click.option("--memory", help="Memory limit, e.g. 512MB, at least 300MB; larger data is streamed from disk.")
@click.option("--all", "every", is_flag=True, help="Print all columns, classes and layers, not only the first 50.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(
    source: Path,
    target: str | tuple[str, ...] | None,
    positive: str | None,
    inputs: str | None,
    targets: str | None,
    overrides: tuple[str, ...],
    memory: str | None,
    every: bool,
    as_json: bool,
) -> None:
    """Look at the data, the network and the costs of a run. Nothing is written, and a few steps are made to time them.

    \b
    nntrain check configs/iris.toml

    Problems come last, each with what to do; they do not keep a network from being trained.
    """
    from nntrain.config.load import load_config
    from nntrain.config.source import config_from
    from nntrain.config.spec_checks import UNCHECKED
    from nntrain.training.building.trainer_assembly import get_data_options
    from nntrain.training.diagnostics.run_preview import preview_run as look
    from nntrain.training.run_folder.data_check import find_run_folder, read_unchanged

    folder = find_run_folder(source)
    said = {"target": target, "positive": positive, "inputs": inputs, "targets": targets, "memory": memory}
    if folder is None:
        found = look(config_from(source, said, overrides))
    else:
        found = read_unchanged(
            folder,
            get_data_options(load_config(folder.config, checks=UNCHECKED)),
            "check a new run on it: nntrain check DATA --target COLUMN",
            lambda: look(config_from(folder.config, said, overrides)),
            lambda found: found.inspection.splits.fingerprint,
        )
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(told(found, every))


def told(found: RunPreview, every: bool = False) -> str:
    """All of it in words and tables; of long tables the first rows, unless ``every``."""
    data = found.inspection
    parts = [
        f"{escape_line(str(found.path))}\n{rows(data)}",
        table_of_columns(data, every),
        table_of_targets(data, every),
        network(found, every),
        rates(found),
        costs(found),
        "\n".join(line(Level.NOTE, note) for note in data.splits.notes if note not in found.problems),
        "\n".join(line(Level.WARNING, problem) for problem in found.problems) or "No problems found.",
    ]
    return "\n\n".join(part for part in parts if part)


def rows(data: Inspection) -> str:
    """How many rows each part has."""
    prepared = data.splits
    parts = {"train": prepared.train, "validation": prepared.validation, "test": prepared.test}
    return ", ".join(f"{part.rows:,} {name} rows" for name, part in parts.items() if part is not None)


def table_of_columns(data: Inspection, every: bool) -> str:
    """A line for each column."""
    lines = [["column", "role", "type", "missing", "distinct", "becomes", "why"]]
    for fact in data.columns:
        counts = [f"{fact.missing:,}", "many" if fact.distinct is None else f"{fact.distinct:,}"]
        lines.append([fact.name, fact.role, fact.type, *counts, fact.becomes, fact.remark])
    return first_rows(lines, "columns", every)


def table_of_targets(data: Inspection, every: bool) -> str:
    """The classes or labels, or the figures of the numbers, in each part."""
    parts = list(next(iter(data.balance.values())))
    task = data.splits.preprocessor.target.task
    if task == "regression":
        lines = [[what, *(f"{values[part]:.6g}" for part in parts)] for what, values in data.balance.items()]
        return columns([["target", *parts], *lines])
    totals = {name: part.rows for name, part in data.splits.datasets.items()}
    lines = [
        [label, *(f"{values[part]:,.0f} ({values[part] / totals[part]:.1%})" for part in parts)]
        for label, values in data.balance.items()
    ]
    kind, kinds = ("label", "labels") if task == "multilabel" else ("class", "classes")
    return first_rows([[kind, *parts], *lines], kinds, every)


def network(found: RunPreview, every: bool) -> str:
    """The modules as a tree, with shapes and parameters."""
    lines = [
        [f"{'  ' * layer.depth}{layer.place} {layer.module}".rstrip(), layer.output, f"{layer.parameters:,}"]
        for layer in found.layers
    ]
    lines[0][0] = lines[0][0].strip()
    learning = escape_line(f"{found.criterion}, {found.optimizer}")
    return f"{first_rows([['network', 'output', 'parameters'], *lines], 'layers', every)}\n{learning}"


def rates(found: RunPreview) -> str:
    """The rates that the schedule plans; nothing where there is none."""
    if found.schedule is None:
        return ""
    rates = found.schedule.rates
    places = sorted({round(place * (len(rates) - 1) / (SHOWN - 1)) for place in range(SHOWN)})
    told = [rates[place] for place in places]
    shown = [["epoch", "rate"], *([str(epoch + 1), f"{rate:.4g}"] for epoch, rate in told)]
    (high_step, high), (low_step, low) = found.schedule.highest, found.schedule.lowest
    if found.schedule.judged:
        score = found.settings["monitor"]
        return f"{columns(shown)}\nThat is as long as {score} gets better: what it does decides the rest."
    return f"{columns(shown)}\nHighest {high:.4g} in step {high_step + 1}, lowest {low:.4g} in step {low_step + 1}."


def costs(found: RunPreview) -> str:
    """Memory and time."""
    from nntrain.formatting import format_size

    epochs, size = found.settings["epochs"], found.settings["batch_size"]
    epoch = found.seconds_per_step * found.steps_per_epoch
    return (
        f"Memory: {format_size(sum(found.memory.values()))} ({memories(found.memory)})\n"
        f"Time: {duration(found.seconds_per_step)} a step, {found.steps_per_epoch:,} steps of {size} rows "
        f"an epoch: {duration(epoch)}; "
        f"{epochs} epochs at most: {duration(epoch * epochs)}, scoring not counted"
    )


def memories(parts: Mapping[str, int]) -> str:
    """What the memory is for, as far as it counts."""
    from nntrain.formatting import format_size

    least = sum(parts.values()) / 1000
    return ", ".join(f"{name} {format_size(size)}" for name, size in parts.items() if size > least)
