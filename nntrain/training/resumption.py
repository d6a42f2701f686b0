"""What ``run.json`` records of a run that is resumed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nntrain.compute.threads import get_num_threads
from nntrain.data.fingerprint import HASH
from nntrain.training.about import environment
from nntrain.training.contract import CHANGEABLE, Changes
from nntrain.training.origins import KINDS, newer_versions
from nntrain.training.rates import other_rates
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder, write_text

__all__ = ["Remarks", "history", "keep_threads", "resumption"]


@dataclass(frozen=True)
class Remarks:
    """Sentences for the user, by their level."""

    notes: list[str]
    warnings: list[str]


def keep_threads(folder: RunFolder) -> Iterator[str]:
    """Use as many threads as when the run began, since last bits depend on it, unless NNTRAIN_THREADS says otherwise.

    Yields what is worth telling: that this is not what the machine would choose.
    """
    began = folder.read_about()["threads"]
    if "NNTRAIN_THREADS" not in os.environ and began != get_num_threads():
        yield f"threads: {began}, as when the run began, where this machine would choose {get_num_threads()}"
        os.environ["NNTRAIN_THREADS"] = str(began)


def resumption(
    folder: RunFolder, run: Run, command: Sequence[str], changes: Changes, *, sampled: bool = False
) -> Remarks:
    """Enter a resumption into ``run.json``, which marks the run if it is no longer exact.

    ``sampled``: only samples of the data were compared with those that the run began with.
    """
    known = folder.read_about()
    now = environment()
    priced = [key for key in changes if key not in CHANGEABLE]
    # The modules of the checkpoint, and what else the run was started with.
    started, checkpoint = known.get("origins", {}), run.network.origins
    versions = newer_versions({kind: {**checkpoint.get(kind, {}), **started.get(kind, {})} for kind in KINDS})
    rates = list(other_rates(run, changes))
    notes = []
    if found := list(differences(known, now)):
        notes.append(
            f"not as when the run began: {', '.join(found)}; the last bits may differ from an uninterrupted run's"
        )
    if priced:
        notes.append(f"{', '.join(priced)} changed: the run is marked as not exact")
    if sampled:
        notes.append("an older nntrain recorded samples of the data only, which are as they were; now all is recorded")
    known["data"] |= {"fingerprint": run.data.fingerprint, "hash": HASH}
    warnings = [f"{what}: the run is marked as not exact" for what in (*versions, *rates)]
    reasons = [*(f"{key} changed" for key in priced), *versions, *rates]
    if reasons:
        known["exact"] = False
    known.pop("diverged", None)
    known.setdefault("resumed", []).append(
        {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": list(command),
            "step": run.step,
            "changes": {key: {"from": old, "to": new} for key, (old, new) in changes.items()},
            "allowed": priced,
            "reasons": reasons,
            **now,
        }
    )
    write_text(folder.about, json.dumps(known, indent=2) + "\n")
    return Remarks(notes, warnings)


def history(path: Path) -> dict[str, Any]:
    """What ``run.json`` in a run folder records of resumptions and of a divergence; nothing of a file."""
    folder = RunFolder(path)
    known = folder.read_about() if folder.about.is_file() else {}
    past = {name: known[name] for name in ("exact", "resumed") if known.get("resumed")}
    return past | {name: known[name] for name in ("diverged",) if name in known}


def differences(before: Mapping[str, Any], now: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """What of the environment is another than it was."""
    for key, value in now.items():
        old = before.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            yield from differences(old, value, f"{key} " if key == "blas" else "")
        elif old != value:
            yield f"{place}{key} {value} (was {old})"
