"""Activation functions."""

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings import composites
from nntrain_torch7.mappings.conversions import get_tensor_shape, to_sequence
from nntrain_torch7.mappings.derivation import MappingBuilder, derive


def parse_maxout(fields: TorchFields) -> dict[str, object]:
    """Derive the sizes from a Sequential of Linear, View, optionally another module, and Max."""
    modules = to_sequence(fields.get("modules"))
    rows, inputs = get_tensor_shape(modules[0].fields, "weight", 2)
    pieces = int(modules[1].fields["size"].array[0])
    return {"input_size": inputs, "output_size": rows // pieces, "maxout_number": pieces}


def read_preprocess(value: object, go: Any) -> object:
    """Read the module before Max, if there is one; it is written with the others."""
    modules = to_sequence(value)
    return go(modules[2]) if len(modules) > 3 else None


def restore_maxout_linear(module: Any, fields: TorchFields, go: Any) -> None:
    """Restore the Linear of a Maxout from the file."""
    module.modules[0] = go(to_sequence(fields.get("modules"))[0])


PREPROCESS = Torch7Argument("preprocess", "modules", read_preprocess, lambda value, go: {})
NAMES = (
    *("Abs", "CReLU", "ELU", "GatedLinearUnit", "HardShrink", "HardTanh", "LeakyReLU", "LogSoftMax", "PReLU", "ReLU6"),
    *("Sigmoid", "SoftMax", "SoftMin", "SoftShrink", "SoftSign", "SpatialLogSoftMax", "SpatialSoftMax", "Tanh"),
)

ACTIVATIONS: dict[str, MappingBuilder] = {
    **dict.fromkeys(NAMES, derive()),
    "LogSigmoid": derive(extra={"buffer": np.empty(0)}),
    "TanhShrink": derive(extra=lambda m, go: {"tanh": go(*composites.build_like(m, {"type": "Tanh"}))}),
    "SoftPlus": derive(extra={"threshold": 20.0}),
    "Threshold": derive({"value": "val"}),
    "ReLU": derive(extra={"threshold": 0.0, "val": 0.0}),
    "RReLU": derive(extra={"noise": np.empty(0)}),
    "Maxout": derive(
        arguments=(PREPROCESS,),
        derived=parse_maxout,
        extra=composites.map_sequential,
        finished=restore_maxout_linear,
    ),
}
