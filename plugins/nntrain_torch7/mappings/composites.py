"""Classes that Torch7 composes of others."""

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Converter
from nntrain.nn.building.builder import build

ModuleSpec = dict[str, Any]


def to_table(modules: Any, go: Converter) -> dict[int, Any]:
    """Return modules as a table."""
    return {place: go(module) for place, module in enumerate(modules, 1)}


def map_sequential(module: Any, go: Converter) -> dict[str, Any]:
    """Return the fields of a module that is a Sequential in nntrain, too."""
    return {"modules": to_table(module.modules, go)}


def build_like(like: Any, *specs: ModuleSpec) -> list[Any]:
    """Build modules from specs, in the type and mode of another."""
    modules = [build(spec, allow_inplace=True).type(like.type()) for spec in specs]
    for module in modules:
        module.training() if like.train else module.evaluate()
    return modules


def share_parameter(module: Any, other: Any, name: str) -> None:
    """Share a parameter of another module, and its gradient."""
    for shared in (name, f"grad_{name}"):
        setattr(module, shared, getattr(other, shared))


def map_layer_normalization(module: Any, go: Converter) -> dict[str, Any]:
    """x minus its mean, divided by its norm, times √n; then weight and bias."""
    n = module.n_output
    mean = {"type": "Sequential", "modules": [
        {"type": "Mean", "dim": 0, "n_input_dims": 1},
        {"type": "Replicate", "n_features": n, "dim": 0, "n_input_dims": 1},
    ]}  # fmt: skip
    specs: list[ModuleSpec] = [
        {"type": "ConcatTable", "modules": [{"type": "Identity"}, mean]},
        {"type": "CSubTable"},
        {"type": "Normalize", "p": 2, "eps": module.eps},
        {"type": "MulConstant", "constant_scalar": n**0.5},
    ]
    if module.weight is not None:
        specs += [{"type": "CMul", "size": [n]}, {"type": "Add", "input_size": n}]
    modules = build_like(module, *specs)
    if module.weight is not None:
        share_parameter(modules[4], module, "weight")
        share_parameter(modules[5], module, "bias")
    return {"modules": to_table(modules, go)}


def map_partial_linear(module: Any, go: Converter) -> dict[str, Any]:
    """A PartialLinear, which multiplies by the rows of a LookupTable."""
    outputs, inputs = module.weight.shape
    table = {"type": "LookupTable", "n_index": outputs, "n_output": inputs}
    spec = {"type": "Sequential", "modules": [
        {"type": "ParallelTable", "modules": [{"type": "Identity"}, table]},
        {"type": "MM", "trans_b": True},
    ]}  # fmt: skip
    (network,) = build_like(module, spec)
    share_parameter(network.modules[0].modules[1], module, "weight")
    chosen = module.get_arguments().get("partition")
    all_rows = np.arange(1.0, outputs + 1)
    fields = {
        "network": go(network),
        "inputsize": float(inputs),
        "outputsize": float(outputs),
        "allcolumns": all_rows,
        "partition": all_rows if chosen is None else np.array(chosen, np.float64) + 1,
    }
    if module.bias is not None:
        # Torch7's bias is a row.
        fields |= {"bias": module.bias.reshape(1, -1), "gradBias": module.grad_bias.reshape(1, -1)}
    return fields


def build_fields(like: Any, go: Converter, **specs: ModuleSpec) -> dict[str, Any]:
    """Build modules as ``build_like``; return them by the names of their fields."""
    return {name: go(*build_like(like, spec)) for name, spec in specs.items()}


def build_averaging(module: Any, *, deviation: bool = False) -> ModuleSpec:
    """Return the Sequential of the local mean over all channels, weighted by the module's kernel.

    ``deviation``: the root of the local mean of squares instead.
    """
    kernel, channels = np.asarray(module.kernel, np.float64), module.n_input_plane
    kh, kw = kernel.shape if kernel.ndim == 2 else kernel.shape * 2
    padding = {"type": "SpatialZeroPadding", "pad_left": kw // 2, "pad_right": kw // 2}
    specs: list[ModuleSpec] = [{**padding, "pad_top": kh // 2, "pad_bottom": kh // 2}]
    convolution = {"type": "SpatialConvolution", "n_output_plane": 1, "n_input_plane": channels, "kh": kh}
    if kernel.ndim == 2:
        specs += [{**convolution, "kw": kw}]
        weights = [kernel / (kernel.sum() * channels)]
    else:
        one_to_one = [[channel, channel] for channel in range(channels)]
        specs += [{"type": "SpatialConvolutionMap", "conn_table": one_to_one, "kw": kw, "kh": 1}]
        specs += [{**convolution, "kw": 1}]
        scaled = kernel / (kernel.sum() * channels**0.5)
        weights = [scaled[None, :], scaled[:, None]]
    specs += [{"type": "Replicate", "n_features": channels, "dim": 0, "n_input_dims": 2}]
    modules = build_like(module, *specs)
    for convolved, weight in zip(modules[1:-1], weights, strict=True):
        convolved.weight[...] = weight
        convolved.bias[...] = 0
    if deviation:
        modules = [*build_like(module, {"type": "Square"}), *modules, *build_like(module, {"type": "Sqrt"})]
    return {"type": "Sequential", "modules": modules}
