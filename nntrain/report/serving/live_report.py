"""The report of a run that may be training: its HTML, and the files that it depends on."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from nntrain.compute.threads import configure_compute
from nntrain.config.load import load_config
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.report.page.rendering import render_page
from nntrain.report.run_report import build_any_report
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.run_folder.run_folder import RunFolder

# The modification times and sizes of files by path.
FileStates: TypeAlias = dict[Path, tuple[int, int]]


def check_watchable(path: Path) -> None:
    """RunError unless there is a run or a cross-validation."""
    if not FoldsFolder(path).is_started:
        RunFolder(path).check_run()


def render_live_report(path: Path) -> str:
    """Return the HTML of a run or a cross-validation.

    Until the run is complete, without predictions: they would take the time of training, and the scores of the test
    rows would be known before the choices that they measure.
    """
    with configure_compute():
        return render_page(build_any_report(path, with_rows=is_complete(path)))


def is_complete(path: Path) -> bool:
    """Whether a run or a cross-validation has all its results."""
    folds, folder = FoldsFolder(path), RunFolder(path)
    if folds.is_started:
        is_average = folds.read_config().data.validation_folds is not None
        return (folds.scores if is_average else folds.fold_scores).is_file()
    if not folder.scores.is_file() or not load_config(folder.config, checks=NO_CHECKS).train.refit:
        return folder.scores.is_file()
    # The scores are written again after those of the refit.
    refit = folder.refit.scores
    return refit.is_file() and folder.scores.stat().st_mtime_ns >= refit.stat().st_mtime_ns


def find_file_states(path: Path) -> FileStates:
    """Find the states of the files that change while a run or its folds train."""
    found: FileStates = {}
    for file in iterate_files(path):
        try:
            state = file.stat()
        except OSError:
            continue
        found[file] = (state.st_mtime_ns, state.st_size)
    return found


def iterate_files(path: Path) -> Iterator[Path]:
    """Yield the paths of the metrics and scores in a folder, its folds and its refit; they may be missing."""
    for folder in (path, *sorted(path.glob("fold-*")), path / "refit"):
        run = RunFolder(folder)
        yield from (run.config, run.metrics, run.scores)
    yield FoldsFolder(path).fold_scores
