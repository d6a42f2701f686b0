"""Shape layers."""

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.format import Storage
from nntrain_torch7.mappings.conversions import get_tensor_name, to_number, to_sequence
from nntrain_torch7.mappings.derivation import DIMENSION, MappingBuilder, build_argument, derive


def get_sizes(module: Any) -> Any:
    """Return the sizes of a Reshape or View."""
    return np.atleast_1d(np.array(module.get_arguments()["size"], np.int64))


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
# Pairs of axes that count from 1.
AXIS_PAIRS = Torch7Argument(
    "permutations",
    "permutations",
    lambda value, go: [[int(to_number(axis)) - 1 for axis in to_sequence(pair)] for pair in to_sequence(value)],
    lambda value, go: {position: {1: i + 1.0, 2: j + 1.0} for position, (i, j) in enumerate(value, 1)},
)

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
    "Reshape": derive(
        extra=lambda m, go: {
            "nelement": float(get_sizes(m).prod()),
            "batchsize": Storage(np.array([1, *get_sizes(m)], np.int64)),
        }
    ),
    "View": derive(INPUT_DIMS, extra=lambda m, go: {"numElements": float(get_sizes(m)[get_sizes(m) >= 0].prod())}),
    "Select": derive(DIMENSION),
    "MaskedSelect": derive(tables=(False, True)),
    "Index": derive(DIMENSION, tables=(False, True)),
    "Squeeze": derive(INPUT_DIMS),
    "Unsqueeze": derive({**INPUT_DIMS, "dim": "pos"}),
    "Transpose": derive(INPUT_DIMS, AXIS_PAIRS),
    "Collapse": derive({"n_input_dims": "nInputDim"}),
    "Padding": derive({"n_input_dims": "nInputDim"}),
}
