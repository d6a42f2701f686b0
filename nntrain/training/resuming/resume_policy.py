"""The config changes that are allowed when a run is resumed: docs/reliability.md."""

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

# Keys that do not affect the results of a step.
CHANGEABLE_KEYS = {
    "train.epochs": "the passes over the rows, as a total",
    "train.max_steps": "the steps, as a total",
    "train.max_time": "the time, as a total",
    "train.patience": "epochs without improvement before training stops",
    "train.checkpoint_every": "how often a checkpoint is written",
    "train.keep": "how many checkpoints are kept",
    "train.loggers": "loggers of the run",
    "data.path": "where the file of rows is; its content must be the same",
    "data.validation_path": "where the file of validation rows is; its content must be the same",
    "data.test_path": "where the file of test rows is; its content must be the same",
    "data.memory": "the memory for reading rows",
    "data.cache": "the folder of encoded rows",
}

# The sections in which other keys can change with --allow-change. The other sections define the content of the
# checkpoint: rows, columns, network, criterion.
INEXACT_SECTIONS = ("train", "optimizer", "schedule")

# Keys of these sections that can never change, with the reason.
FIXED_KEYS = {
    "train.seed": "it determines the training, validation and test sets",
    "train.metrics": "the best epoch so far and the current epoch were scored with the old metrics",
    "train.train_metrics": "the current epoch was scored with the old metrics",
    "train.monitor": "the best epoch so far was chosen with the old metric",
}

# Sections of a class and its arguments: another class does not take the arguments of the old one.
TYPED_SECTIONS = ("optimizer", "schedule")

# Keys with the old and the new value.
ConfigChanges = dict[str, tuple[Any, Any]]


def apply_overrides(
    path: Path, overrides: Sequence[str | Override], allowed: Collection[str] = ()
) -> tuple[Config, ConfigChanges]:
    """Return the config of a run with overrides, and its changes.

    ``allowed``: keys or sections that may change in addition to CHANGEABLE_KEYS. Another type of optimizer or schedule
    has its own defaults, and allowing the type allows these.
    ConfigError for any other change.
    """
    before = load_config(path, checks=NO_CHECKS)
    tree = before.model_dump(mode="json")
    check_sections(allowed)
    parsed = [Override.parse(override) if isinstance(override, str) else override for override in overrides]
    # Check these before applying them: they might make the config invalid.
    refused = [format_refusal(*change) for override in parsed for change in find_foreign_changes(override, tree)]
    parsed = [override for override in parsed if not any(find_foreign_changes(override, tree))]
    after = load_config(path, [*reset_typed_sections(parsed, tree), *parsed], EXCEPT_NAME)
    found = drop_implied_changes(find_changes(tree, after.model_dump(mode="json")), parsed)
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
    """Yield the changes of an override in sections in which only CHANGEABLE_KEYS may change."""
    section = override.path[0]
    if describe_old_key(override.path, override.value):
        return  # refused, with its new name, when the config is read
    if section in INEXACT_SECTIONS or section not in tree or (len(override.path) == 1 and section == "data"):
        return
    key, old = format_path(override.path), get_value(tree, override.path)
    new = list(override.value) if isinstance(override.value, tuple) else override.value  # as in JSON
    if key not in CHANGEABLE_KEYS and old != new:
        yield key, old, override.value


def get_value(tree: Any, path: Sequence[str | int]) -> Any:
    """Return the value of a key; None if there is none."""
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def reset_typed_sections(overrides: Sequence[Override], tree: Mapping[str, Any]) -> list[Override]:
    """Return overrides to apply first: if the type of a section changes, the arguments of the old type are dropped."""
    return [
        Override(override.text, override.path[:1], {"type": override.value})
        for override in overrides
        if override.path in [(section, "type") for section in TYPED_SECTIONS]
        and override.value != get_value(tree, override.path)
    ]


def drop_implied_changes(found: ConfigChanges, overrides: Sequence[Override]) -> ConfigChanges:
    """Return the changes without those that follow from a changed type: old arguments, new defaults."""
    types = [section for section in TYPED_SECTIONS if f"{section}.type" in found]
    set_keys = {f"{section}.type" for section in types} | {format_path(override.path) for override in overrides}
    return {key: values for key, values in found.items() if key.partition(".")[0] not in types or key in set_keys}


def is_allowed(key: str, allowed: Collection[str]) -> bool:
    """Whether a key or its section is allowed to change."""
    return key in allowed or key.partition(".")[0] in allowed


def check_sections(allowed: Collection[str]) -> None:
    """ConfigError for an --allow-change in a section that cannot change."""
    for key in allowed:
        if key.partition(".")[0] not in INEXACT_SECTIONS:
            sections = ", ".join(INEXACT_SECTIONS)
            raise ConfigError(f"--allow-change {key}: only keys of the sections {sections} can be allowed to change")


def find_changes(before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = "") -> ConfigChanges:
    """Return every key whose value differs."""
    found: ConfigChanges = {}
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found |= find_changes(old, new, f"{prefix}{key}.")
        elif old != new:
            found[f"{prefix}{key}"] = (old, new)
    return found


def format_refusal(key: str, old: Any, new: Any) -> str:
    """Format the error for a refused change, with the alternative."""
    start = f"start another run: nntrain fit ... --set {quote(f'{key}=...')} --out FOLDER"
    problem = f"{key}: cannot change{format_value(' from ', old)}{format_value(' to ', new)} when a run is resumed"
    if key in FIXED_KEYS:
        return f"{problem}: {FIXED_KEYS[key]}; {start}"
    if key.partition(".")[0] in INEXACT_SECTIONS:
        allowed = f"--allow-change {quote(key)}"
        return f"{problem}; allow it with nntrain resume ... {allowed}, which marks the run as not exact"
    return f"{problem}; {start}"


def format_value(preposition: str, value: Any) -> str:
    """Format a value after a preposition; empty if there is none or it is long."""
    if value is None:
        return ""
    text = format_toml_value(value)
    return f"{preposition}{text}" if len(text) < 40 else ""
