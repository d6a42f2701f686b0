"""What the simple layers refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ModuleError, ShapeError, SpecError

SIZES = {"input_size": 3, "output_size": 2}

TAKE_ARRAYS = [
    "ZeroGrad",
    "Contiguous",
    "Abs",
    "Max",
    "Sum",
    "Mul",
    "Copy",
    "Convert",
    "Dropout",
    "SpatialDropout",
    "WhiteNoise",
    "GradientReversal",
]


@pytest.mark.parametrize(
    ("cls", "arguments", "what"),
    [
        *((cls, {"input_size": 3, "output_size": 0}, "sizes of at least 1") for cls in ("Linear", "LinearWeightNorm")),
        *((cls, {"input_size": 0, "output_size": 2}, "sizes of at least 1") for cls in ("Cosine", "Euclidean")),
        *((cls, {"input_size": 0, "output_size": 2}, "sizes of at least 1") for cls in ("SparseLinear", "IndexLinear")),
        ("PartialLinear", {**SIZES, "partition": [0, 2]}, r"rows 0\.\.1"),
        ("PartialLinear", {**SIZES, "partition": []}, r"rows 0\.\.1"),
        ("PartialLinear", {"input_size": 0, "output_size": 2}, "sizes of at least 1"),
        ("Bilinear", {"input_size1": 1, "input_size2": 0, "output_size": 1}, "sizes of at least 1"),
        ("IndexLinear", {**SIZES, "weight": [[1.0, 2]], "bias": [1.0]}, "bias of its width"),
        ("LookupTable", {"n_index": 0, "n_output": 2}, "sizes of at least 1"),
        ("LookupTable", {"n_index": 3, "n_output": 2, "norm_type": 0}, "norm_type above 0"),
        ("LookupTable", {"n_index": 3, "n_output": 2, "padding_value": 3}, r"padding_value of 0\.\.2"),
        ("Kmeans", {"k": 2, "input_size": 0}, "sizes of at least 1"),
        ("Kmeans", {"k": 2, "input_size": 2, "scale": 0}, "scale above 0"),
        ("CAdd", {"size": [2, 0]}, "sizes of at least 1"),
        ("CMul", {"size": []}, "sizes of at least 1"),
        ("Add", {"input_size": 0}, "sizes of at least 1"),
        ("Reshape", {"size": [2, -1]}, "sizes of at least 1"),
        ("View", {"size": [-1, -1]}, "-1 at most once"),
        ("View", {"size": [0]}, "sizes of at least 1"),
        ("Narrow", {"dim": 0, "offset": -1, "length": -1}, "offset or a length of at least 0"),
        ("Replicate", {"n_features": 0}, "n_features >= 1"),
        ("Replicate", {"n_features": 2, "dim": -1}, "dim >= 0"),
        ("Padding", {"dim": 0, "pad": 1, "index": -1}, "index of at least 0"),
        ("Transpose", {"permutations": [[0, 1, 2]]}, "pairs of axes"),
        ("OneHot", {"output_size": 0}, "output_size of at least 1"),
        ("Clamp", {"min_value": 1, "max_value": 1}, "min_value < max_value"),
        ("AddConstant", {"constant_scalar": [[1.0], [2.0]]}, "a number or a list of numbers"),
        ("Normalize", {"p": 0}, "a p above 0"),
        ("Normalize", {"p": "two"}, "a p above 0"),
        ("Dropout", {"p": 1}, "0 <= p < 1"),
        ("Dropout", {"p": -0.1}, "0 <= p < 1"),
        ("Copy", {"out_type": "float31"}, "type such as 'float32'"),
        ("BatchNormalization", {"n_output": 0}, "n_output of at least 1"),
        ("LayerNormalization", {"n_output": 0}, "n_output of at least 1"),
        ("Convert", {"output_shape": "bf"}, "input_shape for the output_shape"),
    ],
)
def test_an_argument_out_of_range_is_named(cls: str, arguments: dict[str, Any], what: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{cls}: expected .*{what}"):
        getattr(nn, cls)(**arguments)
    with pytest.raises(SpecError, match=what):
        nn.build({"type": cls, **arguments})


@pytest.mark.parametrize(
    ("start", "end"), [("bt", "bf"), ("b*", "bf"), ("bf", "b*"), ("bchw", "bt"), ("bhw", "b"), ("chw", "hw")]
)
def test_convert_refuses_what_it_cannot_do(start: str, end: str) -> None:
    with pytest.raises(ArgumentError, match="cannot convert"):
        nn.Convert(start, end)


@pytest.mark.parametrize(
    ("spec", "x"),
    [
        *(
            (spec, np.zeros(shape))
            for spec, shape in [
                ({"type": "Linear", **SIZES}, (2, 4)),
                ({"type": "Cosine", **SIZES}, (2, 4)),
                ({"type": "Euclidean", **SIZES}, (2, 2, 3)),
                ({"type": "WeightedEuclidean", **SIZES}, (2,)),
                ({"type": "PartialLinear", **SIZES}, (3,)),
                ({"type": "Kmeans", "k": 2, "input_size": 3}, (3,)),
                ({"type": "Add", "input_size": 4}, (2, 2)),
                ({"type": "Add", "input_size": 4}, ()),
                ({"type": "CAdd", "size": 3}, (5, 2, 3)),
                ({"type": "CAdd", "size": [2, 3]}, (5, 6)),
                ({"type": "CMul", "size": [1, 3]}, (2, 4)),
                ({"type": "Reshape", "size": 5}, (2, 3)),
                ({"type": "Reshape", "size": 6, "batch_mode": False}, (2, 6)),
                ({"type": "View", "size": 4}, (2, 3)),
                ({"type": "View", "size": [4, -1]}, (2, 3)),
                ({"type": "Squeeze", "dim": 2}, (1, 3)),
                ({"type": "Unsqueeze", "dim": 3}, (1, 3)),
                ({"type": "Unsqueeze", "dim": 0, "n_input_dims": 3}, (1, 3)),
                ({"type": "Transpose", "permutations": [[0, 2]]}, (1, 3)),
                ({"type": "Narrow", "dim": 0, "offset": 2, "length": 2}, (3, 3)),
                ({"type": "Narrow", "dim": 0, "offset": 1, "length": 0}, (3, 3)),
                ({"type": "Narrow", "dim": 2, "offset": 0}, (3, 3)),
                ({"type": "Select", "dim": 0, "index": 3}, (3, 3)),
                ({"type": "Select", "dim": 0, "index": 0}, (3,)),
                ({"type": "Replicate", "n_features": 2, "dim": 3}, (3, 3)),
                ({"type": "Padding", "dim": 0, "pad": 1, "index": 4}, (3,)),
                ({"type": "Padding", "dim": 0, "pad": 1, "n_input_dims": 2}, (3,)),
                *(({"type": cls, "dim": 2}, (3, 3)) for cls in ("Max", "Min", "Sum", "Mean")),
                *(({"type": cls, "dim": 1}, (3, 0)) for cls in ("Max", "Min", "Sum", "Mean")),
                ({"type": "Normalize", "p": 2}, (3, 3, 3)),
                ({"type": "AddConstant", "constant_scalar": [1, 2, 3]}, (3, 2)),
                ({"type": "AddConstant", "constant_scalar": [1, 2, 3]}, (2, 3, 3)),
                ({"type": "LookupTable", "n_index": 3, "n_output": 2}, (1, 1, 1)),
                ({"type": "SpatialDropout"}, (3, 3)),
                ({"type": "VolumetricDropout"}, (3, 3, 3)),
                ({"type": "BatchNormalization", "n_output": 3}, (3,)),
                ({"type": "BatchNormalization", "n_output": 3}, (2, 4)),
                ({"type": "LayerNormalization", "n_output": 3}, (2, 4)),
                ({"type": "Convert", "input_shape": "bchw", "output_shape": "bf"}, (2, 3)),
                ({"type": "Convert", "input_shape": "bf", "output_shape": "b"}, (2, 3)),
                ({"type": "SparseLinear", **SIZES}, (2, 3)),
            ]
        ),
        ({"type": "LookupTable", "n_index": 3, "n_output": 2}, np.array([0, 3])),
        ({"type": "LookupTable", "n_index": 3, "n_output": 2}, np.array([-1])),
        ({"type": "LookupTable", "n_index": 3, "n_output": 2}, np.array([0.5])),
        ({"type": "LookupTable", "n_index": 3, "n_output": 2}, np.array([np.nan])),
        ({"type": "OneHot", "output_size": 3}, np.array([3])),
        ({"type": "SparseLinear", **SIZES}, np.array([[3.0, 1.0]])),
        ({"type": "SparseLinear", **SIZES}, [np.array([0.0, 1.0])]),
        ({"type": "IndexLinear", **SIZES}, np.array([0, 1])),
        ({"type": "IndexLinear", **SIZES}, [np.array([0, 3]), np.ones(2)]),
        ({"type": "IndexLinear", **SIZES}, [np.array([0, 1]), np.ones(1)]),
        ({"type": "IndexLinear", **SIZES}, [np.array([0, 1]), np.ones(2), np.array([1, 2])]),
        ({"type": "MM"}, [np.ones((2, 3)), np.ones((2, 3))]),
        ({"type": "Constant", "value": 1}, [np.ones(3)]),
        ({"type": "OneHot", "output_size": 3}, [0, 1]),
        ({"type": "MulConstant", "constant_scalar": 1}, [np.ones(3)]),
        ({"type": "L1Penalty", "l1_weight": 1}, [np.ones(3)]),
        ({"type": "Linear", **SIZES}, [np.ones(3)]),
        ({"type": "Transpose", "permutations": []}, [np.ones(3)]),
        ({"type": "MM"}, [np.ones((1, 2, 3)), np.ones((2, 3, 2))]),
        ({"type": "MM"}, [np.ones((2, 3)), np.ones((1, 3, 2))]),
        ({"type": "MV"}, [np.ones((2, 3)), np.ones(2)]),
        ({"type": "MV"}, [np.ones(3), np.ones(3)]),
        (
            {"type": "Bilinear", "input_size1": 1, "input_size2": 2, "output_size": 1},
            [np.ones((2, 1)), np.ones((3, 2))],
        ),
        ({"type": "Bilinear", "input_size1": 1, "input_size2": 2, "output_size": 1}, np.ones((2, 3))),
        ({"type": "MaskedSelect"}, [np.ones(3), np.ones(2)]),
        ({"type": "Index", "dim": 0}, [np.ones(3), np.array([[0]])]),
        ({"type": "Index", "dim": 0}, [np.ones(3), np.array([3])]),
        ({"type": "Index", "dim": 1}, [np.ones(3), np.array([0])]),
        *(({"type": cls}, [np.ones(3)]) for cls in TAKE_ARRAYS),
    ],
    ids=str,
)
def test_an_input_that_does_not_fit_is_reported(spec: dict[str, Any], x: Any) -> None:
    with pytest.raises(ShapeError, match=r"^expected .*, got .*"):
        nn.build(spec).forward(x)


@pytest.mark.parametrize("cls", ["SpatialDropout", "VolumetricDropout", "WhiteNoise"])
def test_some_layers_have_no_backward_pass_in_prediction(cls: str) -> None:
    module = getattr(nn, cls)()
    module.evaluate()
    x = np.ones((2, 3, 4, 5))
    module.forward(x)
    with pytest.raises(ModuleError, match="in evaluation mode"):
        module.backward(x, x)


def test_white_noise_needs_a_spread_in_training_only() -> None:
    module = nn.WhiteNoise(1, 0)
    with pytest.raises(ArgumentError, match="std above 0"):
        module.forward(np.zeros(3))
    module.evaluate()
    np.testing.assert_array_equal(module.forward(np.zeros(3)), [1, 1, 1])


def test_bilinear_refuses_a_scale_below_0() -> None:
    module = nn.Bilinear(1, 1, 1)
    x = [np.ones((1, 1)), np.ones((1, 1))]
    with pytest.raises(ArgumentError, match="scale of at least 0"):
        module.backward(x, module.forward(x), -1)


def test_index_linear_has_no_gradient_of_the_input_with_normalize() -> None:
    module = nn.IndexLinear(3, 2, do_grad_input=True, normalize=True)
    x = [np.array([0]), np.array([1.0])]
    with pytest.raises(ModuleError, match="remove do_grad_input"):
        module.backward(x, module.forward(x))
