"""The metadata of a run in ``run.json``."""

import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from nntrain import __version__
from nntrain.compute.cpu_setup import describe_processor
from nntrain.compute.denormals import find_float_environment
from nntrain.compute.openblas import get_kernels
from nntrain.compute.threads import get_num_threads, get_threading_mode
from nntrain.config.toml import read_toml
from nntrain.data.fingerprint import HASH_ALGORITHM
from nntrain.files.piped_input import restore_given_names
from nntrain.shell_command import format_command
from nntrain.training.product_choice import describe_engine
from nntrain.training.resuming.resume_policy import CHANGEABLE_KEYS, ConfigChanges
from nntrain.training.run_folder.provenance import COMPONENT_KINDS, Provenance, find_version_changes
from nntrain.training.run_folder.run_folder import RunFolder, write_text
from nntrain.training.trainer import Trainer

LIBRARIES = ("numpy", "h5py", "duckdb", "pydantic")


def build_run_metadata(trainer: Trainer, seed: int, command: list[str]) -> dict[str, Any]:
    """Return versions, seed, command, BLAS, and the fingerprint of the data."""
    rows = {name: dataset.rows for name, dataset in trainer.splits.datasets.items()}
    return {
        **get_environment(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "seed": seed,
        "parameters": int(trainer.w.size),
        "data": {"fingerprint": trainer.splits.fingerprint, "hash": HASH_ALGORITHM, "rows": rows},
        "notes": [restore_given_names(note) for note in trainer.splits.notes],
    }


def get_environment() -> dict[str, Any]:
    """Return everything outside the run that the last bits of a result may depend on."""
    config: Any = np.show_config(mode="dicts")
    blas = config["Build Dependencies"]["blas"] if config else {}
    return {
        "nntrain": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": describe_processor(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "blas": {"name": blas.get("name"), "version": blas.get("version"), "kernels": get_kernels()},
        "products": describe_engine(),
        "threads": get_num_threads(),
        "threading": get_threading_mode(),
        # Kept if the processor cannot flush them.
        "denormals": "kept" if find_float_environment() is None else "flushed",
    }


def restore_thread_count(folder: RunFolder) -> list[str]:
    """Use the thread count with which the run started, on which the last bits depend, unless NNTRAIN_THREADS is set.

    Return a note if it differs from the default of this machine.
    """
    count, default = folder.read_metadata()["threads"], get_num_threads()
    if "NNTRAIN_THREADS" in os.environ or count == default:
        return []
    os.environ["NNTRAIN_THREADS"] = str(count)
    return [f"threads: {count}, as when the run started (default on this machine: {default})"]


def record_resumption(
    folder: RunFolder,
    trainer: Trainer,
    command: Sequence[str],
    changes: ConfigChanges,
    report: Callable[[str], object],
    warn: Callable[[str], object],
    *,
    sampled: bool,
) -> None:
    """Record that the run is resumed in ``run.json``, and whether it is still exact.

    ``report`` receives notes, ``warn`` warnings.
    ``sampled``: only samples of the data were compared with those at the start of the run.
    """
    known = folder.read_metadata()
    now = get_environment()
    inexact = [key for key in changes if key not in CHANGEABLE_KEYS]
    # The modules of the checkpoint, and the other components with which the run was started.
    started, checkpoint = known.get("origins", {}), trainer.network.provenance
    origins: Provenance = {kind: {**checkpoint.get(kind, {}), **started.get(kind, {})} for kind in COMPONENT_KINDS}
    versions = find_version_changes(origins)
    rates = list(find_changed_rates(trainer, changes))
    if found := list(find_environment_changes(known, now)):
        report(f"changed since the run started: {', '.join(found)}; the last bits may differ from an uninterrupted run")
    if inexact:
        report(f"{', '.join(inexact)} changed: the run is marked as not exact")
    if sampled:
        report("an older nntrain recorded only samples of the data, which match; now all of the data is recorded")
    for what in (*versions, *rates):
        warn(f"{what}: the run is marked as not exact")
    known["data"] |= {"fingerprint": trainer.splits.fingerprint, "hash": HASH_ALGORITHM}
    reasons = [*(f"{key} changed" for key in inexact), *versions, *rates]
    if reasons:
        known["exact"] = False
    known.pop("diverged", None)
    known.setdefault("resumed", []).append(
        {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": list(command),
            "step": trainer.step,
            "changes": {key: {"from": old, "to": new} for key, (old, new) in changes.items()},
            "allowed": inexact,
            "reasons": reasons,
            **now,
        }
    )
    write_text(folder.metadata, json.dumps(known, indent=2) + "\n")


# Maximum number of steps whose learning rates are compared.
MAX_STEPS = 1000


def find_changed_rates(trainer: Trainer, changes: ConfigChanges) -> Iterator[str]:
    """Yield a warning if a changed number of epochs stretches the schedule, and past steps had other learning rates."""
    old, _ = changes.get("train.epochs", (None, None))
    peak = trainer.peak_learning_rate
    if trainer.schedule is None or peak is None or old is None or "schedule.type" in changes:
        return
    before, after = old * len(trainer.micro_batches), trainer.total_steps
    steps = range(0, trainer.step, max(trainer.step // MAX_STEPS, 1))
    rate = trainer.schedule.get_learning_rate
    if any(rate(step, before, peak) != rate(step, after, peak) for step in steps):
        was, now = (rate(trainer.step, total, peak) for total in (max(before, trainer.step + 1), after))
        yield (
            f"the schedule is stretched from {before:,} to {after:,} steps, so the next learning rate is {now:.3g} "
            f"instead of {was:.3g}, and a run of {trainer.epochs} epochs from the start would give other results"
        )


def read_history(path: Path) -> dict[str, Any]:
    """Return the resumptions and the divergence recorded in ``run.json`` of a run folder; empty for a file."""
    folder = RunFolder(path)
    known = folder.find_metadata()
    past = {name: known[name] for name in ("exact", "resumed") if known.get("resumed")}
    return past | {name: known[name] for name in ("diverged",) if name in known}


def record_duration(folder: RunFolder, trainer: Trainer) -> None:
    """Record the seconds of training in ``run.json``."""
    known = folder.read_metadata()
    known["seconds"] = round(trainer.timer.seconds, 3)
    write_text(folder.metadata, json.dumps(known, indent=2) + "\n")


def find_unfinished(path: Path) -> Iterator[str]:
    """Yield a warning if ``path`` is a run whose training or refit has not ended; none for a file."""
    folder = RunFolder(path)
    if not folder.is_started:
        return
    if not folder.scores.is_file():
        what = "the run"
    elif read_toml(folder.config)[0].get("train", {}).get("refit") is True and not folder.refit.scores.is_file():
        what = "the refit"
    else:
        return
    yield f"{what} is not complete, this is its best network so far; resume it: {format_command('resume', path)}"


def find_environment_changes(before: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the changed values of the environment; older versions recorded fewer."""
    for key, value in now.items():
        old = before.get(key, value)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            yield from find_environment_changes(old, value, f"{key} " if key == "blas" else "")
        elif old != value:
            yield f"{prefix}{key} {value} (was {old})"
