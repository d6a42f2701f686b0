"""Batches of a part, wherever its rows are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nntrain.data.batches import Batches
from nntrain.data.part import Part
from nntrain.data.streaming.stored_part import StoredPart
from nntrain.data.streaming.streamed_batches import StreamedBatches

__all__ = ["batches_of"]


def batches_of(part: Part, size: int, seed: int, typed: Callable[[Any], Any]) -> Batches:
    """Shuffled batches in the type of numbers that ``typed`` gives arrays: from memory, or from the file."""
    if isinstance(part, StoredPart):
        return StreamedBatches(part, size, seed, typed)
    return Batches(part.whole.of(map(typed, part.whole.columns)), size, seed)
