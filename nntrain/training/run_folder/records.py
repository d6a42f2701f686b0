"""The JSON files of a run. They may come from untrusted sources, so the types of all used values are checked."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nntrain.config.old_keys import translate_old_keys
from nntrain.errors import CheckpointError, RunError
from nntrain.files.own_files import read_last_line, read_own_text
from nntrain.specs.state_schema import COUNT, validate_state
from nntrain.training.best_model import SCORES_SCHEMA

# The optional keys of ``run.json``: older runs and runs that were never resumed do not have them.
OPTIONAL_METADATA_SCHEMA = {
    "threads": range(1, 2**15),
    "products": dict,
    "asked": dict,
    "origins": dict[str, dict[str, str]],
    "exact": bool,
    "resumed": list[dict[str, Any]],
    "diverged": dict,
    "started": str,
    "seconds": float,
}
EPOCH_SCHEMA = {"epoch": COUNT, "step": COUNT}
RESUME_SCHEMA = {"step": COUNT, "changes": dict[str, dict[str, Any]], "allowed": list[str]}

# Maximum number of characters of a JSON error in a message.
MAX_ERROR_LENGTH = 100


def read_metadata(path: Path) -> dict[str, Any]:
    """Read ``run.json``. RunError if it is corrupt."""
    known = parse_object(path, read_own_text(path))
    optional = {name: kind for name, kind in OPTIONAL_METADATA_SCHEMA.items() if name in known}
    check_record(path, known, {"data": dict} | optional)
    check_record(path, known["data"], {"fingerprint": str}, "data")
    if "products" in known:
        optional = {"min_work": COUNT} if "min_work" in known["products"] else {}
        check_record(path, known["products"], {"engine": str} | optional, "products")
    if "diverged" in known:
        check_record(path, known["diverged"], {"best": COUNT}, "diverged")
    for number, entry in enumerate(known.get("resumed", ())):
        optional = {"reasons": list[str]} if "reasons" in entry else {}
        check_record(path, entry, RESUME_SCHEMA | optional, f"resumed[{number}]")
        for key, change in entry["changes"].items():
            check_record(path, change, {"from": Any, "to": Any}, f"resumed[{number}].changes.{key}")
    return known | {"asked": translate_old_keys(known["asked"])} if "asked" in known else known


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """Read the metrics, one entry per epoch; an incomplete last line is ignored.

    RunError for a corrupt line.
    """
    lines = read_own_text(path).splitlines(keepends=True) if path.exists() else []
    found = [parse_object(path, line) for line in lines if line.endswith("\n")]
    for number, line in enumerate(found, 1):
        check_record(path, line, EPOCH_SCHEMA, f"line {number}")
    return found


def read_last_metrics(path: Path) -> dict[str, Any]:
    """Read the last entry of the metrics, without those before it; empty if there is none. RunError if it is corrupt.

    Its time does not grow with the number of epochs.
    """
    line = read_last_line(path) if path.exists() else ""
    if not line:
        return {}
    found = parse_object(path, line)
    scores = {name: found[name] for name in ("train", "validation") if name in found}
    check_record(path, {**found, "scores": scores}, {**EPOCH_SCHEMA, "scores": SCORES_SCHEMA}, "last line")
    return found


def read_scores(path: Path, *, is_average: bool = False) -> dict[str, Any]:
    """Read ``scores.json``. RunError if it is corrupt. ``is_average``: of several networks, which has no best epoch."""
    found = parse_object(path, read_own_text(path))
    scores = {name: value for name, value in found.items() if name != "epoch"}
    epoch = {} if is_average else {"epoch": COUNT}
    check_record(path, {**found, "scores": scores}, {**epoch, "scores": SCORES_SCHEMA})
    return found


def read_fold_scores(path: Path) -> dict[str, Any]:
    """Read ``folds.json``. RunError if it is corrupt."""
    found = parse_object(path, read_own_text(path))
    check_record(path, found, {"folds": list[dict[str, Any]], "mean": SCORES_SCHEMA, "deviation": SCORES_SCHEMA})
    return found


def parse_object(path: Path, text: str) -> dict[str, Any]:
    """Parse a JSON object. RunError if the text is not one."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path}: corrupt: {str(error)[:MAX_ERROR_LENGTH]}") from None
    if not isinstance(found, dict):
        raise RunError(f"{path}: corrupt: expected a JSON object, got a {type(found).__name__}")
    return found


def check_record(path: Path, state: Any, schema: Mapping[str, Any], part: str = "") -> None:
    """RunError unless the values under these names have these types."""
    try:
        validate_state(state, schema, f"{path}: corrupt{part and f': {part}'}")
    except CheckpointError as error:
        raise RunError(str(error)) from None


def to_json(value: Any, indent: int | None = None) -> str:
    """Return ``value`` as JSON, with null for NaN and infinity, which JSON does not have."""
    return json.dumps(replace_nonfinite(value), indent=indent, allow_nan=False)


def replace_nonfinite(value: Any) -> Any:
    """Return ``value`` with None in place of every float that is not finite."""
    if isinstance(value, dict):
        return {key: replace_nonfinite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [replace_nonfinite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
