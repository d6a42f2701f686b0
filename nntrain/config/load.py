"""Load a config from a file or a tree; report all problems at once."""

import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from math import inf
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from nntrain.config.config import Config
from nntrain.config.error_messages import format_message
from nntrain.config.fold_checks import add_quality_folds, find_refit_problems
from nntrain.config.limits import MAX_PROBLEMS, find_limit_problems
from nntrain.config.old_keys import add_old_values, translate_old_keys
from nntrain.config.override import Override
from nntrain.config.positions import ConfigProblem, KeyPath, Positions
from nntrain.config.recipe_conflict import find_unused_quality
from nntrain.config.spec_checks import SpecChecks
from nntrain.config.toml import read_toml
from nntrain.errors import ConfigError, format_path
from nntrain.specs.nesting import MAX_NESTING, is_too_deep

REGISTRY_CHECKS = SpecChecks()

# The keys whose values are paths.
PATH_KEYS = {"data": ("path", "validation_path", "test_path", "cache"), "model": ("from",)}


def load_config(path: Path, overrides: Sequence[str | Override] = (), checks: SpecChecks = REGISTRY_CHECKS) -> Config:
    """The config in the TOML file at ``path``, with ``overrides``, e.g. ``train.epochs=20``.

    Paths become absolute: those in the file are relative to its folder, those in the overrides to the working
    directory. A ConfigError lists all problems.
    """
    tree, positions = read_toml(path)
    is_run = path.with_name("run.json").is_file()
    if checks.recorded or is_run:
        tree = translate_old_keys(tree)
    if is_run:
        tree = add_old_values(tree)
    make_paths_absolute(tree, path.parent)
    return validate_tree(tree, overrides, str(path), positions, checks)


def build_config(
    tree: dict[str, Any],
    overrides: Sequence[str | Override] = (),
    name: str = "command line",
    checks: SpecChecks = REGISTRY_CHECKS,
) -> Config:
    """The config in ``tree``, which is not changed; ``name`` is the source in errors."""
    check_depth(tree, name)
    return validate_tree(deepcopy(tree), overrides, name, None, checks)


def validate_tree(
    tree: dict[str, Any],
    overrides: Sequence[str | Override],
    name: str,
    positions: Positions | None,
    checks: SpecChecks,
) -> Config:
    """The config of a tree. ConfigError with all problems."""
    applied, rejected = apply_overrides(overrides, tree)
    check_depth(tree, name)
    make_paths_absolute(tree, Path())
    problems = [*find_limit_problems(tree)] or [
        *add_quality_folds(tree),
        *find_refit_problems(tree),
        *find_shape_problems(tree),
        *checks.find_problems(tree),
    ]
    if problems or rejected:
        more = len(problems) - MAX_PROBLEMS
        rejected += [f"{name}: and more problems"] if more > 0 else []
        raise ConfigError(*format_problems(problems[:MAX_PROBLEMS], name, positions, applied), *rejected)
    config = Config.model_validate(tree)
    if problems := list(find_unused_quality(config, applied)):
        raise ConfigError(*format_problems(problems, name, positions, applied))
    return config


def format_problems(
    problems: list[ConfigProblem], name: str, positions: Positions | None, overrides: tuple[Override, ...]
) -> list[str]:
    """Each problem after its location, ordered by line, then by override. ``positions``: None if there are no lines."""
    located: list[tuple[float, str]] = []
    for path, problem in problems:
        override = find_override(path, positions, overrides)
        line = inf if override or positions is None else positions.get_line(path)
        where = override.text if override else name if positions is None else f"{name}:{line}"
        located.append((line, f"{where}: {format_path(path)}: {problem}"))
    return [text for _, text in sorted(located, key=itemgetter(0))]


def find_override(path: KeyPath, positions: Positions | None, overrides: tuple[Override, ...]) -> Override | None:
    """The override that set the value at ``path``, or that created the table there."""
    for override in reversed(overrides):
        if override.path == path[: len(override.path)]:
            return override
    if positions is not None and path in positions:
        return None
    return next((override for override in overrides if override.path[: len(path)] == path), None)


def check_depth(tree: dict[str, Any], name: str) -> None:
    """ConfigError for a tree that is nested too deep for functions that recurse over it."""
    if is_too_deep(tree):
        raise ConfigError(f"{name}: tables and lists are nested more than {MAX_NESTING} deep")


def apply_overrides(
    overrides: Sequence[str | Override], tree: dict[str, Any]
) -> tuple[tuple[Override, ...], list[str]]:
    """Apply the overrides to ``tree``. Returns those that were applied, and the problems of the others."""
    applied: list[Override] = []
    rejected: list[str] = []
    for given in overrides:
        try:
            override = Override.parse(given) if isinstance(given, str) else given
            override.apply_to(tree)
            applied.append(override)
        except ConfigError as error:
            rejected += error.problems
    return tuple(applied), rejected


def find_shape_problems(tree: dict[str, Any]) -> list[ConfigProblem]:
    """The problems that pydantic finds: unknown keys, types and limits."""
    try:
        Config.model_validate(tree)
    except ValidationError as error:
        found = error.errors(include_url=False)[: MAX_PROBLEMS + 1]
        return [(details["loc"], format_message(details)) for details in found]
    return []


def make_paths_absolute(tree: dict[str, Any], folder: Path) -> None:
    """Replace relative paths in a tree by absolute ones, from ``folder``."""
    for section, keys in PATH_KEYS.items():
        table = tree.get(section)
        for key in keys:
            if isinstance(table, dict) and table.get(key) and isinstance(table[key], str):
                table[key] = os.path.abspath(folder / table[key])


# The value of a command-line option.
OptionValue: TypeAlias = str | int | Sequence[str]


def load_config_or_defaults(
    source: Path, data_options: Mapping[str, OptionValue | None], overrides: Sequence[str | Override] = ()
) -> Config:
    """The config in a TOML file, or the default config for a data file.

    ``data_options``: keys of ``[data]`` from the command line, None if not set. A ConfigError lists all problems.
    """
    chosen = {name: value for name, value in data_options.items() if value is not None and value != ()}
    options = [Override.from_option(f"--{name}", value, "data", name) for name, value in chosen.items()]
    if source.suffix == ".toml":
        return load_config(source, [*overrides, *options])
    return build_config({"data": {"path": str(source)}}, [*overrides, *options])
