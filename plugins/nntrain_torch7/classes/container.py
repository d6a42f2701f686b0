"""Containers and decorators."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.classes import assembled
from nntrain_torch7.classes.argument import (
    as_list,
    as_numbers,
    as_values,
    axis,
    child,
    children,
    element_type,
    flag,
    index,
    number,
    shape_storage,
    tensor_name,
    text,
)
from nntrain_torch7.classes.weights import BIAS, WEIGHT, has_bias
from nntrain_torch7.format import TorchObject

__all__ = ["CONTAINERS"]

DIMENSION = axis("dim", "dimension")


def mapped(module: Any, go: Any) -> dict[str, Any]:
    """A MapTable names its module beside the list, and what its clones share."""
    shared = dict(enumerate(("weight", "bias", "gradWeight", "gradBias"), 1))
    clones = {place: go(item) for place, item in enumerate(module.modules, 1)}
    return {"module": None if module.module is None else go(module.module), "sharedparams": shared, "modules": clones}


def bottled(module: Any, go: Any) -> dict[str, Any]:
    """What a Bottle reshapes with."""
    inside, outside = module.n_input_dims, module.n_output_dims
    return {
        "dimDelta": float(inside - outside),
        "inShape": np.zeros(inside),
        "outShape": np.zeros(outside),
    }


def unweighted(fields: TorchFields, version: int) -> TorchFields:
    """A WeightNorm is written without the weight of its module: one of the right size takes its place."""
    inside = as_list(fields.get("modules"))[0]
    sizes, v = as_numbers(fields.get("weightSize")), fields.get("v")
    if not isinstance(v, np.ndarray) or math.prod(sizes) != v.size or not isinstance(inside, TorchObject):
        raise ValueError(f"expected a v of as many numbers as a weight of {sizes}, and a module")
    inner = {**inside.fields, "weight": np.zeros(sizes, v.dtype), "gradWeight": None}
    return {**fields, "modules": {1: TorchObject(inside.name, inside.version, inner)}}


def weighted(module: Any, go: Any) -> dict[str, Any]:
    """The sizes of the weight, which is written neither here nor inside; its axis comes to the front in viewOut."""
    weight = module.module.weight
    inside = go(module.module)
    for name in WEIGHT.values():
        inside.fields.pop(name, None)
    place = module.output_dim % weight.ndim
    others = [size for axis, size in enumerate(weight.shape) if axis != place]
    return {
        "weightSize": shape_storage(weight.shape),
        "viewIn": shape_storage(module.v.shape),
        "viewOut": shape_storage((weight.shape[place], *others)),
        "otherDims": float(math.prod(others)),
        **{name: inside.fields[name] for name in BIAS.values() if name in inside.fields},
    }


def cloned(module: Any, fields: TorchFields, go: Any) -> None:
    """The clones of a MapTable, as they are in the file."""
    objects = as_list(fields.get("modules"))
    module.modules[1:] = [go(item) for item in objects[1:]]


def timings(module: Any, go: Any) -> dict[str, Any]:
    """A Profile begins to count."""
    counts = ("numFwds", "numBwds", "summedFwdTime", "summedBwdTime")
    return {"module": go(module.module), **dict.fromkeys(counts, 0.0), "timer": TorchObject("torch.Timer", 1, None)}


def layer_normalization(fields: TorchFields) -> dict[str, Any]:
    """A Sequential, whose Replicate tells the size and whose Normalize tells eps."""
    modules = as_list(fields.get("modules"))
    mean = as_list(as_list(modules[0].fields["modules"])[1].fields["modules"])
    return {
        "n_output": int(mean[1].fields["nfeatures"]),
        "eps": modules[2].fields["eps"],
        "affine": len(modules) > 4,
    }


def gain_and_shift(fields: TorchFields) -> TorchFields:
    """The parameters of a LayerNormalization, which lie in its last two modules."""
    modules = as_list(fields.get("modules"))
    if len(modules) < 6:
        return {}
    gain, shift = modules[4].fields, modules[5].fields
    return {**{name: gain.get(name) for name in WEIGHT.values()}, **{name: shift.get(name) for name in BIAS.values()}}


def partial_linear(fields: TorchFields) -> dict[str, Any]:
    """A small network, whose LookupTable holds the weight, and a bias beside it."""
    weight = looked_up(fields).get("weight")
    if not isinstance(weight, np.ndarray) or weight.ndim != 2:
        raise ValueError("expected a weight of 2 axes in network")
    partition = fields.get("partition")
    reserve_elements(2, weight.shape[0])
    everything = np.arange(1, weight.shape[0] + 1)
    told = np.asarray(partition) if isinstance(partition, np.ndarray) else everything
    return {
        "input_size": weight.shape[1],
        "output_size": weight.shape[0],
        "bias": has_bias(fields),
        **({} if np.array_equal(told, everything) else {"partition": [int(one) - 1 for one in as_values(told)]}),
    }


def looked_up(fields: TorchFields) -> TorchFields:
    """The weight of a PartialLinear."""
    inside = as_list(fields["network"].fields["modules"])
    table = as_list(inside[0].fields["modules"])[1].fields
    bias = {name: fields.get(name) for name in BIAS.values()}
    return {**{name: table.get(name) for name in WEIGHT.values()}, **bias}


def named_by_number(fields: TorchFields) -> dict[str, Any]:
    """NaN: the number that it prints."""
    return {"id": int(fields["id"])} if isinstance(fields.get("id"), float) else {}


CONTAINERS = (
    Torch7Mapping("Sequential", (children(),)),
    Torch7Mapping("Concat", (DIMENSION, children())),
    Torch7Mapping("DepthConcat", (DIMENSION, children())),
    Torch7Mapping("Parallel", (axis("input_dim", "inputDimension"), axis("output_dim", "outputDimension"), children())),
    Torch7Mapping("ConcatTable", (children(),), tables=(True, False)),
    Torch7Mapping("ParallelTable", (children(),), tables=(True, True)),
    Torch7Mapping("MapTable", (child(), flag("shared")), extra=mapped, tables=(True, True), finished=cloned),
    Torch7Mapping("Decorator", (child(),)),
    Torch7Mapping(
        "Bottle", (child(), number("n_input_dims", "nInputDim"), number("n_output_dims", "nOutputDim")), extra=bottled
    ),
    Torch7Mapping("DontCast", (child(), flag("castin"), flag("castout"), element_type("module_type", "moduleType"))),
    Torch7Mapping(
        "GPU",
        (child(), number("device"), number("outdevice")),
        head=lambda module: {1: tensor_name(module._type), 2: float(module.get_arguments()["device"])},
    ),
    Torch7Mapping("NaN", (child(),), derived=named_by_number, extra=lambda m, go: {"id": float(m.id)}),
    Torch7Mapping("Profile", (child(), number("print_interval"), text("name")), extra=timings),
    Torch7Mapping(
        "WeightNorm",
        (child(), index("output_dim", "outputDim")),
        arrays={"v": "v", "grad_v": "gradV", "g": "g", "grad_g": "gradG"},
        extra=weighted,
        updated=unweighted,
        finished=lambda module, fields, go: module.compute_weight(),
    ),
    Torch7Mapping(
        "LayerNormalization",
        derived=layer_normalization,
        arrays={**WEIGHT, **BIAS},
        places=gain_and_shift,
        extra=assembled.layer_normalization,
    ),
    Torch7Mapping(
        "PartialLinear", derived=partial_linear, arrays={**WEIGHT, **BIAS}, places=looked_up, extra=assembled.looked_up
    ),
)
