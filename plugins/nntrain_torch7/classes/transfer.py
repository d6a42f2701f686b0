"""Transfer functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.classes import assembled
from nntrain_torch7.classes.argument import as_list, axis, flag, number
from nntrain_torch7.classes.weights import WEIGHT, shape_of

__all__ = ["TRANSFER"]

INPLACE = flag("inplace")


def maxout(fields: TorchFields) -> dict[str, object]:
    """A Sequential of Linear, View, perhaps another module, and Max."""
    modules = as_list(fields.get("modules"))
    rows, inputs = shape_of(modules[0].fields, "weight", 2)
    pieces = int(modules[1].fields["size"].array[0])
    return {"input_size": inputs, "output_size": rows // pieces, "maxout_number": pieces}


def preprocess() -> Torch7Argument:
    """The module between the pieces and the maximum, if there is one."""

    def read(value: object, go: object) -> object:
        modules = as_list(value)
        return go(modules[2]) if len(modules) > 3 else None  # type: ignore[operator]

    return Torch7Argument("preprocess", "modules", read, lambda value, go: {})


def weighted(module: Any, fields: TorchFields, go: Any) -> None:
    """The Linear of a Maxout, as it is in the file."""
    module.modules[0] = go(as_list(fields.get("modules"))[0])


TRANSFER = (
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
    Torch7Mapping("TanhShrink", extra=lambda module, go: {"tanh": go(*assembled.made(module, {"type": "Tanh"}))}),
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
    Torch7Mapping("Maxout", (preprocess(),), derived=maxout, extra=assembled.sequential, finished=weighted),
)
