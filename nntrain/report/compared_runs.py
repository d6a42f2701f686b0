"""Runs and cross-validations as ``nntrain compare`` takes them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nntrain.config.load import load_config
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.errors import DataError, RunError
from nntrain.report.file_rows import read_rows
from nntrain.report.set_predictions import SetPredictions
from nntrain.report.trained_run import MAX_ROWS, TrainedRun, find_rows
from nntrain.shell_command import format_command
from nntrain.training.building.trainer_assembly import get_data_options
from nntrain.training.inference.evaluation import find_training_overlap
from nntrain.training.inference.network_loading import load_trained_network
from nntrain.training.product_choice import restore_engine
from nntrain.training.resuming.requested_config import get_requested_config
from nntrain.training.row_limit import RowLimit
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.run_folder.records import read_fold_scores, read_scores
from nntrain.training.run_folder.run_files import check_run_items
from nntrain.training.run_folder.run_folder import RunFolder


def load_compared_run(path: Path, *, with_rows: bool) -> TrainedRun:
    """Load a run, an average of networks, or a cross-validation, which has only scores.

    RunError if there is none. Rows that are missing or have changed are a ``rows_error``.
    """
    folds = FoldsFolder(path)
    return load_folds(folds, with_rows=with_rows) if folds.is_started else TrainedRun.load(path, with_rows=with_rows)


def load_folds(folder: FoldsFolder, *, with_rows: bool) -> TrainedRun:
    """Load an average of networks, or a cross-validation. RunError before its last fold is complete."""
    check_run_items(folder.path)
    config = load_config(folder.config, checks=NO_CHECKS)
    is_average = config.data.validation_folds is not None
    if not (folder.scores if is_average else folder.fold_scores).is_file():
        raise RunError(
            f"{folder.path}: not all folds are complete; resume with: {format_command('resume', folder.path)}"
        )
    first, own = folder.get_fold(1), RunFolder(folder.path)
    metadata = {**first.find_metadata(), "asked": get_requested_config(config)}
    resolved = load_config(first.config, checks=NO_CHECKS)
    options = get_data_options(resolved)
    if not is_average:
        found = read_fold_scores(folder.fold_scores)
        scores = {f"test, mean of {len(found['folds'])} folds": found["mean"].get("test", {})}
        error = "each of its networks predicts other rows"
        return TrainedRun(own, resolved, options, metadata, [], scores, None, None, error)
    network = load_trained_network(folder.path)
    rows, error = find_rows(own, first, resolved, network) if with_rows else (None, "")
    scores = read_scores(folder.scores, is_average=True)
    return TrainedRun(own, resolved, options, metadata, [], scores, network, rows, error, is_average=True)


def predict_file(run: TrainedRun, path: Path) -> tuple[SetPredictions, list[str]]:
    """Predict the labeled rows of a file, and warn of those that the run was trained on.

    RunError if the run has no network, DataError if the file has no targets or too many rows.
    """
    where = run.folder.path
    if run.network is None:
        raise RunError(f"{where}: has no network that predicts {path}: {explain_missing_rows(run)}")
    restore_engine(run.folder)
    run.network.row_limit = RowLimit(str(where))
    rows = read_rows(path, run.network, need_targets=True)
    count = rows.dataset.rows
    if count > MAX_ROWS:
        raise DataError(f"{path}: expected at most {MAX_ROWS:,} rows to compare, got {count:,}")
    found = SetPredictions.compute("labeled", run.network, rows.dataset, rows.row_indices, str(where))
    overlap = find_training_overlap(where, run.network, rows.dataset, path, None)
    return found, [f"{where}: {warning}" for warning in overlap]


def explain_missing_rows(run: TrainedRun) -> str:
    """Return why a run has no predictions."""
    if run.rows_error:
        return run.rows_error
    return "no epoch is complete yet" if run.network is None else "no set of a size that is compared"


def get_set_scores(run: TrainedRun) -> dict[str, Mapping[str, Any]]:
    """Return the scores of a run by set, without the number of the best epoch."""
    return {name: values for name, values in run.scores.items() if isinstance(values, Mapping)}
