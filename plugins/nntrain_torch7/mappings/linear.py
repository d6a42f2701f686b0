"""Linear layers, arithmetic, reductions, noise and further layers without windows."""

from typing import Any

import numpy as np

from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings.conversions import build_size_storage, get_tensor_shape, to_list
from nntrain_torch7.mappings.derivation import DIMENSION, MappingBuilder, derive

SIZES = ("output_size", "input_size")
FAST = {"fastBackward": True}


def build_weight_norm_fields(module: Any, go: Any) -> dict[str, Any]:
    """The sizes and buffers; ``dirty`` means that the weight must be recomputed."""
    outputs, inputs = module.v.shape
    buffers = {name: np.zeros((outputs, 1)) for name in ("norm", "scale")}
    return {"outputSize": float(outputs), "inputSize": float(inputs), "dirty": True, **buffers}


def parse_padding_value(fields: TorchFields) -> dict[str, Any]:
    """The padding value counts from 1, 0 means none."""
    padding = int(fields.get("paddingValue") or 0)
    return {"padding_value": padding - 1} if padding else {}


def build_lookup_fields(module: Any, go: Any) -> dict[str, Any]:
    """The padding value and buffers of a LookupTable."""
    padding = 0.0 if module.padding_value is None else module.padding_value + 1.0
    return {"paddingValue": padding, "_count": np.empty(0, np.int32), "_input": np.empty(0, np.int64)}


def parse_add(fields: TorchFields) -> dict[str, Any]:
    """bias (input_size,), or (1,) for all."""
    (size,) = get_tensor_shape(fields, "bias", 1)
    return {"input_size": size, "scalar": bool(fields.get("scalar") or False)}


def read_size(fields: TorchFields, name: str) -> dict[str, Any]:
    """The argument ``size`` from the shape of a tensor."""
    tensor = fields.get(name)
    return {"size": list(get_tensor_shape(fields, name, tensor.ndim if isinstance(tensor, np.ndarray) else 1))}


def build_size_fields(module: Any, go: Any) -> dict[str, Any]:
    """The shape of the only parameter of CMul and CAdd."""
    return {"size": build_size_storage(module.get_own_parameters()[0][0].shape)}


def parse_constant(fields: TorchFields) -> dict[str, Any]:
    """A number or a tensor."""
    value = fields.get("constant_scalar")
    return {"constant_scalar": to_list(value) if isinstance(value, np.ndarray) else value}


def build_constant_fields(module: Any, go: Any) -> dict[str, Any]:
    """A number or a tensor, as given to the constructor."""
    value = np.asarray(module.get_arguments()["constant_scalar"], np.float64)
    return {"constant_scalar": value if value.ndim else float(value)}


def parse_index_linear(fields: TorchFields) -> dict[str, Any]:
    """weight (input_size, output_size), with additional columns before it for normalize."""
    rows, columns = get_tensor_shape(fields, "weight", 2)
    before = int(fields.get("normalize") or 0)
    # Torch7 adds its offset to keys from 1, to get indices from 0.
    offset = fields.get("offset")
    keys_offset = {} if offset is None else {"keys_offset": int(offset) + 1}
    return {"input_size": rows, "output_size": columns - before, "normalize": before > 0, **keys_offset}


def build_index_linear_fields(module: Any, go: Any) -> dict[str, Any]:
    """The sizes and buffers: empty tables instead of a dense gradient."""
    outputs = module.bias.size
    running: dict[str, Any] = {"cumSumSizes": {}, "keys": {}, "gradWeight": {}}
    return {
        "inputSize": float(module.weight.shape[0]),
        "outputSize": float(outputs),
        "normalize": float(module.weight.shape[1] - outputs),
        "offset": module.keys_offset - 1.0,
        "gradWeight": np.empty(0),
        "running": {**running, "counter": 1.0},
        **{name: np.empty(0) for name in ("gradWeightBuffer", "valuesBuffer", "normalizedValues")},
        **{name: {} for name in ("sizesCache", "cumSumSizesCache")},
        "weightDecay": 0.0,
    }


NAMES = ("Exp", "Log", "Square", "Sqrt", "ZeroGrad", "PrintSize", "OneHot", "Mul", "MulConstant")

LINEAR: dict[str, MappingBuilder] = {
    **dict.fromkeys(NAMES, derive()),
    "Linear": derive(sizes=("weight", *SIZES), extra={"addBuffer": np.empty(0)}),
    "LinearWeightNorm": derive(sizes=("v", *SIZES), extra=build_weight_norm_fields),
    "Bilinear": derive(sizes=("weight", "output_size", "input_size1", "input_size2")),
    "Cosine": derive(sizes=("weight", *SIZES)),
    "Euclidean": derive(sizes=("weight", *SIZES[::-1]), extra=FAST),
    "WeightedEuclidean": derive(sizes=("weight", *SIZES[::-1]), extra=FAST),
    "IndexLinear": derive(
        omitted={*SIZES, "keys_offset", "weight", "bias", "normalize"},
        derived=parse_index_linear,
        extra=build_index_linear_fields,
    ),
    "SparseLinear": derive(sizes=("weight", *SIZES)),
    "LookupTable": derive(
        {"scale_grad_by_freq": "shouldScaleGradByFreq"},
        omitted={"padding_value"},
        sizes=("weight", "n_index", "n_output"),
        derived=parse_padding_value,
        extra=build_lookup_fields,
    ),
    "Kmeans": derive(
        sizes=("weight", "k", "input_size"),
        extra=lambda m, go: {"k": float(m.weight.shape[0]), "dim": float(m.weight.shape[1])},
    ),
    "Add": derive(
        arguments=(),
        derived=parse_add,
        extra=lambda m, go: {"scalar": bool(m.get_arguments().get("scalar", False)), "_ones": np.ones(1)},
    ),
    "CAdd": derive(arguments=(), derived=lambda fields: read_size(fields, "bias"), extra=build_size_fields),
    "CMul": derive(arguments=(), derived=lambda fields: read_size(fields, "weight"), extra=build_size_fields),
    "AddConstant": derive(omitted={"constant_scalar"}, derived=parse_constant, extra=build_constant_fields),
    "Constant": derive({"n_input_dims": "nInputDim"}),
    **dict.fromkeys(("Max", "Min", "Sum"), derive(DIMENSION)),
    "Mean": derive(DIMENSION, extra={"sizeAverage": True, "squeeze": True}),
    "Power": derive({"p": "pow"}),
    "Clamp": derive(extra={"inplace": False}),
    "Normalize": derive(
        omitted={"p"},
        derived=lambda fields: {"p": "inf" if fields.get("p") == np.inf else fields.get("p")},
        extra=lambda m, go: {"p": float(m.get_arguments()["p"])},
    ),
    **dict.fromkeys(("MM", "MV"), derive(tables=(False, True))),
    "L1Penalty": derive({"l1_weight": "l1weight"}),
    "GradientReversal": derive(
        version=2, updated=lambda fields, version: {"lambda": 1.0, **fields} if version < 2 else fields
    ),
    # Torch7 stores the noise of the last pass in a field.
    "Dropout": derive(
        omitted={"v1"},
        # Version 1 of Dropout has no ``v2``.
        derived=lambda fields: {"v1": not fields.get("v2", False)},
        extra=lambda m, go: {"v2": not m.get_arguments().get("v1", False), "noise": np.empty(0)},
    ),
    **dict.fromkeys(("SpatialDropout", "VolumetricDropout", "WhiteNoise"), derive(extra={"noise": np.empty(0)})),
}
