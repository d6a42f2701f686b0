"""A config from a file or from a tree, or every problem it has."""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nntrain.config.config import Config
from nntrain.config.limits import MOST_PROBLEMS, limit_problems
from nntrain.config.messages import problem_of
from nntrain.config.origin import Origin
from nntrain.config.override import Override
from nntrain.config.positions import Positions
from nntrain.config.problem import Problem
from nntrain.config.read import read
from nntrain.config.spec_checks import SpecChecks
from nntrain.errors import ConfigError
from nntrain.specs.nesting import MAX_NESTING, is_too_deep

REGISTERED = SpecChecks()

# The keys whose values are paths.
PATHS = {"data": ("path", "validation_path", "test_path", "cache"), "model": ("from",)}


def load_config(path: Path, overrides: Sequence[str | Override] = (), checks: SpecChecks = REGISTERED) -> Config:
    """The config in the TOML file at ``path``, changed by ``overrides`` such as ``train.epochs=20``.

    The paths come out absolute: those of the file are relative to its folder, those of the overrides
    to the working directory. A ConfigError tells all problems at once.
    """
    tree, positions = read(path)
    _make_paths_absolute(tree, path.parent)
    return _checked(tree, overrides, str(path), positions, checks)


def config_of(
    tree: dict[str, Any],
    overrides: Sequence[str | Override] = (),
    name: str = "command line",
    checks: SpecChecks = REGISTERED,
) -> Config:
    """The config in ``tree``, which is left as it is; ``name`` says where it comes from, in errors."""
    _check_depth(tree, name)
    return _checked(deepcopy(tree), overrides, name, None, checks)


def _checked(
    tree: dict[str, Any],
    overrides: Sequence[str | Override],
    name: str,
    positions: Positions | None,
    checks: SpecChecks,
) -> Config:
    applied, refused = _apply(overrides, tree)
    _check_depth(tree, name)
    _make_paths_absolute(tree, Path())
    problems = limit_problems(tree) or [*_shape_problems(tree), *checks.problems(tree)]
    if problems or refused:
        more = len(problems) - MOST_PROBLEMS
        refused += [f"{name}: and more problems"] if more > 0 else []
        raise ConfigError(*Origin(name, positions, applied).sentences(problems[:MOST_PROBLEMS]), *refused)
    return Config.model_validate(tree)


def _check_depth(tree: dict[str, Any], name: str) -> None:
    """ConfigError for a tree that is nested too deep for functions that recurse over it."""
    if is_too_deep(tree):
        raise ConfigError(f"{name}: tables and lists are nested more than {MAX_NESTING} deep")


def _apply(overrides: Sequence[str | Override], tree: dict[str, Any]) -> tuple[tuple[Override, ...], list[str]]:
    """Put the overrides into ``tree``; those that did, and what is wrong with the others."""
    applied: list[Override] = []
    refused: list[str] = []
    for said in overrides:
        try:
            override = Override.parse(said) if isinstance(said, str) else said
            override.put_into(tree)
            applied.append(override)
        except ConfigError as error:
            refused += error.problems
    return tuple(applied), refused


def _shape_problems(tree: dict[str, Any]) -> list[Problem]:
    try:
        Config.model_validate(tree)
    except ValidationError as error:
        return [problem_of(details) for details in error.errors(include_url=False)[: MOST_PROBLEMS + 1]]
    return []


def _make_paths_absolute(tree: dict[str, Any], folder: Path) -> None:
    for section, keys in PATHS.items():
        table = tree.get(section)
        for key in keys:
            if isinstance(table, dict) and table.get(key) and isinstance(table[key], str):
                table[key] = os.path.abspath(folder / table[key])
