"""Classes that Torch puts together from others, as it writes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Converter
from nntrain.nn.building.builder import build

__all__ = [
    "build_deviation",
    "build_like",
    "build_mean",
    "map_layer_normalization",
    "map_partial_linear",
    "map_sequential",
]

ModuleSpec = dict[str, Any]


def to_table(modules: Any, go: Converter) -> dict[int, Any]:
    """Modules as a table."""
    return {place: go(module) for place, module in enumerate(modules, 1)}


def map_sequential(module: Any, go: Converter) -> dict[str, Any]:
    """The modules of one that is a Sequential here too."""
    return {"modules": to_table(module.modules, go)}


def build_like(like: Any, *specs: ModuleSpec) -> list[Any]:
    """Modules of these specs, in the type and the mode of another."""
    modules = [build(spec, allow_inplace=True).type(like.type()) for spec in specs]
    for module in modules:
        module.training() if like.train else module.evaluate()
    return modules


def share_parameters(module: Any, other: Any, **names: str) -> None:
    """Let parameters of a module be those of another: ``weight="bias"`` takes the other's bias for the weight."""
    for own, theirs in names.items():
        for lead in ("", "grad_"):
            setattr(module, f"{lead}{own}", getattr(other, f"{lead}{theirs}"))


def map_layer_normalization(module: Any, go: Converter) -> dict[str, Any]:
    """What is left when the mean is taken off, divided by its norm, times √n; then gain and shift."""
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
        share_parameters(modules[4], module, weight="weight")
        share_parameters(modules[5], module, bias="bias")
    return {"modules": to_table(modules, go)}


def map_partial_linear(module: Any, go: Converter) -> dict[str, Any]:
    """A PartialLinear multiplies by rows that a LookupTable finds."""
    outputs, inputs = module.weight.shape
    table = {"type": "LookupTable", "n_index": outputs, "n_output": inputs}
    spec = {"type": "Sequential", "modules": [
        {"type": "ParallelTable", "modules": [{"type": "Identity"}, table]},
        {"type": "MM", "trans_b": True},
    ]}  # fmt: skip
    (network,) = build_like(module, spec)
    share_parameters(network.modules[0].modules[1], module, weight="weight")
    chosen = module.get_arguments().get("partition")
    everything = np.arange(1.0, outputs + 1)
    told = {
        "network": go(network),
        "inputsize": float(inputs),
        "outputsize": float(outputs),
        "allcolumns": everything,
        "partition": everything if chosen is None else np.array(chosen, np.float64) + 1,
    }
    if module.bias is not None:
        # Torch's bias is a row.
        told |= {"bias": module.bias.reshape(1, -1), "gradBias": module.grad_bias.reshape(1, -1)}
    return told


def build_mean(kernel: Any, planes: int, like: Any, go: Converter) -> Any:
    """The Sequential that takes the mean over a neighbourhood of all planes, weighed by ``kernel``."""
    return go(build_averaging(kernel, planes, like, [], []))


def build_deviation(kernel: Any, planes: int, like: Any, go: Converter) -> Any:
    """The same of squares, and its root."""
    return go(build_averaging(kernel, planes, like, [{"type": "Square"}], [{"type": "Sqrt"}]))


def build_averaging(kernel: Any, planes: int, like: Any, before: list[ModuleSpec], behind: list[ModuleSpec]) -> Any:
    """The modules that take a mean, between others."""
    kernel = np.asarray(kernel, np.float64)
    kh, kw = kernel.shape if kernel.ndim == 2 else kernel.shape * 2
    padding = {"type": "SpatialZeroPadding", "pad_left": kw // 2, "pad_right": kw // 2}
    specs: list[ModuleSpec] = [{**padding, "pad_top": kh // 2, "pad_bottom": kh // 2}]
    convolution = {"type": "SpatialConvolution", "n_output_plane": 1, "n_input_plane": planes, "kh": kh}
    if kernel.ndim == 2:
        specs += [{**convolution, "kw": kw}]
        weights = [kernel / (kernel.sum() * planes)]
    else:
        one_to_one = [[plane, plane] for plane in range(planes)]
        specs += [{"type": "SpatialConvolutionMap", "conn_table": one_to_one, "kw": kw, "kh": 1}]
        specs += [{**convolution, "kw": 1}]
        scaled = kernel / (kernel.sum() * planes**0.5)
        weights = [scaled[None, :], scaled[:, None]]
    specs += [{"type": "Replicate", "n_features": planes, "dim": 0, "n_input_dims": 2}]
    modules = build_like(like, *specs)
    for module, weight in zip(modules[1:-1], weights, strict=True):
        module.weight[...] = weight
        module.bias[...] = 0
    modules = [*build_like(like, *before), *modules, *build_like(like, *behind)]
    (whole,) = build_like(like, {"type": "Sequential", "modules": modules})
    return whole
