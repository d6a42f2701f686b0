"""The targets by name: what a checkpoint names is looked up here, never imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nntrain.data.class_target import ClassTarget
from nntrain.data.number_target import NumberTarget
from nntrain.data.target import TargetColumn, Task
from nntrain.data.value_stream import ValueStream
from nntrain.errors import CheckpointError

__all__ = ["fit_target", "restore_target"]

TARGET_TYPES: dict[str, type[TargetColumn]] = {"ClassTarget": ClassTarget, "NumberTarget": NumberTarget}


def fit_target(raw: ValueStream, task: Task) -> TargetColumn:
    """The target for ``task``, fitted on its training rows."""
    return ClassTarget.fit(raw) if task == "classification" else NumberTarget.fit(raw)


def restore_target(state: Mapping[str, Any]) -> TargetColumn:
    """The target whose ``state`` this is. CheckpointError for a type that is none."""
    if state["type"] not in TARGET_TYPES:
        raise CheckpointError(f"unknown type of target {state['type']!r}; expected one of {', '.join(TARGET_TYPES)}")
    return TARGET_TYPES[state["type"]].restore(state)
