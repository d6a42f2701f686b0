"""Cases of the layers that are told only some elements of x: what the original's figures leave out."""

from __future__ import annotations

import numpy as np

from nntrain.nn.testing import Case
from tests.cases.linear import TABLE_OF_SPARSE, case

SPARSE = {"input_size": 4, "output_size": 2}
KEYS = [np.array([0, 3]), np.array([1, 1, 2])]
VALUES = [np.array([0.5, -2]), np.array([1.0, 2, 3])]
DENSE = np.array([[0.5, 0, 0, -2], [0, 3, 3, 0]])
U = np.arange(8.0).reshape(4, 2) - 3
B = np.array([0.5, -0.5])
ROWS = [np.stack(pair, axis=1).astype(float) for pair in zip(KEYS, VALUES, strict=True)]
DY = np.array([[1.0, 2], [3, -1]])
FLAT = [np.concatenate(KEYS), np.concatenate(VALUES), np.array([2, 3])]
PADDED = np.stack([np.concatenate([ROWS[0], [[-1, 0]]]), ROWS[1]])
ANSWER = {"output": DENSE @ U + B, "grad_output": DY, "skip": TABLE_OF_SPARSE}
GIVEN = {"params": [U, B], "grad_params": [DENSE.T @ DY, DY.sum(0)], **ANSWER}
TURNED = {"params": [U.T, B], "grad_params": [DY.T @ DENSE, DY.sum(0)], **ANSWER}

TOLD = [
    case("SparseLinear", "list", ROWS, SPARSE, **TURNED),
    case("SparseLinear", "filled_up", PADDED, SPARSE, **TURNED),
    case(
        "SparseLinear",
        "dense_gradient",
        PADDED,
        {**SPARSE, "do_grad_input": True},
        grad_input=np.stack([np.stack([np.arange(4), dx], 1) for dx in DY @ U.T]),
        **TURNED,
    ),
    case("SparseLinear", "nothing", [], SPARSE, params=[U.T, B], output=B, skip=TABLE_OF_SPARSE),
    case("IndexLinear", "lists_known", [KEYS, VALUES], SPARSE, **GIVEN),
    case("IndexLinear", "sizes", FLAT, SPARSE, **GIVEN),
    case("IndexLinear", "offset", [FLAT[0] - 2, *FLAT[1:]], {**SPARSE, "keys_offset": 2}, **GIVEN),
    case("IndexLinear", "given", FLAT, {**SPARSE, "weight": U.tolist(), "bias": B.tolist()}, **ANSWER),
]

CASES: list[Case] = [*TOLD]
