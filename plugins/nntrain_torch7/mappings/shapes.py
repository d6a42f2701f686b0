"""Shape layers."""

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.format import Storage
from nntrain_torch7.mappings.conversions import get_tensor_name, to_number, to_sequence
from nntrain_torch7.mappings.derivation import DIMENSION, MappingBuilder, build_argument, derive


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


INPUT_DIMS = {"n_input_dims": "numInputDims"}
AXIS_PAIRS = Torch7Argument("permutations", "permutations", read_axis_pairs, write_axis_pairs)

SHAPES: dict[str, MappingBuilder] = {
    **dict.fromkeys(("Identity", "Contiguous", "Convert"), derive()),
    "Copy": derive(
        {"in_type": "intype", "out_type": "outtype"},
        omitted={"force_copy"},
        derived=parse_copy,
        extra=build_copy_fields,
        keeps_types=lambda module: module.dont_cast,
    ),
    "Narrow": derive(
        arguments=(build_argument("dim", "dimension"), build_argument("length"), build_argument("offset", "index"))
    ),
    "Replicate": derive({"n_features": "nfeatures", "n_input_dims": "ndim"}),
    "Reshape": derive(extra=build_reshape_fields),
    "View": derive(INPUT_DIMS, extra=build_view_fields),
    "Select": derive(DIMENSION),
    "MaskedSelect": derive(tables=(False, True)),
    "Index": derive(DIMENSION, tables=(False, True)),
    "Squeeze": derive(INPUT_DIMS),
    "Unsqueeze": derive({**INPUT_DIMS, "dim": "pos"}),
    "Transpose": derive(INPUT_DIMS, AXIS_PAIRS),
    "Collapse": derive({"n_input_dims": "nInputDim"}),
    "Padding": derive({"n_input_dims": "nInputDim"}),
}
