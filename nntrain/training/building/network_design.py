"""The network of a run, if the config does not list its modules."""

import math
from typing import Any

import numpy as np

from nntrain.compute.array import Value
from nntrain.config.model_config import ModelConfig
from nntrain.data.columns.text_column import WORD_NORM, TextColumn
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.nn.building.size_inference import infer_sizes
from nntrain.nn.network_ends import find_end_class
from nntrain.training.trained_network import slice_rows

Spec = dict[str, Any]

DEFAULT_HIDDEN = (128, 64)

# Embedding size: 4 times the fourth root of the number of codes, at most this many.
MAX_EMBEDDING_SIZE = 32

# Numbers per text column that enter the hidden layers.
TEXT_EMBEDDING_SIZE = 32


def design_network(config: ModelConfig, preprocessor: Preprocessor, inputs: Value, outputs: int) -> Spec:
    """Return the complete spec of the network for these inputs, with every size filled in.

    If the inputs are a list of arrays, modules that look up the codes and join everything into one array come first,
    unless the first module of the config takes a list.
    """
    if isinstance(inputs, list) and config.modules is None and has_text_shortcut(config, preprocessor, inputs):
        modules = build_text_network(config, preprocessor, inputs, outputs)
    else:
        modules = list(config.modules) if config.modules is not None else build_layers(config, inputs)
        if isinstance(inputs, list) and not find_end_class(modules[0], 0).takes_table:
            width = config.text_embedding or TEXT_EMBEDDING_SIZE
            modules = [*build_input_modules(preprocessor, inputs, width), {"type": "JoinTable", "dim": 1}, *modules]
    # Two rows are enough to infer the sizes; one row could be mistaken for a single sample.
    sample = slice_rows(inputs, 0, 2)
    return infer_sizes({"type": "Sequential", "modules": modules}, sample, outputs)


def build_input_modules(preprocessor: Preprocessor, inputs: list[Value], width: int) -> list[Spec]:
    """Return modules that pass numbers through, look up each code, and map each text to ``width`` numbers."""
    lookups = []
    for _, n in preprocessor.get_index_sizes():
        embedding_size = min(MAX_EMBEDDING_SIZE, math.ceil(4 * math.sqrt(math.sqrt(n))))
        lookups.append({"type": "LookupTable", "n_index": n, "n_output": embedding_size})
    texts = [build_text_module(column, preprocessor, width) for column in preprocessor.get_text_columns()]
    dense = [{"type": "Identity"}] * (len(inputs) - len(lookups) - len(texts))
    return [{"type": "ParallelTable", "modules": [*dense, *lookups, *texts]}]


def build_text_module(column: TextColumn, preprocessor: Preprocessor, width: int) -> Spec:
    """Return a weighted sum over the words of a text, with a weight decay that accounts for the large word values.

    Word values have norm WORD_NORM. For weights w of values with norm 1, the weights here are W = w / WORD_NORM, and
    the decay 1 / rows of w becomes WORD_NORM² / rows for W, as in scikit-learn's LogisticRegression with C = 1. The
    optimizer contributes 1 / rows of it.
    """
    losses = 1 if preprocessor.target.task == "classification" else width
    decay = float(f"{(WORD_NORM**2 - 1) / max(column.rows, 1) / losses:.3g}")
    return {"type": "SparseLinear", "input_size": column.size, "output_size": width, "weight_decay": decay}


def has_text_shortcut(config: ModelConfig, preprocessor: Preprocessor, inputs: list[Value]) -> bool:
    """Whether the words of texts are added to the outputs instead of entering the hidden layers."""
    texts = len(preprocessor.get_text_columns())
    return texts > 0 and config.text_embedding is None and (texts < len(inputs) or not config.hidden)


def build_text_network(
    config: ModelConfig, preprocessor: Preprocessor, inputs: list[Value], outputs: int
) -> list[Spec]:
    """Return hidden layers for all other inputs, to whose outputs a linear model of the words of each text is added.

    Texts enter as in a logistic regression: with as many words as rows, hidden layers would memorize the rows.
    """
    parallel = build_input_modules(preprocessor, inputs, outputs)
    others = len(inputs) - len(preprocessor.get_text_columns())
    if others == 0:
        return [*parallel, {"type": "CAddTable"}]
    first = [{"type": "NarrowTable", "offset": 0, "length": others}, {"type": "JoinTable", "dim": 1}]
    network = {"type": "Sequential", "modules": [*first, *build_layers(config, inputs)]}
    texts = [{"type": "SelectTable", "index": index} for index in range(others, len(inputs))]
    return [*parallel, {"type": "ConcatTable", "modules": [network, *texts]}, {"type": "CAddTable"}]


def build_layers(config: ModelConfig, inputs: Value) -> list[Spec]:
    """Return the hidden layers, each followed by the modules that the config adds, and the last layer."""
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
