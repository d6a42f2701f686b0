"""The way to an object inside of another, as it is printed."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.errors import format_path as spelled
from nntrain_torch7.format.values import BooleanKey, ObjectKey

__all__ = ["PathStep", "format_key", "format_path"]

# The key of a table or the name of a part; None leads from an object to its fields, which have no name.
PathStep = str | float | bool | BooleanKey | ObjectKey | None

# Of a longer way the end is told, and of a longer or unprintable key as much as is needed to find it.
MAX_STEPS = 12
MAX_STEP_LENGTH = 40


def format_path(steps: Sequence[PathStep]) -> str:
    """``modules[2].weight``: on one line whatever the keys are."""
    named = [step for step in steps[-2 * MAX_STEPS :] if step is not None]
    last = [format_key(step) for step in named[-MAX_STEPS:]]
    return spelled(last if len(steps) <= 2 * MAX_STEPS and len(named) <= MAX_STEPS else ["...", *last])


def format_key(step: str | float | bool | BooleanKey | ObjectKey) -> str | int:
    """A key as it is printed."""
    if isinstance(step, int) and not isinstance(step, bool):
        return step
    if isinstance(step, str) and step.isidentifier() and step.isascii():
        return step[:MAX_STEP_LENGTH]
    return ascii(step)[:MAX_STEP_LENGTH]
