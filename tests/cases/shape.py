"""Cases of the simple layers that only move elements: what the original's figures leave out."""

from __future__ import annotations

import numpy as np

from nntrain.nn.testing import Case
from tests.cases.linear import NO_INPUT_GRADIENT, batch, case, normal

CHANGES_TYPE = {NO_INPUT_GRADIENT: "rounds", "float32_stays_float32": "changes the type on purpose"}

A = np.arange(24.0).reshape(2, 3, 4)

SHAPES = [
    case("Reshape", "as_it_is", A, {"size": [4, 6], "batch_mode": False}, output=A.reshape(4, 6)),
    batch("Reshape", "batch_of_samples", normal(3, 4), {"size": [2, 2], "batch_mode": True}),
    case("Reshape", "one_sample_keeps_its_axis", A[:1], {"size": 12}, output=A[:1].reshape(1, 12)),
    case("Reshape", "one_without_batch", A[:1], {"size": 12, "batch_mode": False}, output=A[:1].reshape(12)),
    case("View", "one_sample_loses_its_axis", A[:1], {"size": 12}, output=A[:1].reshape(12)),
    case("View", "hint_keeps_it", A[:1], {"size": 12, "n_input_dims": 2}, output=A[:1].reshape(1, 12)),
    case("View", "rest_takes_the_batch", A, {"size": [-1, 3]}, output=A.reshape(8, 3)),
    batch("View", "rest_of_a_sample", normal(5, 2, 3), {"size": [3, -1], "n_input_dims": 2}),
    case("View", "axes_before_become_one", A, {"size": [2, 2], "n_input_dims": 1}, output=A.reshape(6, 2, 2)),
    case("View", "hint_larger_than_x", A, {"size": [2, 12], "n_input_dims": 5}, output=A.reshape(2, 12)),
    batch("Collapse", "two_axes_more", normal(3, 2, 2, 2), {"n_input_dims": 2}),
    case("Collapse", "fewer", A, {"n_input_dims": 5}, output=A.reshape(24)),
    batch("Contiguous", "image", normal(2, 3, 2)),
    case("Squeeze", "hint", A[:1], {"dim": 0, "n_input_dims": 2}, output=A[:1]),
    case("Squeeze", "hint_shifts", A[:, :1], {"dim": 0, "n_input_dims": 2}, output=A[:, 0]),
    case("Squeeze", "from_the_end", A[:, :1], {"dim": -2, "n_input_dims": 2}, output=A[:, 0]),
    case("Squeeze", "batch_of_one_stays", A[:1, :1], {"n_input_dims": 2}, output=A[:1, 0]),
    case("Squeeze", "all_ones", A[:1, :1, :1], output=[0]),
    case("Squeeze", "all_ones_of_a_batch", A[:1, :1, :1], {"n_input_dims": 2}, output=[[0]]),
    case("Squeeze", "vector_of_one", [5.0], {"dim": 0}, output=[5]),
    batch("Unsqueeze", "hint", normal(3, 4), {"dim": 0, "n_input_dims": 1}),
    case("Unsqueeze", "hint_of_two_more", A, {"dim": 1, "n_input_dims": 1}, output=A[..., None]),
    case("Unsqueeze", "from_the_end", A, {"dim": -1}, output=A[..., None]),
    case("Unsqueeze", "before_the_last", A, {"dim": -2, "n_input_dims": 2}, output=A[:, :, None]),
    batch("Transpose", "hint", normal(3, 2, 4), {"permutations": [[0, 1]], "n_input_dims": 2}),
    case("Transpose", "from_the_end", A, {"permutations": [[-1, 0]]}, output=A.transpose(2, 1, 0)),
    case("Transpose", "nothing", A, {"permutations": []}, output=A),
]

COPIES = [
    case("Copy", "forced", A, {"force_copy": True}, output=A),
    case("Copy", "to_integers", [1.75, -2.5], {"out_type": "int64"}, output=[1, -2], skip=CHANGES_TYPE),
    case("Copy", "dont_cast", A, {"dont_cast": True}, output=A),
    case("Convert", "any", A, {"input_shape": "b*"}, output=A),
    case(
        "Convert",
        "batch_last",
        A,
        {"input_shape": "hwb", "output_shape": "bf"},
        output=A.transpose(2, 1, 0).reshape(4, 6),
    ),
    case("Convert", "column", [1.0, 2], {"input_shape": "b", "output_shape": "bf"}, output=[[1], [2]]),
    case("Convert", "column_in_time", [1.0, 2], {"input_shape": "b", "output_shape": "bt"}, output=[[1], [2]]),
    case("Convert", "first_of_time", A[0], {"input_shape": "bt", "output_shape": "b"}, output=A[0, :, 0]),
    case("Convert", "first_of_time_first", A[0], {"input_shape": "tb", "output_shape": "b"}, output=A[0, 0]),
    case("Convert", "one_feature", A[0, :, :1], {"input_shape": "bf", "output_shape": "b"}, output=A[0, :, 0]),
    case("Convert", "one_feature_first", A[0, :1], {"input_shape": "fb", "output_shape": "b"}, output=A[0, 0]),
    case("Convert", "one_sample", A[0], {"input_shape": "hw", "output_shape": "wh"}, output=A[0].T),
    case("Convert", "one_sample_flat", A, {"input_shape": "chw", "output_shape": "bf"}, output=A.reshape(24)),
    case(
        "Convert",
        "one_sample_batch_last",
        A,
        {"input_shape": "chwb", "output_shape": "bhwc"},
        output=A.transpose(1, 2, 0),
    ),
    case("Convert", "one_number", [5.0], {"input_shape": "bf", "output_shape": "b"}, output=[5]),
    batch("Convert", "rows", normal(3, 2, 4), {"input_shape": "bcw", "output_shape": "bwc"}),
    batch("Identity", "rows", normal(3, 4)),
    batch("PrintSize", "rows", normal(3, 4)),
    batch("Constant", "hint", normal(3, 4), {"value": 2, "n_input_dims": 1}, output=np.full((3, 1), 2.0)),
    case("Constant", "hint_of_a_sample", normal(4), {"value": [[1, 2]], "n_input_dims": 1}, output=[[1, 2]]),
]

PARTS = [
    case("Narrow", "to_the_end", A, {"dim": -1, "offset": 1, "length": -1}, output=A[..., 1:]),
    case("Narrow", "all_but_the_last", A, {"dim": 2, "offset": -3, "length": 1}, output=A[..., :3]),
    case("Narrow", "one", A, {"dim": 1, "offset": 2}, output=A[:, 2:]),
    batch("Narrow", "rows", normal(3, 4), {"dim": 1, "offset": 1, "length": 2}),
    batch("Select", "from_the_end", normal(3, 4, 2), {"dim": -2, "index": -1}),
    case("Replicate", "hint", A, {"n_features": 2, "dim": 1, "n_input_dims": 1}, output=np.stack([A, A], 2)),
    case("Replicate", "hint_unused", A, {"n_features": 2, "dim": 3, "n_input_dims": 3}, output=np.stack([A, A], 3)),
    batch("Replicate", "rows", normal(3, 4), {"n_features": 5, "n_input_dims": 1}),
    case("Padding", "inside_from_the_left", [1.0, 2, 3], {"dim": 0, "pad": -2, "index": 1}, output=[1, 0, 0, 2, 3]),
    case(
        "Padding",
        "inside_from_the_right",
        [1.0, 2, 3],
        {"dim": 0, "pad": 1, "index": 1, "value": 9},
        output=[1, 2, 9, 3],
    ),
    case("Padding", "nothing", A, {"dim": 1, "pad": 0}, output=A),
    case(
        "Padding",
        "hint_larger_than_x",
        A,
        {"dim": 0, "pad": 1, "n_input_dims": 7},
        output=np.concatenate([A, np.zeros((2, 1, 4))], 1),
    ),
    batch("Padding", "rows", normal(3, 4), {"dim": -1, "pad": 2, "n_input_dims": 1}),
    case("MaskedSelect", "truth", [A, A > 20], output=[21, 22, 23], grad_output=[1, 2, 3]),
    case("MaskedSelect", "none", [A, np.zeros(A.shape, np.uint8)], output=[]),
    case("Index", "repeated", [normal(2, 3), np.array([2, 0, 2, 2])], {"dim": -1}),
    case("Index", "inner", [normal(2, 3, 2), np.array([1, 1])], {"dim": 1}),
    case(
        "OneHot",
        "image",
        np.array([[[0, 2]], [[1, 1]]]),
        {"output_size": 3},
        batch_axis=0,
        output=np.eye(3)[[[[0, 2]], [[1, 1]]]],
    ),
    case(
        "OneHot",
        "floats",
        [2.0, 0],
        {"output_size": 3},
        output=[[0, 0, 1], [1, 0, 0]],
        skip={NO_INPUT_GRADIENT: "an index has no slope"},
    ),
]

CASES: list[Case] = [*SHAPES, *COPIES, *PARTS]
