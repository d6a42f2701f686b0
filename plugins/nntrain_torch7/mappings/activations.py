"""Activation functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.mappings import composites
from nntrain_torch7.mappings.arguments import axis, boolean, number, to_sequence
from nntrain_torch7.mappings.torch_fields import WEIGHT, get_tensor_shape

INPLACE = boolean("inplace")


def parse_maxout(fields: TorchFields) -> dict[str, object]:
    """Derive the sizes from a Sequential of Linear, View, optionally another module, and Max."""
    modules = to_sequence(fields.get("modules"))
    rows, inputs = get_tensor_shape(modules[0].fields, "weight", 2)
    pieces = int(modules[1].fields["size"].array[0])
    return {"input_size": inputs, "output_size": rows // pieces, "maxout_number": pieces}


def build_preprocess_argument() -> Torch7Argument:
    """Return the argument for the module before Max, if there is one."""

    def read(value: object, go: object) -> object:
        modules = to_sequence(value)
        return go(modules[2]) if len(modules) > 3 else None  # type: ignore[operator]

    return Torch7Argument("preprocess", "modules", read, lambda value, go: {})


def restore_maxout_linear(module: Any, fields: TorchFields, go: Any) -> None:
    """Restore the Linear of a Maxout from the file."""
    module.modules[0] = go(to_sequence(fields.get("modules"))[0])


ACTIVATIONS = (
    *(
        Torch7Mapping(name)
        for name in (
            "Abs",
            "LogSoftMax",
            "Sigmoid",
            "SoftMax",
            "SoftSign",
            "SpatialLogSoftMax",
            "SpatialSoftMax",
            "Tanh",
        )
    ),
    Torch7Mapping("LogSigmoid", extra=lambda module, go: {"buffer": np.empty(0)}),
    Torch7Mapping("SoftMin"),
    Torch7Mapping(
        "TanhShrink", extra=lambda module, go: {"tanh": go(*composites.build_like(module, {"type": "Tanh"}))}
    ),
    Torch7Mapping("HardTanh", (number("min_value", "min_val"), number("max_value", "max_val"), INPLACE)),
    Torch7Mapping("HardShrink", (number("lam", "lambda"),)),
    Torch7Mapping("SoftShrink", (number("lam", "lambda"),)),
    Torch7Mapping("SoftPlus", (number("beta"),), extra=lambda module, go: {"threshold": 20.0}),
    Torch7Mapping("Threshold", (number("threshold"), number("value", "val"), INPLACE)),
    Torch7Mapping("ReLU", (INPLACE,), extra=lambda module, go: {"threshold": 0.0, "val": 0.0}),
    Torch7Mapping("ReLU6", (INPLACE,)),
    Torch7Mapping("LeakyReLU", (number("negval"), INPLACE)),
    Torch7Mapping("PReLU", (number("n_output_plane", "nOutputPlane"),), arrays=WEIGHT),
    Torch7Mapping(
        "RReLU", (number("lower"), number("upper"), INPLACE), extra=lambda module, go: {"noise": np.empty(0)}
    ),
    Torch7Mapping("CReLU", (number("n_input_dims", "nInputDims"), INPLACE)),
    Torch7Mapping("ELU", (number("alpha"), INPLACE)),
    Torch7Mapping("GatedLinearUnit", (axis("dim"),)),
    Torch7Mapping(
        "Maxout",
        (build_preprocess_argument(),),
        derived=parse_maxout,
        extra=composites.map_sequential,
        finished=restore_maxout_linear,
    ),
)
