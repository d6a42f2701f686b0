"""Changes of the config of a run that is resumed: docs/reliability.md."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.override import Override
from nntrain.config.spec_checks import OF_A_RUN, UNCHECKED
from nntrain.config.write import literal
from nntrain.errors import ConfigError, nearest, spell
from nntrain.shell import quoted

__all__ = ["ALLOWED_AT_A_PRICE", "CHANGEABLE", "FIXED", "Changes", "agreed"]

# None of these has a part in what is computed until the run ends.
CHANGEABLE = {
    "train.epochs": "the passes over the rows, as a total",
    "train.max_steps": "the steps, as a total",
    "train.max_time": "the time, as a total",
    "train.patience": "how long no improvement is waited out",
    "train.checkpoint_every": "how often a checkpoint is written",
    "train.keep": "how many checkpoints are kept",
    "train.loggers": "who listens to the run",
    "data.path": "where the file of rows is; its content must be the same",
    "data.validation_path": "where the file of validation rows is; its content must be the same",
    "data.test_path": "where the file of test rows is; its content must be the same",
    "data.memory": "the memory for reading rows",
    "data.cache": "the folder of encoded rows",
}

# The sections in which anything else may change if its key is given to --allow-change. The others made the checkpoint
# what it is: rows, columns, network, criterion.
ALLOWED_AT_A_PRICE = ("train", "optimizer", "schedule")

# Keys of these sections that never change, with the reason.
FIXED = {
    "train.seed": "the training, validation and test sets are drawn from it",
    "train.metrics": "the best epoch so far and the sums of the current one were scored by the old ones",
    "train.train_metrics": "the sums of the current epoch were scored by the old ones",
    "train.monitor": "the best epoch so far was chosen by the old one",
}

# Sections that name a class, and its arguments: another class takes none of the old one's arguments.
TYPED = ("optimizer", "schedule")

# Keys with the values before and after.
Changes = dict[str, tuple[Any, Any]]


def agreed(path: Path, overrides: Sequence[str | Override], allowed: Collection[str] = ()) -> tuple[Config, Changes]:
    """The config of a run with overrides, and what they change.

    ``allowed``: keys, or whole sections, that may change besides those in CHANGEABLE. Another type of optimizer or
    schedule has its own defaults, and to allow the type allows these.
    ConfigError for any other change.
    """
    before = load_config(path, checks=UNCHECKED)
    tree = before.model_dump(mode="json")
    check_sections(allowed)
    said = [Override.parse(override) if isinstance(override, str) else override for override in overrides]
    # These are judged before they are put in: with them, the config of the run might not even be one.
    refused = [refusal(*change) for override in said for change in foreign(override, tree)]
    said = [override for override in said if not any(foreign(override, tree))]
    after = load_config(path, [*without_old_arguments(said, tree), *said], OF_A_RUN)
    found = without_implied(changes(tree, after.model_dump(mode="json")), said)
    for key in allowed:
        if not any(covered(changed, [key]) for changed in found) and not refused:
            raise ConfigError(f"--allow-change {key}: no --set changes it{nearest(key, found)}")
    problems = [
        refusal(key, *values)
        for key, values in found.items()
        if key in FIXED or not (key in CHANGEABLE or covered(key, allowed))
    ]
    if refused or problems:
        raise ConfigError(*dict.fromkeys([*refused, *problems]))
    return after, found


def foreign(override: Override, tree: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """The changes that an override would make in the sections in which nothing but CHANGEABLE may change."""
    section = override.path[0]
    if section in ALLOWED_AT_A_PRICE or section not in tree or (len(override.path) == 1 and section == "data"):
        return
    key, old = spell(override.path), value_at(tree, override.path)
    if key not in CHANGEABLE and old != plain(override.value):
        yield key, old, override.value


def value_at(tree: Any, path: Sequence[str | int]) -> Any:
    """The value of a key; None where there is none."""
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def plain(value: object) -> object:
    """A value of an override as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def without_old_arguments(overrides: Sequence[Override], tree: Mapping[str, Any]) -> list[Override]:
    """Overrides that come first: a section of which only another type is set loses the arguments of the old type."""
    return [
        Override(override.text, override.path[:1], {"type": override.value})
        for override in overrides
        if override.path in [(section, "type") for section in TYPED] and override.value != value_at(tree, override.path)
    ]


def without_implied(found: Changes, overrides: Sequence[Override]) -> Changes:
    """The changes without the arguments of an old type, and the defaults of a new one: the type says it all."""
    types = [section for section in TYPED if f"{section}.type" in found]
    set_keys = {f"{section}.type" for section in types} | {spell(override.path) for override in overrides}
    return {key: values for key, values in found.items() if key.partition(".")[0] not in types or key in set_keys}


def covered(key: str, allowed: Collection[str]) -> bool:
    """Whether a key, or its section, is allowed to change."""
    return key in allowed or key.partition(".")[0] in allowed


def check_sections(allowed: Collection[str]) -> None:
    """ConfigError for an --allow-change of a section in which nothing may change."""
    for key in allowed:
        if key.partition(".")[0] not in ALLOWED_AT_A_PRICE:
            sections = ", ".join(ALLOWED_AT_A_PRICE)
            raise ConfigError(f"--allow-change {key}: only keys of the sections {sections} can be allowed to change")


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
    """Why a change is refused, and the way to do it."""
    start = f"start another run: nntrain fit ... --set {quoted(f'{key}=...')} --out FOLDER"
    what = f"{key}: cannot change{told(' from ', old)}{told(' to ', new)} when a run is resumed"
    if key in FIXED:
        return f"{what}: {FIXED[key]}; {start}"
    if key.partition(".")[0] in ALLOWED_AT_A_PRICE:
        allowed = f"--allow-change {quoted(key)}"
        return f"{what}; with nntrain resume ... {allowed} it does, and the run is marked as not exact"
    return f"{what}; {start}"


def told(word: str, value: Any) -> str:
    """A value after a word, if there is one that is short."""
    if value is None:
        return ""
    text = literal(value)
    return f"{word}{text}" if len(text) < 40 else ""
