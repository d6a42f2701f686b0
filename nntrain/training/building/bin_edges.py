"""Edges of the bins in which numbers are encoded piecewise linearly."""

import numpy as np

from nntrain.compute.array import Array

# Rows from which edges are computed: enough for the quantiles of a few dozen bins.
MAX_ROWS = 2**16

# Rows of them that are read at once.
BLOCK_ROWS = 2**12


def compute_bin_edges(values: Array, bins: int) -> list[float]:
    """Return ascending edges of at most ``bins`` bins of the values (n,); none for a constant.

    If there are at most ``bins`` + 1 distinct values, these are the edges. Otherwise a value with more than
    n / ``bins`` rows is an edge of its own, and the others are quantiles of all other values, so that a column that is
    mostly 0 does not spend its bins on 0.
    Source: Gorishniy, Rubachev and Babenko, "On embeddings for numerical features in tabular deep learning", 2022,
    section 3.2, which has no rule for frequent values.
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) > bins + 1:
        frequent = distinct[counts > len(values) / bins]
        others = values[~np.isin(values, frequent)]
        shares = np.linspace(0, 1, max(bins + 1 - len(frequent), 2))
        distinct = np.unique(np.concatenate([frequent, np.quantile(others, shares)]))
    # Short numbers for the config.
    edges = sorted({float(f"{edge:.5g}") for edge in distinct})
    return edges if len(edges) > 1 else []


def sample_rows(inputs: Array, columns: list[int]) -> Array:
    """Return some columns of up to ``MAX_ROWS`` evenly spaced rows of inputs, in memory or in a file."""
    step = -(-len(inputs) // MAX_ROWS)
    starts = range(0, len(inputs), BLOCK_ROWS * step)
    return np.concatenate([inputs[start : start + BLOCK_ROWS * step : step][:, columns] for start in starts])
