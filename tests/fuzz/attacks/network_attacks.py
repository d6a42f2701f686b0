"""Networks that take far more memory than their files do."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain_torch7.format import TorchObject
from nntrain_torch7.format.t7_file import write as write_t7
from tests.fuzz.attacks.hdf5_attacks import Commands, uses_of_network
from tests.fuzz.corpus import Corpus

__all__ = ["inflated_outputs", "tied_blocks"]

LARGE = (10**3, 10**6, 10**9, 2**32, 2**62)


def tied_blocks(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Layers that are all views of one stretch of memory."""
    layers, width = random.choice((2, 30, 1000)), random.choice((4, 64, 700))
    if random.random() < 0.5:
        path = folder / "network.t7"
        weight, bias = np.zeros((width, width)), np.zeros(width)
        fields: dict[Any, Any] = {"weight": weight, "bias": bias, "gradWeight": weight, "gradBias": bias}
        modules = {index + 1: TorchObject("nn.Linear", 1, dict(fields)) for index in range(layers)}
        write_t7(TorchObject("nn.Sequential", 1, {"modules": modules}), path)
        return uses_of_network(path, "vectors", corpus, random)
    tree = read_checkpoint(corpus.run("iris") / "best.h5")
    linear = {"type": "Linear", "input_size": width, "output_size": width}
    tree["network"]["spec"] = {"type": "Sequential", "modules": [linear] * layers}
    views: dict[str, Any] = {}
    for index in range(layers):
        for name, shape in (("weight", [width, width]), ("bias", [width])):
            strides = [width, 1] if len(shape) == 2 else [1]
            views[f"{index}.{name}"] = ["0.weight", 0, shape, strides]
            views[f"{index}.grad_{name}"] = ["0.grad_weight", 0, shape, strides]
    tree["network"]["state"] |= {
        "blocks": {"0.weight": np.zeros((width, width), np.float32)},
        "gradients": {"0.grad_weight": [width * width, "float32"]},
        "views": views,
        "sizes": {"": layers},
        "streams": {},
    }
    path = folder / "best.h5"
    write_checkpoint(path, tree)
    return uses_of_network(path, "iris", corpus, random)


def inflated_outputs(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """A layer without parameters whose output for one row is beyond all bounds."""
    size = random.choice(LARGE)
    layers: tuple[dict[str, Any], ...] = (
        {"type": "Replicate", "n_features": size},
        {"type": "Padding", "dim": 0, "pad": random.choice((size, -size)), "n_input_dim": 1},
        {"type": "SpatialZeroPadding", "pad_left": size},
        {"type": "SpatialUpSamplingNearest", "scale": size},
        {"type": "Reshape", "size": [size, 3]},
        {"type": "View", "sizes": [size, -1]},
        {"type": "OneHot", "output_size": size},
        {"type": "Linear", "input_size": 3, "output_size": size},
        {"type": "Add", "input_size": size},
    )
    layer = random.choice(layers)
    if random.random() < 0.5:
        tree = read_checkpoint(corpus.run("iris") / "best.h5")
        tree["network"]["spec"]["modules"].append(layer)
        tree["network"]["state"]["sizes"][""] += 1
        write_checkpoint(folder / "best.h5", tree)
        return uses_of_network(folder / "best.h5", "iris", corpus, random)
    content = (corpus.folder / "iris.safetensors").read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    head: Any = json.loads(content[8:end])
    spec = json.loads(head["__metadata__"]["spec"])
    spec["modules"].append(layer)
    head["__metadata__"]["spec"] = json.dumps(spec)
    text = json.dumps(head).encode()
    (folder / "network.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + content[end:])
    return uses_of_network(folder / "network.safetensors", "iris", corpus, random)
