"""Changes of the config of a run that is resumed: docs/reliability.md."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.old_keys import describe_old_key
from nntrain.config.override import Override
from nntrain.config.spec_checks import EXCEPT_NAME, NO_CHECKS
from nntrain.config.toml import format_toml_value
from nntrain.errors import ConfigError, format_path, suggest_name
from nntrain.shell_command import quote

__all__ = ["CHANGEABLE_KEYS", "FIXED_KEYS", "INEXACT_SECTIONS", "ConfigChanges", "apply_overrides"]

# None of these has a part in what is computed until the run ends.
CHANGEABLE_KEYS = {
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
INEXACT_SECTIONS = ("train", "optimizer", "schedule")

# Keys of these sections that never change, with the reason.
FIXED_KEYS = {
    "train.seed": "the training, validation and test sets are drawn from it",
    "train.metrics": "the best epoch so far and the sums of the current one were scored by the old ones",
    "train.train_metrics": "the sums of the current epoch were scored by the old ones",
    "train.monitor": "the best epoch so far was chosen by the old one",
}

# Sections that name a class, and its arguments: another class takes none of the old one's arguments.
TYPED_SECTIONS = ("optimizer", "schedule")

# Keys with the values before and after.
ConfigChanges = dict[str, tuple[Any, Any]]


def apply_overrides(
    path: Path, overrides: Sequence[str | Override], allowed: Collection[str] = ()
) -> tuple[Config, ConfigChanges]:
    """The config of a run with overrides, and what they change.

    ``allowed``: keys, or whole sections, that may change besides those in CHANGEABLE. Another type of optimizer or
    schedule has its own defaults, and to allow the type allows these.
    ConfigError for any other change.
    """
    before = load_config(path, checks=NO_CHECKS)
    tree = before.model_dump(mode="json")
    check_sections(allowed)
    said = [Override.parse(override) if isinstance(override, str) else override for override in overrides]
    # These are judged before they are put in: with them, the config of the run might not even be one.
    refused = [format_refusal(*change) for override in said for change in find_foreign_changes(override, tree)]
    said = [override for override in said if not any(find_foreign_changes(override, tree))]
    after = load_config(path, [*reset_typed_sections(said, tree), *said], EXCEPT_NAME)
    found = drop_implied_changes(find_changes(tree, after.model_dump(mode="json")), said)
    for key in allowed:
        if not any(is_allowed(changed, [key]) for changed in found) and not refused:
            raise ConfigError(f"--allow-change {key}: no --set changes it{suggest_name(key, found)}")
    problems = [
        format_refusal(key, *values)
        for key, values in found.items()
        if key in FIXED_KEYS or not (key in CHANGEABLE_KEYS or is_allowed(key, allowed))
    ]
    if refused or problems:
        raise ConfigError(*dict.fromkeys([*refused, *problems]))
    return after, found


def find_foreign_changes(override: Override, tree: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """The changes that an override would make in the sections in which nothing but CHANGEABLE may change."""
    section = override.path[0]
    if describe_old_key(override.path, override.value):
        return  # refused, with its new name, when the config is read
    if section in INEXACT_SECTIONS or section not in tree or (len(override.path) == 1 and section == "data"):
        return
    key, old = format_path(override.path), get_value(tree, override.path)
    if key not in CHANGEABLE_KEYS and old != to_json_value(override.value):
        yield key, old, override.value


def get_value(tree: Any, path: Sequence[str | int]) -> Any:
    """The value of a key; None where there is none."""
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def to_json_value(value: object) -> object:
    """A value of an override as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def reset_typed_sections(overrides: Sequence[Override], tree: Mapping[str, Any]) -> list[Override]:
    """Overrides that come first: a section of which only another type is set loses the arguments of the old type."""
    return [
        Override(override.text, override.path[:1], {"type": override.value})
        for override in overrides
        if override.path in [(section, "type") for section in TYPED_SECTIONS]
        and override.value != get_value(tree, override.path)
    ]


def drop_implied_changes(found: ConfigChanges, overrides: Sequence[Override]) -> ConfigChanges:
    """The changes without the arguments of an old type, and the defaults of a new one: the type says it all."""
    types = [section for section in TYPED_SECTIONS if f"{section}.type" in found]
    set_keys = {f"{section}.type" for section in types} | {format_path(override.path) for override in overrides}
    return {key: values for key, values in found.items() if key.partition(".")[0] not in types or key in set_keys}


def is_allowed(key: str, allowed: Collection[str]) -> bool:
    """Whether a key, or its section, is allowed to change."""
    return key in allowed or key.partition(".")[0] in allowed


def check_sections(allowed: Collection[str]) -> None:
    """ConfigError for an --allow-change of a section in which nothing may change."""
    for key in allowed:
        if key.partition(".")[0] not in INEXACT_SECTIONS:
            sections = ", ".join(INEXACT_SECTIONS)
            raise ConfigError(f"--allow-change {key}: only keys of the sections {sections} can be allowed to change")


def find_changes(before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = "") -> ConfigChanges:
    """Every key whose value differs."""
    found: ConfigChanges = {}
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found |= find_changes(old, new, f"{prefix}{key}.")
        elif old != new:
            found[f"{prefix}{key}"] = (old, new)
    return found


def format_refusal(key: str, old: Any, new: Any) -> str:
    """Why a change is refused, and the way to do it."""
    start = f"start another run: nntrain fit ... --set {quote(f'{key}=...')} --out FOLDER"
    what = f"{key}: cannot change{format_value(' from ', old)}{format_value(' to ', new)} when a run is resumed"
    if key in FIXED_KEYS:
        return f"{what}: {FIXED_KEYS[key]}; {start}"
    if key.partition(".")[0] in INEXACT_SECTIONS:
        allowed = f"--allow-change {quote(key)}"
        return f"{what}; with nntrain resume ... {allowed} it does, and the run is marked as not exact"
    return f"{what}; {start}"


def format_value(preposition: str, value: Any) -> str:
    """A value after a word, if there is one that is short."""
    if value is None:
        return ""
    text = format_toml_value(value)
    return f"{preposition}{text}" if len(text) < 40 else ""
