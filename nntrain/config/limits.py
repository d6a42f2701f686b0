"""Limits for configs that would take minutes or exhaust the interpreter."""

from collections.abc import Iterator
from typing import Any

from nntrain.config.config import SECTIONS, Config
from nntrain.config.positions import ConfigProblem, KeyPath
from nntrain.config.section import Section

# Maximum number of problems to report; a section with more unknown keys has a single problem.
MAX_PROBLEMS = 100

# Integers from here on are too large for a float; Python does not print those with thousands of digits.
MAX_INTEGER = 2**1024

# Maximum number of iterations in one step of an optimizer, which can only be saved after it.
MAX_ITERATIONS = 10**6


def find_limit_problems(tree: dict[str, Any]) -> Iterator[ConfigProblem]:
    """Numbers that are far too large, and sections with hundreds of unknown keys."""
    for path, value in iterate_integers(tree):
        if not -MAX_INTEGER <= value < MAX_INTEGER:
            yield path, f"expected a number below 1.8e308, got an integer of {value.bit_length():,} bits"
        elif value > MAX_ITERATIONS and path in (("optimizer", "max_iter"), ("optimizer", "max_eval")):
            yield path, f"expected at most {MAX_ITERATIONS:,}, because a step cannot be interrupted, got {value:,}"
    yield from find_crowded_sections(tree)


def find_crowded_sections(tree: dict[str, Any]) -> Iterator[ConfigProblem]:
    """The sections with more than MAX_PROBLEMS unknown keys."""
    sections: dict[str, type[Section]] = {"": Config, **SECTIONS}
    for name, section in sections.items():
        table = tree.get(name) if name else tree
        if isinstance(table, dict) and section.model_config.get("extra") == "forbid":
            unknown = [key for key in table if key not in section.model_fields]
            if len(unknown) > MAX_PROBLEMS:
                path = (name, unknown[0]) if name else (unknown[0],)
                yield path, f"{len(unknown):,} unknown keys; this is the first"


def iterate_integers(tree: dict[str, Any]) -> Iterator[tuple[KeyPath, int]]:
    """Every integer, with its path."""
    waiting: list[tuple[KeyPath, dict[str, Any] | list[Any]]] = [((), tree)]
    while waiting:
        path, value = waiting.pop()
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(inner, int):
                yield (*path, key), inner
            elif isinstance(inner, dict | list):
                waiting.append(((*path, key), inner))
