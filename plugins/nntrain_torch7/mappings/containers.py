"""Containers and decorators."""

import math
from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.format import TorchObject
from nntrain_torch7.mappings import composites
from nntrain_torch7.mappings.conversions import build_size_storage, get_tensor_name, to_integers, to_list, to_sequence
from nntrain_torch7.mappings.derivation import DIMENSION, MappingBuilder, derive

WEIGHT, BIAS = ("weight", "gradWeight"), ("bias", "gradBias")


def build_map_table_fields(module: Any, go: Any) -> dict[str, Any]:
    """A MapTable also stores its module outside the list, and the names that its clones share."""
    shared = dict(enumerate(("weight", "bias", "gradWeight", "gradBias"), 1))
    clones = composites.map_sequential(module, go)
    return {"module": None if module.module is None else go(module.module), "sharedparams": shared, **clones}


def build_bottle_fields(module: Any, go: Any) -> dict[str, Any]:
    """The buffers with which a Bottle reshapes."""
    inside, outside = module.n_input_dims, module.n_output_dims
    return {"dimDelta": float(inside - outside), "inShape": np.zeros(inside), "outShape": np.zeros(outside)}


def drop_weight(fields: TorchFields, version: int) -> TorchFields:
    """Add a weight of the right size to the module of a WeightNorm, which is written without it."""
    inside = to_sequence(fields.get("modules"))[0]
    sizes, v = to_integers(fields.get("weightSize")), fields.get("v")
    if not isinstance(v, np.ndarray) or math.prod(sizes) != v.size or not isinstance(inside, TorchObject):
        raise ValueError(f"expected a v with the size of a weight of {sizes}, and a module")
    inner = {**inside.fields, "weight": np.zeros(sizes, v.dtype), "gradWeight": None}
    return {**fields, "modules": {1: TorchObject(inside.name, inside.version, inner)}}


def build_weight_norm_fields(module: Any, go: Any) -> dict[str, Any]:
    """The sizes of the weight, which is not written; viewOut has its axis first."""
    weight = module.module.weight
    inside = go(module.module)
    for name in WEIGHT:
        inside.fields.pop(name, None)
    place = module.output_dim % weight.ndim
    others = [size for axis, size in enumerate(weight.shape) if axis != place]
    return {
        "weightSize": build_size_storage(weight.shape),
        "viewIn": build_size_storage(module.v.shape),
        "viewOut": build_size_storage((weight.shape[place], *others)),
        "otherDims": float(math.prod(others)),
        **{name: inside.fields[name] for name in BIAS if name in inside.fields},
    }


def restore_clones(module: Any, fields: TorchFields, go: Any) -> None:
    """Restore the clones of a MapTable from the file."""
    objects = to_sequence(fields.get("modules"))
    module.modules[1:] = [go(item) for item in objects[1:]]


def parse_layer_normalization(fields: TorchFields) -> dict[str, Any]:
    """Derive the size from the Replicate of a Sequential, and eps from its Normalize."""
    modules = to_sequence(fields.get("modules"))
    mean = to_sequence(to_sequence(modules[0].fields["modules"])[1].fields["modules"])
    return {
        "n_output": int(mean[1].fields["nfeatures"]),
        "eps": modules[2].fields["eps"],
        "affine": len(modules) > 4,
    }


def find_gain_and_shift(fields: TorchFields) -> TorchFields:
    """Return the parameters of a LayerNormalization, which are those of its last two modules."""
    modules = to_sequence(fields.get("modules"))
    return {} if len(modules) < 6 else {**modules[4].fields, **modules[5].fields}


def parse_partial_linear(fields: TorchFields) -> dict[str, Any]:
    """Derive the sizes from the LookupTable of a small network, which contains the weight."""
    weight = find_weight(fields).get("weight")
    if not isinstance(weight, np.ndarray) or weight.ndim != 2:
        raise ValueError("expected a weight of 2 axes in network")
    partition = fields.get("partition")
    reserve_elements(2, weight.shape[0])
    all_rows = np.arange(1, weight.shape[0] + 1)
    rows = np.asarray(partition) if isinstance(partition, np.ndarray) else all_rows
    return {
        "input_size": weight.shape[1],
        "output_size": weight.shape[0],
        "bias": fields.get("bias") is not None,
        **({} if np.array_equal(rows, all_rows) else {"partition": [int(row) - 1 for row in to_list(rows)]}),
    }


def find_weight(fields: TorchFields) -> TorchFields:
    """Return the parameters of a PartialLinear."""
    inside = to_sequence(fields["network"].fields["modules"])
    table = to_sequence(inside[0].fields["modules"])[1].fields
    return {**table, **{name: fields.get(name) for name in BIAS}}


# Counters of a Profile.
COUNTERS = dict.fromkeys(("numFwds", "numBwds", "summedFwdTime", "summedBwdTime"), 0.0)

CONTAINERS: dict[str, MappingBuilder] = {
    **dict.fromkeys(("Sequential", "Decorator", "DontCast"), derive()),
    **dict.fromkeys(("Concat", "DepthConcat"), derive(DIMENSION)),
    "Parallel": derive({"input_dim": "inputDimension", "output_dim": "outputDimension"}),
    "ConcatTable": derive(tables=(True, False)),
    "ParallelTable": derive(tables=(True, True)),
    "MapTable": derive(extra=build_map_table_fields, tables=(True, True), finished=restore_clones),
    "Bottle": derive({"n_input_dims": "nInputDim", "n_output_dims": "nOutputDim"}, extra=build_bottle_fields),
    "GPU": derive(head=lambda m: {1: get_tensor_name(m._type), 2: float(m.get_arguments()["device"])}),
    "NaN": derive(
        omitted={"id"},
        derived=lambda fields: {"id": int(fields["id"])} if isinstance(fields.get("id"), float) else {},
        extra=lambda m, go: {"id": float(m.id)},
    ),
    "Profile": derive(
        extra=lambda m, go: {"module": go(m.module), **COUNTERS, "timer": TorchObject("torch.Timer", 1, None)}
    ),
    "WeightNorm": derive(
        extra=build_weight_norm_fields, updated=drop_weight, finished=lambda module, fields, go: module.compute_weight()
    ),
    "LayerNormalization": derive(
        arguments=(),
        derived=parse_layer_normalization,
        places=find_gain_and_shift,
        extra=composites.map_layer_normalization,
    ),
    "PartialLinear": derive(
        arguments=(), derived=parse_partial_linear, places=find_weight, extra=composites.map_partial_linear
    ),
}
