"""The JSON files of a run. They may come from anybody, so what is used of them is of the right kinds, or refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nntrain.errors import CheckpointError, RunError
from nntrain.files.kinds import read_text
from nntrain.specs.state_schema import COUNT, validate_state
from nntrain.training.best import SCORES

__all__ = ["read_about", "read_metrics", "read_scores"]

# What ``run.json`` has, or may have where a run is older or was never resumed.
ABOUT = {"data": dict}
LATER = {
    "threads": range(1, 2**15),
    "asked": dict,
    "origins": dict[str, dict[str, str]],
    "exact": bool,
    "resumed": list[dict[str, Any]],
    "diverged": dict,
}
RESUMED = {"step": COUNT, "changes": dict[str, dict[str, Any]], "allowed": list[str]}

# The longest part of a fault of the JSON that is shown.
LONGEST = 100


def read_about(path: Path) -> dict[str, Any]:
    """What ``run.json`` says. RunError if it is damaged."""
    known = decoded(path, read_text(path))
    check(path, known, ABOUT | {name: kind for name, kind in LATER.items() if name in known})
    check(path, known["data"], {"fingerprint": str}, "data")
    if "diverged" in known:
        check(path, known["diverged"], {"best": COUNT}, "diverged")
    for number, entry in enumerate(known.get("resumed", ())):
        check(path, entry, RESUMED | ({"reasons": list[str]} if "reasons" in entry else {}), f"resumed[{number}]")
        for key, change in entry["changes"].items():
            check(path, change, {"from": Any, "to": Any}, f"resumed[{number}].changes.{key}")
    return known


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """The metrics, an epoch an entry; a last line that was cut off in writing counts for nothing.

    RunError for a line that is damaged.
    """
    lines = read_text(path).splitlines(keepends=True) if path.exists() else []
    found = [decoded(path, line) for line in lines if line.endswith("\n")]
    for number, line in enumerate(found, 1):
        check(path, line, {"epoch": COUNT, "step": COUNT}, f"line {number}")
    return found


def read_scores(path: Path) -> dict[str, Any]:
    """What ``scores.json`` has. RunError if it is damaged."""
    found = decoded(path, read_text(path))
    parts = {name: scores for name, scores in found.items() if name != "epoch"}
    check(path, {**found, "scores": parts}, {"epoch": COUNT, "scores": SCORES})
    return found


def decoded(path: Path, text: str) -> dict[str, Any]:
    """The object that a text is in JSON. RunError if it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path}: damaged: {str(error)[:LONGEST]}") from None
    if not isinstance(found, dict):
        raise RunError(f"{path}: damaged: expected an object of JSON, got a {type(found).__name__}")
    return found


def check(path: Path, state: Any, kinds: Mapping[str, Any], part: str = "") -> None:
    """RunError unless the values under these names are of these kinds."""
    try:
        validate_state(state, kinds, f"{path}: damaged{part and f': {part}'}")
    except CheckpointError as error:
        raise RunError(str(error)) from None
