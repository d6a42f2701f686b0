"""What ``run.json`` says of a run that goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nntrain.nn.threads import threads
from nntrain.training.about import environment
from nntrain.training.contract import Changes
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder, write_text

__all__ = ["history", "keep_threads", "resumption"]


def keep_threads(folder: RunFolder) -> Iterator[str]:
    """Use as many threads as when the run began, since last bits depend on it, unless NNTRAIN_THREADS says otherwise.

    Yields what is worth telling: that this is not what the machine would choose.
    """
    began = json.loads(folder.about.read_text(encoding="utf-8"))["threads"]
    if "NNTRAIN_THREADS" not in os.environ and began != threads():
        yield f"threads: {began}, as when the run began, where this machine would choose {threads()}"
        os.environ["NNTRAIN_THREADS"] = str(began)


def resumption(
    folder: RunFolder, run: Run, command: Sequence[str], changes: Changes, allowed: Collection[str]
) -> list[str]:
    """Enter it into ``run.json``, and return what is worth telling."""
    known = json.loads(folder.about.read_text(encoding="utf-8"))
    now = environment()
    notes = list(differences(known, now))
    if notes:
        notes = [f"not as when the run began: {', '.join(notes)}; the last bits may differ from an uninterrupted run's"]
    if allowed:
        known["exact"] = False
        notes.append(f"{', '.join(allowed)} changed: the run is marked as not exact")
    known.setdefault("resumed", []).append(
        {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": list(command),
            "step": run.step,
            "changes": {key: {"from": old, "to": new} for key, (old, new) in changes.items()},
            "allowed": list(allowed),
            **now,
        }
    )
    write_text(folder.about, json.dumps(known, indent=2) + "\n")
    return notes


def history(path: Path) -> dict[str, Any]:
    """What ``run.json`` in a run folder says of resumptions; nothing of a file, or where there were none."""
    about = RunFolder(path).about
    known = json.loads(about.read_text(encoding="utf-8")) if about.is_file() else {}
    return {name: known[name] for name in ("exact", "resumed") if known.get("resumed")}


def differences(before: Mapping[str, Any], now: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """What of the environment is another than it was."""
    for key, value in now.items():
        old = before.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            yield from differences(old, value, f"{key} " if key == "blas" else "")
        elif old != value:
            yield f"{place}{key} {value} (was {old})"
