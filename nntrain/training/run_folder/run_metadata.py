"""How a run was made: what ``run.json`` says."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from nntrain import __version__
from nntrain.compute.denormals import flush_denormals, is_flushing_denormals
from nntrain.compute.openblas import find_openblas
from nntrain.compute.threads import get_num_threads, get_threading_mode
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.fingerprint import HASH_ALGORITHM
from nntrain.files.piped_input import restore_given_names
from nntrain.training.learning_rate_checks import find_changed_rates
from nntrain.training.resuming.resume_policy import CHANGEABLE_KEYS, ConfigChanges
from nntrain.training.run_folder.provenance import COMPONENT_KINDS, find_version_changes
from nntrain.training.run_folder.run_folder import RunFolder, write_text
from nntrain.training.trainer import Trainer

__all__ = [
    "ResumeNotes",
    "build_run_metadata",
    "get_environment",
    "read_history",
    "record_resumption",
    "restore_thread_count",
]

LIBRARIES = ("numpy", "h5py", "duckdb", "pydantic")


def build_run_metadata(trainer: Trainer, seed: int, command: list[str]) -> dict[str, Any]:
    """Versions, seed, command, BLAS, and the fingerprint of the data."""
    return {
        **get_environment(),
        "command": command,
        "seed": seed,
        "parameters": int(trainer.w.size),
        "data": {"fingerprint": trainer.splits.fingerprint, "hash": HASH_ALGORITHM, "rows": count_rows(trainer.splits)},
        "notes": [restore_given_names(note) for note in trainer.splits.notes],
    }


def get_environment() -> dict[str, Any]:
    """What the last bits of a result may depend on, beside the run itself."""
    return {
        "nntrain": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "blas": get_blas_info(),
        "threads": get_num_threads(),
        "threading": get_threading_mode(),
        "denormals": get_denormal_mode(),
    }


def get_denormal_mode() -> str:
    """What becomes of numbers below the smallest normal one: "flushed" to 0, or "kept" where that cannot be asked."""
    with flush_denormals():
        return "flushed" if is_flushing_denormals() else "kept"


def get_blas_info() -> dict[str, Any]:
    """The library that numpy multiplies matrices with, and the processor whose kernels it took."""
    config = np.show_config(mode="dicts")
    found: Any = config["Build Dependencies"]["blas"] if config else {}
    library = find_openblas()
    return {**{name: found.get(name) for name in ("name", "version")}, "kernels": library.kernels if library else ""}


def count_rows(splits: DatasetSplits) -> dict[str, int]:
    """How many rows each part has."""
    parts = {"train": splits.train, "validation": splits.validation, "test": splits.test}
    return {name: part.rows for name, part in parts.items() if part is not None}


@dataclass(frozen=True)
class ResumeNotes:
    """Sentences for the user, by their level."""

    notes: list[str]
    warnings: list[str]


def restore_thread_count(folder: RunFolder) -> Iterator[str]:
    """Use as many threads as when the run began, since last bits depend on it, unless NNTRAIN_THREADS says otherwise.

    Yields what is worth telling: that this is not what the machine would choose.
    """
    began = folder.read_metadata()["threads"]
    if "NNTRAIN_THREADS" not in os.environ and began != get_num_threads():
        yield f"threads: {began}, as when the run began, where this machine would choose {get_num_threads()}"
        os.environ["NNTRAIN_THREADS"] = str(began)


def record_resumption(
    folder: RunFolder, trainer: Trainer, command: Sequence[str], changes: ConfigChanges, *, sampled: bool = False
) -> ResumeNotes:
    """Enter a resumption into ``run.json``, which marks the run if it is no longer exact.

    ``sampled``: only samples of the data were compared with those that the run began with.
    """
    known = folder.read_metadata()
    now = get_environment()
    priced = [key for key in changes if key not in CHANGEABLE_KEYS]
    # The modules of the checkpoint, and what else the run was started with.
    started, checkpoint = known.get("origins", {}), trainer.network.provenance
    versions = find_version_changes(
        {kind: {**checkpoint.get(kind, {}), **started.get(kind, {})} for kind in COMPONENT_KINDS}
    )
    rates = list(find_changed_rates(trainer, changes))
    notes = []
    if found := list(find_environment_changes(known, now)):
        notes.append(
            f"not as when the run began: {', '.join(found)}; the last bits may differ from an uninterrupted run's"
        )
    if priced:
        notes.append(f"{', '.join(priced)} changed: the run is marked as not exact")
    if sampled:
        notes.append("an older nntrain recorded samples of the data only, which are as they were; now all is recorded")
    known["data"] |= {"fingerprint": trainer.splits.fingerprint, "hash": HASH_ALGORITHM}
    warnings = [f"{what}: the run is marked as not exact" for what in (*versions, *rates)]
    reasons = [*(f"{key} changed" for key in priced), *versions, *rates]
    if reasons:
        known["exact"] = False
    known.pop("diverged", None)
    known.setdefault("resumed", []).append(
        {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": list(command),
            "step": trainer.step,
            "changes": {key: {"from": old, "to": new} for key, (old, new) in changes.items()},
            "allowed": priced,
            "reasons": reasons,
            **now,
        }
    )
    write_text(folder.metadata, json.dumps(known, indent=2) + "\n")
    return ResumeNotes(notes, warnings)


def read_history(path: Path) -> dict[str, Any]:
    """What ``run.json`` in a run folder records of resumptions and of a divergence; nothing of a file."""
    folder = RunFolder(path)
    known = folder.read_metadata() if folder.metadata.is_file() else {}
    past = {name: known[name] for name in ("exact", "resumed") if known.get("resumed")}
    return past | {name: known[name] for name in ("diverged",) if name in known}


def find_environment_changes(before: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """What of the environment is another than it was."""
    for key, value in now.items():
        old = before.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            yield from find_environment_changes(old, value, f"{key} " if key == "blas" else "")
        elif old != value:
            yield f"{prefix}{key} {value} (was {old})"
