"""The network of a run, where the config does not say it module by module."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nntrain.config.model_config import ModelConfig
from nntrain.data.array_schema import ArraySchema
from nntrain.data.schema import Schema
from nntrain.nn.array import Value
from nntrain.nn.complete import complete
from nntrain.nn.last_leaf import first_class
from nntrain.training.trained_network import rows

__all__ = ["design"]

Spec = dict[str, Any]

HIDDEN = (128, 64)

# Columns that a LookupTable gives a code: about the fourth root of the number of codes, times 4, and never many.
LARGEST_EMBEDDING = 32


def design(config: ModelConfig, schema: Schema | ArraySchema, inputs: Value, outputs: int) -> Spec:
    """The whole spec of the network for these inputs, every size filled in.

    Before the modules of the config come those that make one array of what the columns are: a table of numbers and
    codes is looked up and joined, unless the first module takes a table.
    """
    modules = list(config.modules) if config.modules is not None else layers(config, inputs)
    if isinstance(inputs, list) and not first_class(modules[0]).takes_table:
        modules = [*entrance(schema, inputs), *modules]
    # Two rows are enough to see the sizes, and a batch must be told from a sample.
    sample = rows(inputs, 0, 2)
    return complete({"type": "Sequential", "modules": modules}, sample, outputs)


def entrance(schema: Schema | ArraySchema, inputs: list[Value]) -> list[Spec]:
    """Numbers as they are, each code looked up, and all joined."""
    assert isinstance(schema, Schema)
    sizes = schema.index_sizes()
    lookups = [{"type": "LookupTable", "n_index": n, "n_output": embedding(n)} for _, n in sizes]
    dense = [{"type": "Identity"}] * (len(inputs) - len(sizes))
    return [{"type": "ParallelTable", "modules": [*dense, *lookups]}, {"type": "JoinTable", "dim": 1}]


def embedding(codes: int) -> int:
    """How many numbers stand for one of so many codes."""
    return min(LARGEST_EMBEDDING, math.ceil(4 * math.sqrt(math.sqrt(codes))))


def layers(config: ModelConfig, inputs: Value) -> list[Spec]:
    """Hidden layers, each with what the config puts behind it, and the last layer."""
    modules: list[Spec] = []
    if not isinstance(inputs, list) and inputs.ndim > 2:
        modules.append({"type": "Reshape", "size": [int(np.prod(inputs.shape[1:]))], "batch_mode": True})
    for size in HIDDEN if config.hidden is None else config.hidden:
        modules.append({"type": "Linear", "output_size": size})
        if config.batch_normalization:
            modules.append({"type": "BatchNormalization"})
        modules.append({"type": config.transfer})
        if config.dropout:
            modules.append({"type": "Dropout", "p": config.dropout})
    return [*modules, {"type": "Linear"}]
