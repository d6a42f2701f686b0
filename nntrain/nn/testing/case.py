"""A test case: a component, its input, and known results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nntrain.compute.array import Array, Value
from nntrain.nn.building.spec_validation import ComponentKind


@dataclass(frozen=True)
class Case:
    """A spec, an input, known results, and checks to skip, with reasons.

    Arrays are float64 (or integers, for labels and indices). ``None``: not known.
    """

    name: str
    spec: dict[str, Any]
    input: Value
    target: Value = None
    kind: ComponentKind = "module"
    train: bool = True

    # Whether there is a backward pass. A few layers have none in evaluation mode.
    backward: bool = True

    # The axis of the samples in every input and output array, if samples are independent.
    batch_axis: int | None = None

    # Checks to skip, with reasons: {"grad_input_matches_numerical_gradient": "changes the gradient on purpose"}.
    skip: Mapping[str, str] = field(default_factory=dict)

    # Known results, such as Torch7's.
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
