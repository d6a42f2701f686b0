"""The linear layers and lookup tables."""

# ruff: noqa: F401 (the hooks return the imported classes)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_linear.bilinear import Bilinear
from nntrain_linear.cosine import Cosine
from nntrain_linear.euclidean import Euclidean
from nntrain_linear.index_linear import IndexLinear
from nntrain_linear.kmeans import Kmeans
from nntrain_linear.linear import Linear
from nntrain_linear.linear_weight_norm import LinearWeightNorm
from nntrain_linear.lookup_table import LookupTable
from nntrain_linear.mm import MM
from nntrain_linear.mv import MV
from nntrain_linear.partial_linear import PartialLinear
from nntrain_linear.sparse_linear import SparseLinear
from nntrain_linear.weighted_euclidean import WeightedEuclidean

if TYPE_CHECKING:
    from nntrain.nn.testing import Case


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)


@hookimpl
def nntrain_cases() -> tuple[Case, ...]:
    """A case of Kmeans, whose parameter gradients are by design not those of y."""
    from nntrain.nn.testing import Case

    x = np.random.default_rng(0).normal(size=(4, 3))
    reason = "moves the centers towards their samples, independent of dy"
    skip = {"grad_parameters_match_numerical_gradient": reason}
    return (Case("meant", {"type": "Kmeans", "k": 2, "input_size": 3}, x, skip=skip),)
