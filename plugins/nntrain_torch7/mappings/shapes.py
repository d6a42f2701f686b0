"""Shape layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.format import Storage
from nntrain_torch7.mappings.arguments import (
    axis,
    boolean,
    get_tensor_name,
    index,
    integers,
    number,
    string,
    tensor_type,
    to_number,
    to_sequence,
)


def read_axis_pairs(value: Any, go: Any) -> list[list[int]]:
    """Read pairs of axes that count from 1."""
    return [[int(to_number(axis)) - 1 for axis in to_sequence(pair)] for pair in to_sequence(value)]


def write_axis_pairs(value: Any, go: Any) -> dict[int, Any]:
    """Write pairs of axes as tables."""
    return {position: {1: i + 1.0, 2: j + 1.0} for position, (i, j) in enumerate(value, 1)}


def build_reshape_fields(module: Any, go: Any) -> dict[str, Any]:
    """The number of elements and the batch size of a Reshape."""
    sizes = np.atleast_1d(np.array(module.get_arguments()["size"], np.int64))
    return {"nelement": float(sizes.prod()), "batchsize": Storage(np.array([1, *sizes], np.int64))}


def build_view_fields(module: Any, go: Any) -> dict[str, Any]:
    """The number of elements of a View, without an inferred axis."""
    sizes = np.atleast_1d(np.array(module.get_arguments()["size"], np.int64))
    return {"numElements": float(sizes[sizes >= 0].prod())}


def parse_copy(fields: TorchFields) -> dict[str, Any]:
    """The types of gradInput and output, as written by Torch7; files of nntrain also contain the arguments."""
    tensors = {"in_type": fields.get("gradInput"), "out_type": fields.get("output")}
    return {ours: tensor.dtype.name for ours, tensor in tensors.items() if isinstance(tensor, np.ndarray)}


def build_copy_fields(module: Any, go: Any) -> dict[str, Any]:
    """The types, and gradInput and output of these types."""
    types = module.in_type or module._type, module.out_type or module._type
    names = dict(zip(("intype", "outtype"), map(get_tensor_name, types), strict=True))
    return {**names, "gradInput": np.empty(0, types[0]), "output": np.empty(0, types[1])}


def parse_narrow(fields: TorchFields) -> dict[str, Any]:
    """The offset from 0; a negative index is kept."""
    offset = to_number(fields.get("index"))
    return {"offset": int(offset) - 1 if offset > 0 else int(offset)}


def build_narrow_fields(module: Any, go: Any) -> dict[str, Any]:
    """The offset from 1; a negative one is kept."""
    offset = module.get_arguments()["offset"]
    return {"index": float(offset + 1 if offset >= 0 else offset)}


SHAPES = (
    Torch7Mapping("Identity"),
    Torch7Mapping(
        "Copy",
        (tensor_type("in_type", "intype"), tensor_type("out_type", "outtype"), boolean("dont_cast", "dontCast")),
        derived=parse_copy,
        extra=build_copy_fields,
        keeps_types=lambda module: module.dont_cast,
    ),
    Torch7Mapping("Contiguous"),
    Torch7Mapping("Convert", (string("input_shape", "inputShape"), string("output_shape", "outputShape"))),
    Torch7Mapping(
        "Narrow", (axis("dim", "dimension"), number("length")), derived=parse_narrow, extra=build_narrow_fields
    ),
    Torch7Mapping("Replicate", (number("n_features", "nfeatures"), axis("dim"), number("n_input_dims", "ndim"))),
    Torch7Mapping("Reshape", (integers("size"), boolean("batch_mode", "batchMode")), extra=build_reshape_fields),
    Torch7Mapping("View", (integers("size"), number("n_input_dims", "numInputDims")), extra=build_view_fields),
    Torch7Mapping("Select", (axis("dim", "dimension"), index("index"))),
    Torch7Mapping("MaskedSelect", tables=(False, True)),
    Torch7Mapping("Index", (axis("dim", "dimension"),), tables=(False, True)),
    Torch7Mapping("Squeeze", (axis("dim"), number("n_input_dims", "numInputDims"))),
    Torch7Mapping("Unsqueeze", (axis("dim", "pos"), number("n_input_dims", "numInputDims"))),
    Torch7Mapping(
        "Transpose",
        (
            Torch7Argument("permutations", "permutations", read_axis_pairs, write_axis_pairs),
            number("n_input_dims", "numInputDims"),
        ),
    ),
    Torch7Mapping("Collapse", (number("n_input_dims", "nInputDim"),)),
    Torch7Mapping(
        "Padding", (axis("dim"), number("pad"), number("n_input_dims", "nInputDim"), number("value"), index("index"))
    ),
)
