"""The network of a run, where the config does not say it module by module."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nntrain.compute.array import Value
from nntrain.config.model_config import ModelConfig
from nntrain.data.columns.text_column import WORD_NORM, TextColumn
from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.nn.building.size_inference import infer_sizes
from nntrain.nn.network_ends import find_first_class
from nntrain.training.trained_network import slice_rows

__all__ = ["design_network"]

Spec = dict[str, Any]

DEFAULT_HIDDEN = (128, 64)

# Columns that a LookupTable gives a code: about the fourth root of the number of codes, times 4, and never many.
MAX_EMBEDDING_SIZE = 32

# The numbers that hidden layers get of a text.
TEXT_EMBEDDING_SIZE = 32


def design_network(
    config: ModelConfig, preprocessor: Preprocessor | ArrayPreprocessor, inputs: Value, outputs: int
) -> Spec:
    """The whole spec of the network for these inputs, every size filled in.

    Before the modules of the config come those that make one array of what the columns are: a table of numbers and
    codes is looked up and joined, unless the first module takes a table.
    """
    if isinstance(inputs, list) and config.modules is None and has_text_shortcut(config, preprocessor, inputs):
        modules = build_text_network(config, preprocessor, inputs, outputs)
    else:
        modules = list(config.modules) if config.modules is not None else build_layers(config, inputs)
        if isinstance(inputs, list) and not find_first_class(modules[0]).takes_table:
            width = config.text_embedding or TEXT_EMBEDDING_SIZE
            modules = [*build_input_modules(preprocessor, inputs, width), {"type": "JoinTable", "dim": 1}, *modules]
    # Two rows are enough to see the sizes, and a batch must be told from a sample.
    sample = slice_rows(inputs, 0, 2)
    return infer_sizes({"type": "Sequential", "modules": modules}, sample, outputs)


def build_input_modules(preprocessor: Preprocessor | ArrayPreprocessor, inputs: list[Value], width: int) -> list[Spec]:
    """Numbers as they are, each code looked up, and ``width`` numbers of each text."""
    assert isinstance(preprocessor, Preprocessor)
    sizes = preprocessor.get_index_sizes()
    lookups = [{"type": "LookupTable", "n_index": n, "n_output": choose_embedding_size(n)} for _, n in sizes]
    texts = [build_text_module(column, preprocessor, width) for column in preprocessor.get_text_columns()]
    dense = [{"type": "Identity"}] * (len(inputs) - len(lookups) - len(texts))
    return [{"type": "ParallelTable", "modules": [*dense, *lookups, *texts]}]


def build_text_module(column: TextColumn, preprocessor: Preprocessor, width: int) -> Spec:
    """A sum over the words of a text, with a decay that, as words have large values, is that of other weights.

    With weights w of values of norm 1, and W = w / NORM of those that there are, the decay 1 / rows of w is
    NORM² / rows for W: that of scikit-learn's LogisticRegression with C = 1. The optimizer has 1 / rows of it.
    """
    losses = 1 if preprocessor.target.task == "classification" else width
    decay = float(f"{(WORD_NORM**2 - 1) / max(column.rows, 1) / losses:.3g}")
    return {"type": "SparseLinear", "input_size": column.size, "output_size": width, "weight_decay": decay}


def has_text_shortcut(config: ModelConfig, preprocessor: Preprocessor | ArrayPreprocessor, inputs: list[Value]) -> bool:
    """Whether the words of texts add to the outputs, rather than be what hidden layers are given."""
    assert isinstance(preprocessor, Preprocessor)
    texts = len(preprocessor.get_text_columns())
    return texts > 0 and config.text_embedding is None and (texts < len(inputs) or not config.hidden)


def build_text_network(
    config: ModelConfig, preprocessor: Preprocessor | ArrayPreprocessor, inputs: list[Value], outputs: int
) -> list[Spec]:
    """Hidden layers for all other inputs; to what they give the words of each text are added.

    So a text is seen as a logistic regression would see it: with as many words as rows, hidden layers learn the rows
    by heart.
    """
    assert isinstance(preprocessor, Preprocessor)
    parallel = build_input_modules(preprocessor, inputs, outputs)
    others = len(inputs) - len(preprocessor.get_text_columns())
    if others == 0:
        return [*parallel, {"type": "CAddTable"}]
    first = [{"type": "NarrowTable", "offset": 0, "length": others}, {"type": "JoinTable", "dim": 1}]
    network = {"type": "Sequential", "modules": [*first, *build_layers(config, inputs)]}
    texts = [{"type": "SelectTable", "index": index} for index in range(others, len(inputs))]
    return [*parallel, {"type": "ConcatTable", "modules": [network, *texts]}, {"type": "CAddTable"}]


def choose_embedding_size(codes: int) -> int:
    """How many numbers stand for one of so many codes."""
    return min(MAX_EMBEDDING_SIZE, math.ceil(4 * math.sqrt(math.sqrt(codes))))


def build_layers(config: ModelConfig, inputs: Value) -> list[Spec]:
    """Hidden layers, each with what the config puts behind it, and the last layer."""
    modules: list[Spec] = []
    if not isinstance(inputs, list) and inputs.ndim > 2:
        modules.append({"type": "Reshape", "size": [int(np.prod(inputs.shape[1:]))], "batch_mode": True})
    for size in DEFAULT_HIDDEN if config.hidden is None else config.hidden:
        modules.append({"type": "Linear", "output_size": size})
        if config.batch_normalization:
            modules.append({"type": "BatchNormalization"})
        modules.append({"type": config.activation})
        if config.dropout:
            modules.append({"type": "Dropout", "p": config.dropout})
    return [*modules, {"type": "Linear"}]
