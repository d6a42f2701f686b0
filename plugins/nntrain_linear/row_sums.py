"""Sums of rows by index."""

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.nn.module import Module


def add_at_rows(module: Module, total: Array, rows: IntArray, terms: Array) -> None:
    """``total[rows[i]]`` ← ``total[rows[i]] + terms[i]`` for every i, also for repeated rows."""
    if not total.flags.c_contiguous:  # such as a transposed gradient
        np.add.at(total, rows, terms)
        return
    # Element by element is several times faster than row by row.
    width = total.shape[1]
    positions = module.buffer("positions", terms.shape, like=terms, dtype=np.intp)
    np.multiply(rows[:, None], width, out=positions)
    np.add(positions, np.arange(width), out=positions)
    np.add.at(total.reshape(-1), positions.reshape(-1), terms.reshape(-1))
