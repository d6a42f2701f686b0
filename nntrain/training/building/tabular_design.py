"""The network made for tables: embedded numbers and categories, then members that share their weights."""

import math
from typing import Any

from nntrain.compute.array import Array, Value
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.training.building.bin_edges import compute_bin_edges, sample_rows
from nntrain.training.building.recipe import (
    CATEGORY_SIZE,
    MAX_BIN_INPUTS,
    MAX_BINS,
    MAX_PERIODIC_INPUTS,
    PERIODIC_SIZE,
    Recipe,
)

Spec = dict[str, Any]

# Factors of the learning rate by parameter, and of the weight decay, which only weights of layers have.
SLOW: Spec = {"learning_rate_factor": 0.1, "weight_decay_factor": 0.0}
EMBEDDING: Spec = {"learning_rate_factor": 0.25, "weight_decay_factor": 0.0}
FAST: Spec = {"learning_rate_factor": 6.0, "weight_decay_factor": 0.0}


def design_tabular_network(recipe: Recipe, preprocessor: Preprocessor, inputs: Value) -> list[Spec]:
    """Return the modules for dense inputs and index columns.

    Each number enters as itself, as waves of it (``PeriodicEmbedding``), and as its position among the quantiles of
    the training rows (``PiecewiseLinearEncoding``).
    """
    arrays = inputs if isinstance(inputs, list) else [inputs]
    modules, width = design_inputs(preprocessor, arrays)
    modules += [{"type": "FeatureScale", **FAST}, {"type": "RepeatMembers", "members": recipe.members}]
    for number, size in enumerate(recipe.hidden):
        modules += [
            {
                "type": "LinearBatchEnsemble",
                "output_size": size,
                "members": recipe.members,
                "scale_init": "ones" if number else "normal",
                "learning_rate_factor": {
                    "weight": scale_by_fan_in(width),
                    "input_scale": 0.5,
                    "output_scale": 0.5,
                    "bias": 0.1,
                },
                "weight_decay_factor": {"input_scale": 0.0, "output_scale": 0.0, "bias": 0.0},
            },
            {"type": "Blend", "activation": {"type": recipe.activation}, **SLOW},
            {"type": "Dropout", "p": recipe.dropout, "inplace": True},
        ]
        width = size
    head = {
        "type": "LinearEnsemble",
        "members": recipe.members,
        "zero_init": True,
        "learning_rate_factor": {"weight": scale_by_fan_in(width), "bias": 0.1},
        "weight_decay_factor": {"bias": 0.0},
    }
    average: Spec = {"average": "values"}
    if preprocessor.target.task == "classification":
        average = {"average": "probabilities", "label_smoothing": recipe.label_smoothing}
    return [*modules, head, {"type": "AverageMembers", **average}]


def scale_by_fan_in(size: int) -> float:
    """Return 1 / √size: the factor of the learning rate of a weight with that many inputs."""
    return float(f"{1 / math.sqrt(size):.4g}")


def design_inputs(preprocessor: Preprocessor, arrays: list[Array]) -> tuple[list[Spec], int]:
    """Return the modules that embed the inputs and join them, and the number of inputs that they return."""
    lookups: list[Spec] = [
        {"type": "LookupTable", "n_index": size, "n_output": CATEGORY_SIZE, **EMBEDDING}
        for _, size in preprocessor.get_index_sizes()
    ]
    width = len(lookups) * CATEGORY_SIZE
    if len(arrays) == len(lookups):
        return [{"type": "ParallelTable", "modules": lookups}, {"type": "JoinTable", "dim": 1}], width
    dense, dense_width = design_dense_inputs(arrays[0], find_number_inputs(preprocessor))
    if not lookups:
        return dense, dense_width
    first = dense[0] if len(dense) == 1 else {"type": "Sequential", "modules": dense}
    parallel = {"type": "ParallelTable", "modules": [first if dense else {"type": "Identity"}, *lookups]}
    return [parallel, {"type": "JoinTable", "dim": 1}], dense_width + width


def design_dense_inputs(dense: Array, numbers: list[int]) -> tuple[list[Spec], int]:
    """Return the modules that embed the ``numbers`` among the dense inputs and keep the others, and their width."""
    others = sorted(set(range(dense.shape[1])) - set(numbers))
    is_periodic = 0 < len(numbers) * (1 + PERIODIC_SIZE) <= MAX_PERIODIC_INPUTS
    if not is_periodic:
        others = list(range(dense.shape[1]))
    branches: list[tuple[list[int], Spec | None, int]] = []
    if is_periodic:
        embedding = {"type": "PeriodicEmbedding", "embedding_size": PERIODIC_SIZE, **SLOW}
        branches.append((numbers, embedding, len(numbers) * (1 + PERIODIC_SIZE)))
    binned, edges = choose_bins(dense, numbers)
    if binned:
        encoding = {"type": "PiecewiseLinearEncoding", "edges": edges}
        branches.append((binned, encoding, sum(len(column) - 1 for column in edges)))
    if others:
        branches.append((others, None, len(others)))
    width = sum(size for _, _, size in branches)
    if len(branches) == 1 and branches[0][1] is None:
        return [], width
    modules = [build_branch(columns, module, dense.shape[1]) for columns, module, _ in branches]
    if len(modules) == 1:
        return modules, width
    return [{"type": "ConcatTable", "modules": modules}, {"type": "JoinTable", "dim": 1}], width


def choose_bins(dense: Array, numbers: list[int]) -> tuple[list[int], list[list[float]]]:
    """Return the columns to encode in bins, and the edges of each. A number with two values needs none."""
    bins = min(MAX_BINS, MAX_BIN_INPUTS // max(len(numbers), 1))
    if bins < 2:
        return [], []
    values = sample_rows(dense, numbers)
    found = {column: compute_bin_edges(values[:, index], bins) for index, column in enumerate(numbers)}
    binned = [column for column, edges in found.items() if len(edges) > 2]
    return binned, [found[column] for column in binned]


def build_branch(columns: list[int], module: Spec | None, width: int) -> Spec:
    """Return the module for some of ``width`` columns; None: they are passed through."""
    select = {"type": "SelectColumns", "columns": columns}
    if len(columns) == width:
        return module or {"type": "Identity"}
    return select if module is None else {"type": "Sequential", "modules": [select, module]}


def find_number_inputs(preprocessor: Preprocessor) -> list[int]:
    """Return the positions of numbers, and of the trends of times, among the dense inputs; not of indicators."""
    if isinstance(preprocessor, ArrayPreprocessor):
        return list(range(preprocessor.shape[0]))
    found, position = [], 0
    for column in preprocessor.columns:
        if isinstance(column, IndexColumn | TextColumn):
            continue
        if column.kind in ("number", "time"):
            found.append(position)
        position += column.width
    return found
