"""The runs in a folder, without their networks and data."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nntrain.config.toml import read_toml
from nntrain.errors import NntrainError, RunError
from nntrain.training.run_folder.folder_lock import is_in_use
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.run_folder.records import read_scores
from nntrain.training.run_folder.run_folder import RunFolder

# The sets whose scores are listed: those of a test set, if there is one.
SETS = ("test", "validation", "train")


@dataclass(frozen=True)
class RunEntry:
    """A run or a cross-validation. ``state``: running, finished, stopped, diverged or corrupt, with the ``reason``.

    ``score``: the value of ``metric`` on the rows of ``scored_set``; None before training ends. ``seconds``: of
    training. ``started``: the time in UTC.
    """

    path: str
    state: str
    data: str = ""
    target: str = ""
    metric: str = ""
    score: float | None = None
    scored_set: str = ""
    epochs: int | None = None
    seconds: float | None = None
    started: str = ""
    reason: str = ""


def list_runs(folder: Path) -> list[RunEntry]:
    """Return the runs in a folder and those inside it, in alphabetical order. RunError if there is no folder."""
    if not folder.is_dir():
        raise RunError(f"{folder}: no such folder; name the folder that contains the runs")
    return [read_entry(path) for path in find_runs(folder)]


def find_runs(folder: Path) -> Iterator[Path]:
    """Yield the folders of runs and cross-validations; what is inside them belongs to them."""
    for place, folders, _ in os.walk(folder):
        path = Path(place)
        if RunFolder(path).is_started or FoldsFolder(path).is_started:
            folders.clear()
            yield path
        folders[:] = sorted(name for name in folders if not name.startswith("."))


def read_entry(path: Path) -> RunEntry:
    """Read the records of a run; a corrupt one has its reason."""
    try:
        return read_folds(FoldsFolder(path)) if FoldsFolder(path).is_started else read_run(RunFolder(path))
    except (NntrainError, OSError, KeyError, TypeError, ValueError) as error:
        return RunEntry(str(path), "corrupt", reason=str(error))


def read_run(folder: RunFolder) -> RunEntry:
    """Read the records of a run."""
    folder.check_run()
    config, metadata = read_toml(folder.config)[0], folder.find_metadata()
    scores = read_scores(folder.scores) if folder.scores.is_file() else {}
    state = "finished" if scores else "diverged" if "diverged" in metadata else "stopped"
    history = folder.read_metrics()
    metric, value, name = choose_score(scores, config.get("train", {}).get("monitor", "loss"))
    return RunEntry(
        str(folder.path),
        "running" if is_in_use(folder.path) else state,
        *describe_data(config),
        metric=metric,
        score=value,
        scored_set=name,
        epochs=history[-1]["epoch"] if history else 0,
        seconds=metadata.get("seconds"),
        started=metadata.get("started") or format_time(folder.config),
    )


def read_folds(folder: FoldsFolder) -> RunEntry:
    """Read the records of a cross-validation, whose score is the mean over its folds."""
    config = read_toml(folder.config)[0]
    folds = [RunFolder(path) for path in sorted(folder.path.glob("fold-*")) if (path / "config.toml").is_file()]
    metadata = [fold.find_metadata() for fold in folds]
    seconds = [known["seconds"] for known in metadata if "seconds" in known]
    found: Mapping[str, Any] = {}
    if folder.fold_scores.is_file():
        scores = [read_scores(fold.scores) for fold in folds]
        names = ("validation",) if config.get("data", {}).get("validation_folds") else ("test",)
        found = {
            name: {
                key: sum(run[name][key] for run in scores) / len(scores)
                for key, value in scores[0][name].items()
                if isinstance(value, float | int) and all(isinstance(run[name].get(key), float | int) for run in scores)
            }
            for name in names
        }
    metric, value, name = choose_score(found, config.get("train", {}).get("monitor", "loss"))
    return RunEntry(
        str(folder.path),
        "running" if is_in_use(folder.path) else "finished" if found else "stopped",
        *describe_data(config),
        metric=metric,
        score=value,
        scored_set=f"{len(folds)} {name} folds" if name else "",
        seconds=sum(seconds) if seconds else None,
        started=metadata[0].get("started", "") if metadata else format_time(folder.config),
    )


def describe_data(config: Mapping[str, Any]) -> tuple[str, str]:
    """Return the file and the target of a config."""
    data = config.get("data", {})
    target = data.get("target", "")
    return str(data.get("path", "")), target if isinstance(target, str) else ", ".join(target)


def choose_score(scores: Mapping[str, Any], monitor: str) -> tuple[str, float | None, str]:
    """Return the monitored score if it is a metric, else the first metric, else the loss: its name, value and set."""
    name = next((name for name in SETS if name in scores), "")
    values = {key: value for key, value in scores.get(name, {}).items() if not isinstance(value, Mapping)}
    metrics = [key for key in values if key != "loss"]
    key = monitor if monitor in metrics else next(iter(metrics), "loss")
    return (key, values.get(key), name) if values else ("", None, "")


def format_time(path: Path) -> str:
    """Return when a file was changed, for runs of older versions."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")


SORT_KEYS: dict[str, Callable[[RunEntry], Any]] = {
    "name": lambda entry: entry.path,
    "data": lambda entry: (entry.data, entry.target),
    "score": lambda entry: (entry.metric, entry.score is None, entry.score),
    "time": lambda entry: (entry.seconds is None, entry.seconds),
    "state": lambda entry: entry.state,
    "started": lambda entry: entry.started,
}


def sort_runs(entries: Sequence[RunEntry], key: str, *, reverse: bool = False) -> list[RunEntry]:
    """Return the entries sorted by one of SORT_KEYS; times start with the newest, unless ``reverse``."""
    return sorted(entries, key=SORT_KEYS[key], reverse=reverse != (key == "started"))
