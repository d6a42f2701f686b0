"""What may change when a run goes on: docs/reliability.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.override import Override
from nntrain.config.spec_checks import UNCHECKED
from nntrain.config.write import literal
from nntrain.errors import ConfigError, nearest

__all__ = ["ALLOWED_AT_A_PRICE", "CHANGEABLE", "Changes", "agreed"]

# None of these has a part in what is computed until the run ends.
CHANGEABLE = {
    "train.epochs": "the passes over the rows, as a total",
    "train.max_steps": "the steps, as a total",
    "train.max_time": "the time, as a total",
    "train.patience": "how long no improvement is waited out",
    "train.checkpoint_every": "how often a checkpoint is written",
    "train.keep": "how many checkpoints are kept",
    "train.loggers": "who listens to the run",
    "data.path": "where the file of rows lies; what is in it must be the same",
    "data.memory": "the memory for reading rows",
    "data.cache": "the folder of encoded rows",
}

# The sections in which anything else may change if its key is given to --allow-change. The others made the checkpoint
# what it is: rows, columns, network, criterion.
ALLOWED_AT_A_PRICE = ("train", "optimizer", "schedule")

# Keys with the values before and after.
Changes = dict[str, tuple[Any, Any]]


def agreed(path: Path, overrides: Sequence[str | Override], allowed: Collection[str] = ()) -> tuple[Config, Changes]:
    """The config of a run with overrides, and what they change.

    ConfigError for a change that is neither in CHANGEABLE nor allowed by its key.
    """
    before, after = load_config(path, checks=UNCHECKED), load_config(path, overrides)
    found = changes(before.model_dump(mode="json"), after.model_dump(mode="json"))
    for key in allowed:
        if key.partition(".")[0] not in ALLOWED_AT_A_PRICE:
            sections = ", ".join(ALLOWED_AT_A_PRICE)
            raise ConfigError(f"--allow-change {key}: only keys of the sections {sections} can be allowed to change")
        if key not in found:
            raise ConfigError(f"--allow-change {key}: no --set changes it{nearest(key, found)}")
    problems = [refusal(key, *values) for key, values in found.items() if key not in CHANGEABLE and key not in allowed]
    if problems:
        raise ConfigError(*problems)
    return after, found


def changes(before: Mapping[str, Any], after: Mapping[str, Any], place: str = "") -> Changes:
    """Every key whose value differs."""
    found: Changes = {}
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found |= changes(old, new, f"{place}{key}.")
        elif old != new:
            found[f"{place}{key}"] = (old, new)
    return found


def refusal(key: str, old: Any, new: Any) -> str:
    """Why a change is refused, and what there is to do."""
    what = f"{key}: a run that goes on cannot change it{told(' from ', old)}{told(' to ', new)}"
    if key.partition(".")[0] in ALLOWED_AT_A_PRICE:
        return f"{what}; with --allow-change {key} it does, and is marked as not exact"
    return f"{what}; begin another run: nntrain fit ... --set {key}=..."


def told(word: str, value: Any) -> str:
    """A value behind a word, if there is one that is short."""
    if value is None:
        return ""
    text = literal(value)
    return f"{word}{text}" if len(text) < 40 else ""
