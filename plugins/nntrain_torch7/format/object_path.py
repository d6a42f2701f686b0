"""Formatting of the path to an object inside another."""

from collections.abc import Sequence

from nntrain.errors import format_path as format_names
from nntrain_torch7.format.values import BooleanKey, ObjectKey

# The key of a table or the name of a part; None is the step from an object to its fields, which have no name.
PathStep = str | float | bool | BooleanKey | ObjectKey | None

# Longer paths are printed without their start, and longer keys are truncated.
MAX_STEPS = 12
MAX_STEP_LENGTH = 40


def format_path(steps: Sequence[PathStep]) -> str:
    """Format a path, such as ``modules[2].weight``, on one line for any keys."""
    named = [step for step in steps[-2 * MAX_STEPS :] if step is not None]
    last = [format_key(step) for step in named[-MAX_STEPS:]]
    return format_names(last if len(steps) <= 2 * MAX_STEPS and len(named) <= MAX_STEPS else ["...", *last])


def format_key(step: str | float | bool | BooleanKey | ObjectKey) -> str | int:
    """Format a key."""
    if isinstance(step, int) and not isinstance(step, bool):
        return step
    if isinstance(step, str) and step.isidentifier() and step.isascii():
        return step[:MAX_STEP_LENGTH]
    return ascii(step)[:MAX_STEP_LENGTH]
