"""The way to an object inside of another, as it is printed."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.errors import format_path as spelled
from nntrain_torch7.format.values import BooleanKey, ObjectKey

__all__ = ["Step", "short", "spell"]

# The key of a table or the name of a part; None leads from an object to its fields, which have no name.
Step = str | float | bool | BooleanKey | ObjectKey | None

# Of a longer way the end is told, and of a longer or unprintable key as much as is needed to find it.
MOST_STEPS = 12
LONGEST_STEP = 40


def spell(steps: Sequence[Step]) -> str:
    """``modules[2].weight``: on one line whatever the keys are."""
    named = [step for step in steps[-2 * MOST_STEPS :] if step is not None]
    last = [short(step) for step in named[-MOST_STEPS:]]
    return spelled(last if len(steps) <= 2 * MOST_STEPS and len(named) <= MOST_STEPS else ["...", *last])


def short(step: str | float | bool | BooleanKey | ObjectKey) -> str | int:
    """A key as it is printed."""
    if isinstance(step, int) and not isinstance(step, bool):
        return step
    if isinstance(step, str) and step.isidentifier() and step.isascii():
        return step[:LONGEST_STEP]
    return ascii(step)[:LONGEST_STEP]
