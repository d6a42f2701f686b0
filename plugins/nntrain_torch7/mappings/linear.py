"""Linear layers, arithmetic, reductions and further layers without windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.mappings.arguments import axis, boolean, build_size_storage, number, string, tensor, to_list
from nntrain_torch7.mappings.torch_fields import BIAS, BOTH, WEIGHT, get_tensor_shape, read_sizes

N_INPUT_DIMS = number("n_input_dims", "nInputDims")
SIZES = ("output_size", "input_size")
AXIS_ARGUMENTS = (axis("dim", "dimension"), N_INPUT_DIMS)


def build_weight_norm_fields(module: Any, go: Any) -> dict[str, Any]:
    """The sizes and buffers; ``dirty`` means that the weight must be recomputed."""
    outputs, inputs = module.v.shape
    buffers = {name: np.zeros((outputs, 1)) for name in ("norm", "scale")}
    return {"outputSize": float(outputs), "inputSize": float(inputs), "dirty": True, **buffers}


def parse_lookup_table(fields: TorchFields) -> dict[str, Any]:
    """weight (n_index, n_output); the padding value counts from 1, 0 means none."""
    n_index, n_output = get_tensor_shape(fields, "weight", 2)
    padding = int(fields.get("paddingValue") or 0)
    return {"n_index": n_index, "n_output": n_output, **({"padding_value": padding - 1} if padding else {})}


def build_lookup_fields(module: Any, go: Any) -> dict[str, Any]:
    """The padding value and buffers of a LookupTable."""
    padding = 0.0 if module.padding_value is None else module.padding_value + 1.0
    return {"paddingValue": padding, "_count": np.empty(0, np.int32), "_input": np.empty(0, np.int64)}


def parse_add(fields: TorchFields) -> dict[str, Any]:
    """bias (input_size,), or (1,) for all."""
    (size,) = get_tensor_shape(fields, "bias", 1)
    return {"input_size": size, "scalar": bool(fields.get("scalar") or False)}


def read_size_of(name: str) -> Any:
    """Return a reader of the argument ``size`` from the shape of a tensor."""

    def read(fields: TorchFields) -> dict[str, Any]:
        tensor = fields.get(name)
        return {"size": list(get_tensor_shape(fields, name, tensor.ndim if isinstance(tensor, np.ndarray) else 1))}

    return read


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


def parse_p_norm(fields: TorchFields) -> dict[str, Any]:
    """p, which may be 'inf'."""
    p = fields.get("p")
    return {"p": "inf" if p == np.inf else p}


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


LINEAR = (
    Torch7Mapping(
        "Linear",
        derived=read_sizes("weight", *SIZES, bias=True),
        arrays=BOTH,
        extra=lambda m, go: {"addBuffer": np.empty(0)},
    ),
    Torch7Mapping(
        "LinearWeightNorm",
        (number("eps"),),
        derived=read_sizes("v", *SIZES, bias=True),
        arrays={"v": "v", "grad_v": "gradV", "g": "g", "grad_g": "gradG", **BIAS, "weight": "weight"},
        extra=build_weight_norm_fields,
    ),
    Torch7Mapping(
        "Bilinear", derived=read_sizes("weight", "output_size", "input_size1", "input_size2", bias=True), arrays=BOTH
    ),
    Torch7Mapping("Cosine", derived=read_sizes("weight", *SIZES), arrays=WEIGHT),
    Torch7Mapping(
        "Euclidean",
        derived=read_sizes("weight", "input_size", "output_size"),
        arrays=WEIGHT,
        extra=lambda m, go: {"fastBackward": True},
    ),
    Torch7Mapping(
        "WeightedEuclidean",
        derived=read_sizes("weight", "input_size", "output_size"),
        arrays={**WEIGHT, "diag_cov": "diagCov", "grad_diag_cov": "gradDiagCov"},
        extra=lambda m, go: {"fastBackward": True},
    ),
    Torch7Mapping(
        "IndexLinear",
        (boolean("do_grad_input", "doGradInput"),),
        derived=parse_index_linear,
        arrays=BOTH,
        extra=build_index_linear_fields,
    ),
    Torch7Mapping(
        "SparseLinear",
        (boolean("do_grad_input", "doGradInput"), number("weight_decay", "weightDecay")),
        derived=read_sizes("weight", *SIZES),
        arrays=BOTH,
    ),
    Torch7Mapping(
        "LookupTable",
        (
            number("max_norm", "maxNorm"),
            number("norm_type", "normType"),
            boolean("scale_grad_by_freq", "shouldScaleGradByFreq"),
        ),
        derived=parse_lookup_table,
        arrays=WEIGHT,
        extra=build_lookup_fields,
    ),
    Torch7Mapping(
        "Kmeans",
        (number("scale"),),
        derived=read_sizes("weight", "k", "input_size"),
        arrays={**WEIGHT, "cluster_sample_count": "clusterSampleCount"},
        extra=lambda m, go: {"k": float(m.weight.shape[0]), "dim": float(m.weight.shape[1])},
    ),
    Torch7Mapping(
        "Add",
        derived=parse_add,
        arrays=BIAS,
        extra=lambda m, go: {"scalar": bool(m.get_arguments().get("scalar", False)), "_ones": np.ones(1)},
    ),
    Torch7Mapping("CAdd", derived=read_size_of("bias"), arrays=BIAS, extra=build_size_fields),
    Torch7Mapping("CMul", derived=read_size_of("weight"), arrays=WEIGHT, extra=build_size_fields),
    Torch7Mapping("Mul", arrays=WEIGHT),
    Torch7Mapping("AddConstant", (boolean("inplace"),), derived=parse_constant, extra=build_constant_fields),
    Torch7Mapping("MulConstant", (number("constant_scalar"), boolean("inplace"))),
    Torch7Mapping("Constant", (tensor("value"), number("n_input_dims", "nInputDim"))),
    Torch7Mapping("Max", AXIS_ARGUMENTS),
    Torch7Mapping("Min", AXIS_ARGUMENTS),
    Torch7Mapping("Sum", (*AXIS_ARGUMENTS, boolean("size_average", "sizeAverage"), boolean("squeeze"))),
    Torch7Mapping("Mean", AXIS_ARGUMENTS, extra=lambda m, go: {"sizeAverage": True, "squeeze": True}),
    Torch7Mapping("Exp"),
    Torch7Mapping("Log"),
    Torch7Mapping("Power", (number("p", "pow"),)),
    Torch7Mapping("Square"),
    Torch7Mapping("Sqrt", (number("eps"),)),
    Torch7Mapping(
        "Clamp",
        (number("min_value", "min_val"), number("max_value", "max_val")),
        extra=lambda m, go: {"inplace": False},
    ),
    Torch7Mapping(
        "Normalize", (number("eps"),), derived=parse_p_norm, extra=lambda m, go: {"p": float(m.get_arguments()["p"])}
    ),
    Torch7Mapping("MM", (boolean("trans_a", "transA"), boolean("trans_b", "transB")), tables=(False, True)),
    Torch7Mapping("MV", (boolean("trans"),), tables=(False, True)),
    Torch7Mapping(
        "L1Penalty",
        (
            number("l1_weight", "l1weight"),
            boolean("size_average", "sizeAverage"),
            boolean("provide_output", "provideOutput"),
        ),
    ),
    Torch7Mapping(
        "GradientReversal",
        (number("lam", "lambda"),),
        version=2,
        updated=lambda fields, version: {"lambda": 1.0, **fields} if version < 2 else fields,
    ),
    Torch7Mapping("ZeroGrad"),
    Torch7Mapping("PrintSize", (string("prefix"),)),
    Torch7Mapping("OneHot", (number("output_size", "outputSize"),)),
)
