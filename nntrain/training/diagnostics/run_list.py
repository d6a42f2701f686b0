"""The runs in a folder, without their networks and data."""

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nntrain.config.toml import read_toml
from nntrain.errors import NntrainError, RunError
from nntrain.training.metrics.score_rows import select_scalars
from nntrain.training.run_folder.folder_lock import is_in_use
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.run_folder.records import check_record, read_fold_scores, read_last_metrics, read_scores
from nntrain.training.run_folder.run_folder import RunFolder

# The sets whose scores are listed: those of a test set, if there is one.
SETS = ("test", "validation", "train")

# The sections and keys of a config that are listed.
SECTION_SCHEMA = {"data": dict, "train": dict}
KEY_SCHEMA: dict[str, dict[str, Any]] = {
    "data": {"path": str, "target": str | list[str]},
    "train": {"monitor": str, "refit": bool},
}


@dataclass(frozen=True)
class RunEntry:
    """A run or a cross-validation. ``state``: running, finished, stopped, diverged or corrupt, with the ``reason``.

    ``score``: the value of ``metric`` on the rows of ``scored_set``; before training ends, in the last epoch.
    ``seconds``: of training. ``started``: the time in UTC.
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
    """Return the runs in a folder and those inside it, in alphabetical order. RunError if the folder does not exist."""
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
    except (NntrainError, OSError) as error:
        return RunEntry(str(path), "corrupt", reason=str(error))


def read_run(folder: RunFolder) -> RunEntry:
    """Read the records of a run. RunError or ConfigError if they are corrupt."""
    folder.check_run()
    config, metadata = read_config(folder.config), folder.find_metadata()
    scores = read_scores(folder.scores) if folder.scores.is_file() else {}
    last = read_last_metrics(folder.metrics)
    is_finished = bool(scores) and not (config["train"].get("refit") and not folder.refit.scores.is_file())
    metric, value, name = choose_score(scores or last, get_monitor(config))
    state, reason = find_state(folder.path, [metadata], is_finished=is_finished)
    return RunEntry(
        str(folder.path),
        state,
        *describe_data(config),
        metric=metric,
        score=value,
        scored_set=name if scores or not name else f"{name}, epoch {last['epoch']}",
        epochs=last.get("epoch", 0),
        seconds=sum_seconds(folder.metadata, [metadata]),
        started=find_start(folder, metadata),
        reason=reason,
    )


def read_folds(folder: FoldsFolder) -> RunEntry:
    """Read the records of a cross-validation, whose score is the mean over its folds.

    That of an average of networks is the score of the average, if there are test rows.
    """
    config = read_config(folder.config)
    is_average = config["data"].get("validation_folds") is not None
    folds = [RunFolder(path) for path in sorted(folder.path.glob("fold-*")) if RunFolder(path).is_started]
    metadata = [fold.find_metadata() for fold in folds]
    scores: Mapping[str, Any] = {}
    where = ""
    if folder.fold_scores.is_file():
        found = read_fold_scores(folder.fold_scores)
        name = "validation" if is_average else "test"
        scores = {name: found["mean"].get(name, {})}
        where = f"mean of {len(found['folds'])} {name} folds"
    if is_average and folder.scores.is_file():
        average = read_scores(folder.scores, is_average=True)
        scores, where = (average, "test") if "test" in average else (scores, where)
    metric, value, name = choose_score(scores, get_monitor(config))
    is_finished = (folder.scores if is_average else folder.fold_scores).is_file()
    state, reason = find_state(folder.path, metadata, is_finished=is_finished)
    return RunEntry(
        str(folder.path),
        state,
        *describe_data(config),
        metric=metric,
        score=value,
        scored_set=where if name else "",
        seconds=sum_seconds(folder.path, metadata),
        started=find_start(folder, metadata[0] if metadata else {}),
        reason=reason,
    )


def read_config(path: Path) -> dict[str, dict[str, Any]]:
    """Read the sections of a config that are listed. ConfigError or RunError if it is corrupt."""
    tree = read_toml(path)[0]
    sections = {name: tree.get(name, {}) for name in SECTION_SCHEMA}
    check_record(path, sections, SECTION_SCHEMA)
    for name, keys in KEY_SCHEMA.items():
        check_record(path, sections[name], {key: kind for key, kind in keys.items() if key in sections[name]}, name)
    return sections


def find_state(path: Path, metadata: Sequence[Mapping[str, Any]], *, is_finished: bool) -> tuple[str, str]:
    """Return the state of a run or of runs on folds, and the reason if it diverged."""
    if is_in_use(path):
        return "running", ""
    diverged = next((known["diverged"] for known in metadata if "diverged" in known), None)
    if diverged is not None and not is_finished:
        return "diverged", f"diverged at {diverged.get('message', 'an unknown step')}"
    return ("finished" if is_finished else "stopped"), ""


def describe_data(config: Mapping[str, Any]) -> tuple[str, str]:
    """Return the file and the target of a config."""
    target = config["data"].get("target", "")
    return config["data"].get("path", ""), target if isinstance(target, str) else ", ".join(target)


def get_monitor(config: Mapping[str, Any]) -> str:
    """Return the score that selects the best epoch."""
    monitor: str = config["train"].get("monitor", "loss")
    return monitor


def choose_score(scores: Mapping[str, Any], monitor: str) -> tuple[str, float | None, str]:
    """Return the monitored score if it is a metric, else the first metric, else the loss: its name, value and set."""
    name = next((name for name in SETS if name in scores), "")
    values = select_scalars(scores.get(name, {}))
    metrics = [key for key in values if key != "loss"]
    key = monitor if monitor in metrics else next(iter(metrics), "loss")
    return (key, values.get(key), name) if values else ("", None, "")


def sum_seconds(path: Path, metadata: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the seconds of training; None before it ends. RunError if they are corrupt."""
    known = [found["seconds"] for found in metadata if "seconds" in found]
    for seconds in known:
        if not 0 <= seconds < math.inf:
            raise RunError(f"{path}: corrupt: seconds: expected a duration, got {seconds}")
    return sum(known) if known else None


def find_start(folder: RunFolder | FoldsFolder, metadata: Mapping[str, Any]) -> str:
    """Return the time at which a run was started; for one of an older version, at which its config was written."""
    if "started" not in metadata:
        return format_time(datetime.fromtimestamp(folder.config.stat().st_mtime, UTC))
    try:
        return format_time(datetime.fromisoformat(metadata["started"]))
    except (ValueError, OverflowError):
        raise RunError(f"{folder.path}: corrupt: started: expected a time, got {metadata['started'][:40]!r}") from None


def format_time(time: datetime) -> str:
    """Return a time in UTC; one without a time zone is in UTC."""
    known = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return known.isoformat(timespec="seconds")


# The value to sort by, None if it is unknown.
SORT_KEYS: dict[str, Callable[[RunEntry], Any]] = {
    "name": lambda entry: entry.path,
    "data": lambda entry: (entry.data, entry.target) if entry.data else None,
    "score": lambda entry: None if entry.score is None or math.isnan(entry.score) else (entry.metric, entry.score),
    "time": lambda entry: entry.seconds,
    "state": lambda entry: entry.state,
    "started": lambda entry: entry.started or None,
}


def sort_runs(entries: Sequence[RunEntry], key: str, *, reverse: bool = False) -> list[RunEntry]:
    """Return the entries sorted by one of SORT_KEYS, the newest first, unless ``reverse``; unknown values are last."""
    get_value = SORT_KEYS[key]
    known = [entry for entry in entries if get_value(entry) is not None]
    unknown = [entry for entry in entries if get_value(entry) is None]
    return [*sorted(known, key=get_value, reverse=reverse != (key == "started")), *unknown]
