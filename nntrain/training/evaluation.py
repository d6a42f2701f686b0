"""Scores of a trained network on rows that it has not learnt from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nntrain.compute.threads import configure_compute
from nntrain.config.load import load_config
from nntrain.config.override import value_of
from nntrain.config.spec_checks import UNCHECKED
from nntrain.config.train_config import metric_entry
from nntrain.data.data_options import DataOptions
from nntrain.data.load import load
from nntrain.data.part import Part
from nntrain.data.repeats import repeats
from nntrain.data.streaming.load_pieces import loaded_rows
from nntrain.data.streaming.memory import memory_for, streams
from nntrain.errors import ConfigError, DataError, RunError, SpecError
from nntrain.files.received import received
from nntrain.shell import nntrain_command
from nntrain.training.assemble import options_of
from nntrain.training.kept_rows import check_kept
from nntrain.training.memory_of import memory_of
from nntrain.training.metrics.chosen import Entry, made, suited
from nntrain.training.open import open_network
from nntrain.training.origins import require
from nntrain.training.row_limit import RowLimit
from nntrain.training.run_folder import RunFolder
from nntrain.training.scoreboard import Scoreboard
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.tuned_threshold import require_thresholds
from nntrain.training.unchanged import is_same, read_unchanged, scoring_instead

__all__ = ["Scored", "score_file", "score_test", "with_threshold"]

# What is told of classes and labels beside the metrics of a run.
CLASS_TABLES = ("per_class", "confusion_matrix")

# What to do where metrics take too much memory.
WITH_OTHERS = "choose other metrics with --metric"


@dataclass(frozen=True)
class Scored:
    """The scores, and what they were made from."""

    data: str
    rows: int
    scores: dict[str, Any]
    notes: Sequence[str] = ()

    # The positive class, and the threshold of its probability, or of each label.
    decision: Mapping[str, Any] = field(default_factory=dict)

    warnings: Sequence[str] = ()


def score_test(
    run: Path,
    metrics: Sequence[str] = (),
    threshold: float | None = None,
    memory: int | None = None,
    *,
    warn: Callable[[str], object] = str,
) -> Scored:
    """The scores on the test rows of a run: ``metrics``, or those of ``board_of``. ``threshold``: in place of its.

    ``memory``: the bytes that it may take, in place of those of the run.
    """
    if run.is_file():
        raise RunError(f"{run}: a checkpoint alone has no rows; {on_file(run)}")
    network = with_threshold(open_network(run, warn), threshold)
    network.limit = RowLimit(str(run))
    board = board_of(network, metrics, str(run))
    folder = RunFolder(run)
    config = load_config(folder.config, checks=UNCHECKED)
    options = within(options_of(config), memory)
    notes: list[str] = []
    data = read_unchanged(
        folder,
        options,
        scoring_instead(run, config),
        lambda: load(options, config.train.seed, network.schema, tell=notes.append),
        lambda data: data.fingerprint,
    )
    if data.test is None:
        raise RunError(f"{run}: the run has no test rows; {on_file(run)}")
    check_kept(board, [data.test], memory_for(options), WITH_OTHERS)
    with configure_compute():
        scores = network.score(data.test, board)
    where = f"the test part of {config.data.test_path or config.data.path}"
    return Scored(where, data.test.rows, scores, notes, network.task.decision())


def on_file(run: Path) -> str:
    """The way to score a run, or a checkpoint, without rows of its own."""
    return f"give a file: {nntrain_command('evaluate', run, 'DATA')}"


def score_file(
    run: Path,
    data: Path,
    inputs: str | None = None,
    targets: str | None = None,
    metrics: Sequence[str] = (),
    threshold: float | None = None,
    memory: int | None = None,
    *,
    warn: Callable[[str], object] = str,
) -> Scored:
    """The scores on the rows of a file. DataError if it has no targets, or no rows.

    Rows that do not fit into ``memory`` bytes, or those of the run, are encoded into a temporary file.
    """
    network = with_threshold(open_network(run, warn), threshold)
    network.limit = RowLimit(str(run))
    board = board_of(network, metrics, str(run))
    limit = memory_of(run, memory)
    with loaded_rows(received(data), network.schema, limit, inputs=inputs, targets=targets) as (part, unseen):
        if part.rows == 0:
            raise DataError(f"{data}: there are no rows with targets to score")
        check_kept(board, [part], limit, WITH_OTHERS)
        notes = unseen_notes(unseen)
        if network.schema.weight is not None and part.weights is None:
            notes.append(f"there is no {network.schema.weight!r} by which rows count: all count the same")
        warnings = trained_on(run, network, part, data, memory)
        with configure_compute():
            scores = network.score(part, board)
        return Scored(str(data), part.rows, scores, notes, network.task.decision(), warnings=warnings)


def within(options: DataOptions, memory: int | None) -> DataOptions:
    """The data of a run in other memory, which decides anew whether they are streamed; the rows are the same."""
    return options if memory is None else replace(options, memory=memory, stream=None)


def with_threshold(network: TrainedNetwork, threshold: float | None) -> TrainedNetwork:
    """The network with another threshold, if one is given. ConfigError if it has none."""
    if threshold is not None:
        require_thresholds(network.task, f"--threshold {threshold:g}")
        network.task.threshold = threshold
    return network


def trained_on(run: Path, network: TrainedNetwork, part: Part, data: Path, memory: int | None) -> list[str]:
    """A warning if rows of a file are training rows of the run, as far as these are there and fit into memory."""
    folder = RunFolder(run)
    if not (folder.begun and folder.about.is_file()):
        return []
    config = load_config(folder.config, checks=UNCHECKED)
    options = within(options_of(config), memory)
    if streams(options):
        return []
    try:
        known = load(options, config.train.seed, network.schema)
    except DataError:
        return []
    if not is_same(folder, options, known.fingerprint):
        return []
    same = sum(found.count for found in repeats({"train": known.train, "data": part}))
    if not same:
        return []
    rows = "row is the same as a training row" if same == 1 else "rows are the same as training rows"
    return [f"{data}: {same:,} of {part.rows:,} {rows} of the run, which inflates the scores"]


def board_of(network: TrainedNetwork, metrics: Sequence[str], where: str) -> Scoreboard:
    """A board of metrics as a command line names them; without, of those of the run, and tables of the classes.

    ConfigError for one that is wrong, PluginError for one of the run that is not installed.
    """
    if not metrics:
        require("metric", network.origins.get("metric", {}), where)
        there = {entry if isinstance(entry, str) else entry["type"] for entry in network.metrics}
        tables = [name for name in CLASS_TABLES if name in suited(network.task) and name not in there]
        return Scoreboard(network.task, made(network.task, [*network.metrics, *tables]))
    try:
        return Scoreboard(network.task, made(network.task, [entry_of(text) for text in metrics]))
    except SpecError as error:
        raise ConfigError(*(f"--metric {metrics[int(place[0])]}: {what}" for place, what in error.problems)) from error


def entry_of(text: str) -> Entry:
    """A name, or a table of TOML. ConfigError if the table has no type."""
    value = value_of(text)
    try:
        return metric_entry(value) if isinstance(value, dict) else text
    except ValueError as error:
        raise ConfigError(f"--metric {text}: {error}") from None


def unseen_notes(unseen: Mapping[str, int]) -> list[str]:
    """What to say about categories that training never saw, by column."""
    return [
        f"{count:,} value{'s' * (count > 1)} of column {name!r} {'were' if count > 1 else 'was'} never seen in training"
        for name, count in unseen.items()
    ]
