"""What is predicted from probabilities, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nntrain.data.targets.class_target import format_label

__all__ = ["decisions"]

USUAL = 0.5

# Labels whose thresholds are listed.
LISTED = 10


def decisions(found: Mapping[str, Any]) -> Iterator[str]:
    """The positive class and its threshold, or those of labels that differ from 0.5."""
    threshold = found.get("threshold")
    if "positive" in found:
        yield f"positive class: {found['positive']!r}, predicted where its probability is above {threshold:.6g}"
    elif isinstance(threshold, Mapping) and any(value != USUAL for value in threshold.values()):
        listed = ", ".join(f"{format_label(label)} {value:.6g}" for label, value in list(threshold.items())[:LISTED])
        more = f", and {len(threshold) - LISTED} more" if len(threshold) > LISTED else ""
        yield f"labels are predicted where their probability is above: {listed}{more}"
