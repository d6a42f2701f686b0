"""One case: a component, what it is fed, and what it must give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nntrain.compute.array import Array, Value
from nntrain.nn.building.spec_validation import ComponentKind

__all__ = ["Case"]


@dataclass(frozen=True)
class Case:
    """A spec and an input; what is known of the results; and which laws do not apply, with the reason.

    Arrays are float64 (or integers, for labels and indices); a table is a list. ``None`` means: not known.
    """

    name: str
    spec: dict[str, Any]
    input: Value
    target: Value = None
    kind: ComponentKind = "module"
    train: bool = True

    # Whether there is a backward pass here. A few layers have none in evaluate mode.
    backward: bool = True

    # The axis of the samples in every array of input and output, if they are independent of each other.
    batch_axis: int | None = None

    # Laws that do not hold here, each with its reason: {"grad_input_matches_numerical_gradient": "draws noise"}.
    skip: Mapping[str, str] = field(default_factory=dict)

    # Known results, for instance the original's.
    params: Sequence[Array] | None = None
    before: Mapping[str, Array] = field(default_factory=dict)
    output: Value = None
    grad_output: Value = None
    grad_input: Value = None
    grad_params: Sequence[Array] | None = None
    grad_params_scaled: Sequence[Array] | None = None
    after: Mapping[str, Array] = field(default_factory=dict)
    output_evaluate: Value = None
    tolerance: float = 1e-10
    relative: bool = False

    def __str__(self) -> str:
        return f"{self.spec['type']}-{self.name}"
