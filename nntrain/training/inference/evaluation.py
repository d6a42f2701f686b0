"""Scores of a trained network on rows that it was not trained on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nntrain.compute.threads import configure_compute
from nntrain.config.load import load_config
from nntrain.config.override import parse_value
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.config.train_config import validate_entry
from nntrain.data.checks.duplicate_rows import find_duplicate_rows
from nntrain.data.checks.unseen_values import build_unseen_notes
from nntrain.data.dataset import Dataset
from nntrain.data.loading import load_data, open_dataset
from nntrain.data.memory_size import parse_memory_size
from nntrain.data.options.data_options import DataOptions
from nntrain.data.streaming.memory_budget import get_default_memory_limit, get_memory_limit, is_streamed
from nntrain.errors import ConfigError, DataError, RunError, SpecError
from nntrain.files.piped_input import receive_file
from nntrain.shell_command import format_command
from nntrain.training.building.trainer_assembly import get_data_options
from nntrain.training.inference.network_loading import find_checkpoint, load_trained_network
from nntrain.training.metric_collection import MetricCollection, check_metric_memory
from nntrain.training.metrics.metric_selection import MetricEntry, build_metrics, list_metrics_for
from nntrain.training.product_choice import restore_engine
from nntrain.training.row_limit import RowLimit
from nntrain.training.run_folder.data_check import is_data_unchanged, read_unchanged
from nntrain.training.run_folder.folds_folder import FoldsFolder, find_data_run
from nntrain.training.run_folder.provenance import get_type_names, require_installed
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.tasks.threshold_tuning import require_threshold
from nntrain.training.trained_network import TrainedNetwork


def get_memory(run: Path, given: int | None) -> int:
    """Return the memory limit: ``given``, or ``data.memory`` of the run, or half of the free memory."""
    if given is not None:
        return given
    folder = find_data_run(run)
    configured = load_config(folder.config, checks=NO_CHECKS).data.memory if folder.is_started else None
    return get_default_memory_limit() if configured is None else parse_memory_size(configured)


# Metrics of classes and labels in addition to the metrics of a run.
CLASS_METRICS = ("per_class", "confusion_matrix")

# The advice if metrics need too much memory.
MEMORY_FIX = "choose other metrics with --metric"


@dataclass(frozen=True)
class Evaluation:
    """The scores, with their data and the decision rule."""

    data: str
    rows: int
    scores: dict[str, Any]
    notes: Sequence[str] = ()

    # The positive class and the threshold of its probability, or the threshold of each label.
    decision: Mapping[str, Any] = field(default_factory=dict)

    warnings: Sequence[str] = ()


def evaluate_test_set(
    run: Path,
    metrics: Sequence[str] = (),
    threshold: float | None = None,
    memory: int | None = None,
    *,
    warn: Callable[[str], object] = str,
) -> Evaluation:
    """Return the scores on the test set of a run: ``metrics``, or those of ``create_metrics``.

    ``threshold`` and ``memory`` (bytes) override those of the run.
    """
    if find_checkpoint(run) == run:
        raise RunError(f"{run}: a checkpoint has no test rows; {suggest_file(run)}")
    network = set_threshold(load_trained_network(run, warn), threshold)
    restore_engine(RunFolder(run))
    network.row_limit = RowLimit(str(run))
    collection = create_metrics(network, metrics, str(run))
    folder = find_data_run(run)
    config = load_config(folder.config, checks=NO_CHECKS)
    options = override_memory(get_data_options(config), memory)
    notes: list[str] = []
    data = read_unchanged(
        folder,
        options,
        f"score another file: {format_command('evaluate', run, config.data.test_path or 'DATA')}",
        lambda: load_data(options, config.train.seed, network.preprocessor, report=notes.append),
        lambda data: data.fingerprint,
    )
    if data.test is None:
        raise RunError(f"{run}: the run has no test set; {suggest_file(run)}")
    check_metric_memory(collection, [data.test], get_memory_limit(options), MEMORY_FIX)
    with configure_compute():
        scores = network.score(data.test, collection)
    where = f"the test set of {config.data.test_path or config.data.path}"
    return Evaluation(where, data.test.rows, scores, notes, network.task.get_decision_rule())


def suggest_file(run: Path) -> str:
    """Format the advice for a run or a checkpoint without a test set."""
    return f"give a file: {format_command('evaluate', run, 'DATA')}"


def evaluate_file(
    run: Path,
    data: Path,
    inputs: str | None = None,
    targets: str | None = None,
    metrics: Sequence[str] = (),
    threshold: float | None = None,
    memory: int | None = None,
    *,
    warn: Callable[[str], object] = str,
) -> Evaluation:
    """Return the scores on the rows of a file. DataError if it has no targets or no rows.

    Rows that do not fit in ``memory`` bytes (default: those of the run) are encoded to a temporary file.
    """
    network = set_threshold(load_trained_network(run, warn), threshold)
    restore_engine(RunFolder(run))
    network.row_limit = RowLimit(str(run))
    collection = create_metrics(network, metrics, str(run))
    limit = get_memory(run, memory)
    with open_dataset(receive_file(data), network.preprocessor, limit, inputs=inputs, targets=targets) as (
        dataset,
        unseen,
    ):
        if dataset.rows == 0:
            raise DataError(f"{data}: no rows with targets to score")
        check_metric_memory(collection, [dataset], limit, MEMORY_FIX)
        notes = build_unseen_notes(network.preprocessor, unseen)
        if network.preprocessor.weight is not None and dataset.weights is None:
            notes.append(f"no sample weight column {network.preprocessor.weight!r}: all rows count the same")
        warnings = find_training_overlap(run, network, dataset, data, memory)
        with configure_compute():
            scores = network.score(dataset, collection)
        return Evaluation(str(data), dataset.rows, scores, notes, network.task.get_decision_rule(), warnings=warnings)


def override_memory(options: DataOptions, memory: int | None) -> DataOptions:
    """Return the data options with another memory limit, which decides again whether rows are streamed."""
    return options if memory is None else replace(options, memory=memory, stream=None)


def set_threshold(network: TrainedNetwork, threshold: float | None) -> TrainedNetwork:
    """Set the threshold of the network, if one is given. ConfigError if the task has no threshold."""
    if threshold is not None:
        require_threshold(network.task, f"--threshold {threshold:g}")
        network.task.threshold = threshold
    return network


def find_training_overlap(
    run: Path, network: TrainedNetwork, dataset: Dataset, data: Path, memory: int | None
) -> list[str]:
    """Return a warning if rows of a file are training rows of the run, if these still exist and fit in memory."""
    folder = find_data_run(run)
    if not (folder.is_started and folder.metadata.is_file()):
        return []
    config = load_config(folder.config, checks=NO_CHECKS)
    options = override_memory(get_data_options(config), memory)
    if is_streamed(options):
        return []
    try:
        known = load_data(options, config.train.seed, network.preprocessor)
    except DataError:
        return []
    if not is_data_unchanged(folder, options, known.fingerprint):
        return []
    # All rows of an average or a refit are training rows, except for the test set.
    trained = [known.train, known.validation] if config.train.refit or FoldsFolder(run).is_started else [known.train]
    sets = [{"train": rows, "data": dataset} for rows in trained if rows is not None]
    same = sum(found.count for rows in sets for found in find_duplicate_rows(rows))
    if not same:
        return []
    rows = "row is the same as a training row" if same == 1 else "rows are the same as training rows"
    return [f"{data}: {same:,} of {dataset.rows:,} {rows} of the run, which inflates the scores"]


def create_metrics(network: TrainedNetwork, metrics: Sequence[str], where: str) -> MetricCollection:
    """Return the metrics of a command line; default: those of the run, and the tables of the classes.

    ConfigError for an invalid metric, PluginError for a metric of the run that is not installed.
    """
    if not metrics:
        require_installed("metric", network.provenance.get("metric", {}), where)
        names = get_type_names(network.metrics)
        tables = [name for name in CLASS_METRICS if name in list_metrics_for(network.task) and name not in names]
        return MetricCollection(network.task, build_metrics(network.task, [*network.metrics, *tables]))
    try:
        return MetricCollection(network.task, build_metrics(network.task, [parse_metric(text) for text in metrics]))
    except SpecError as error:
        raise ConfigError(*(f"--metric {metrics[int(path[0])]}: {what}" for path, what in error.problems)) from error


def parse_metric(text: str) -> MetricEntry:
    """Parse a name or a TOML table. ConfigError if the table has no type."""
    value = parse_value(text)
    try:
        return validate_entry(value, "a metric") if isinstance(value, dict) else text
    except ValueError as error:
        raise ConfigError(f"--metric {text}: {error}") from None
