"""Own cases of containers and decorators: what the golden ones leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nntrain.compute.array import Value
from nntrain.nn.testing import Case

RANDOM = np.random.default_rng(42)


def normal(*shape: int) -> np.ndarray[Any, Any]:
    return RANDOM.normal(size=shape)


def linear(inputs: int, outputs: int) -> dict[str, Any]:
    return {"type": "Linear", "input_size": inputs, "output_size": outputs}


TANH = {"type": "Tanh"}


def case(
    name: str,
    kind: str,
    x: Value,
    batch_axis: int | None = None,
    skip: Mapping[str, str] | None = None,
    **arguments: Any,
) -> Case:
    return Case(name, {"type": kind, **arguments}, x, batch_axis=batch_axis, skip=skip or {})


NOT_TIED = {"share_ties_parameters": "clones are made in use, and each has its own parameters"}

CASES = [
    case("empty", "Sequential", normal(3, 2), 0, modules=[]),
    case("of_tables", "Sequential", [normal(3, 2), normal(3, 2)], 0, modules=[{"type": "CAddTable"}, linear(2, 3)]),
    case("nested_table", "ConcatTable", [normal(2, 3), [normal(2, 3)]], 0, modules=[{"type": "Identity"}] * 2),
    case("one_module", "ConcatTable", normal(4, 3), 0, modules=[linear(3, 2)]),
    case("surplus_inputs", "ParallelTable", [normal(2, 3), normal(2, 1)], modules=[linear(3, 2)]),
    case("negative_axis", "Concat", normal(4, 3), 0, dim=-1, modules=[linear(3, 2), linear(3, 1), TANH]),
    case("batch_axis", "Concat", normal(4, 3), dim=0, modules=[TANH, TANH]),
    case("odd_sizes", "DepthConcat", normal(2, 3), dim=0, modules=[linear(3, 2), linear(3, 5), linear(3, 4)]),
    case("vectors", "DepthConcat", normal(3), dim=0, modules=[linear(3, 2), linear(3, 5)]),
    case("last_axis", "Parallel", normal(5, 3, 2), 0, input_dim=-1, output_dim=1, modules=[linear(3, 4), linear(3, 1)]),
    case("spare_module", "Parallel", normal(1, 3), input_dim=0, output_dim=0, modules=[linear(3, 2), linear(3, 2)]),
    case("one_input", "MapTable", [normal(3, 2)], 0, module=linear(2, 2)),
    case(
        "three_chains",
        "MapTable",
        [normal(3, 2)] * 3,
        0,
        module={"type": "Sequential", "modules": [linear(2, 2), TANH]},
    ),
    case("each_its_own", "MapTable", [normal(3, 2), normal(3, 2)], 0, NOT_TIED, module=linear(2, 2), shared=False),
    case("of_a_table", "Decorator", [normal(3, 2), normal(3, 2)], 0, module={"type": "CMulTable"}),
    case("chain", "Decorator", normal(3, 2), 0, module={"type": "Sequential", "modules": [linear(2, 3), TANH]}),
    case("three_lead_axes", "Bottle", normal(2, 2, 3, 4), 0, module=linear(4, 2)),
    case("of_images", "Bottle", normal(2, 3, 4, 2), module={"type": "SoftMax"}, n_input_dims=3),
    case("vector", "Bottle", normal(4), module=linear(4, 2)),
    case("without_bias", "WeightNorm", normal(4, 3), 0, module={**linear(3, 2), "bias": False}),
    case("last_axis", "WeightNorm", normal(4, 3), 0, module=linear(3, 2), output_dim=-1),
    case("castout", "DontCast", normal(4, 3), 0, module=linear(3, 2), castin=False, castout=True),
    case("of_a_table", "DontCast", [normal(4, 3), normal(4, 3)], 0, module={"type": "CAddTable"}, castin=True),
    case("of_a_table", "NaN", [normal(4, 3), normal(4, 3)], 0, module={"type": "CAddTable"}, id=1),
    case("chain", "NaN", normal(4, 3), 0, module={"type": "Sequential", "modules": [linear(3, 2), TANH]}, id=2),
    case("seldom", "Profile", normal(4, 3), 0, module=linear(3, 2), print_interval=10**9),
    case("of_a_table", "Profile", [normal(4, 3)] * 2, 0, module={"type": "CAddTable"}, print_interval=10**9),
    case("of_a_table", "GPU", [normal(4, 3)] * 2, 0, module={"type": "CAddTable"}, device=3),
    case("chain", "GPU", normal(4, 3), 0, module={"type": "Sequential", "modules": [linear(3, 2), TANH]}, device=0),
]
