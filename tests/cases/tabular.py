"""Cases of the layers for tables."""

from __future__ import annotations

import numpy as np

from nntrain.nn.testing import Case
from tests.cases.linear import batch, case, normal

SIZES = {"input_size": 3, "output_size": 4, "members": 2}
MEMBERS = normal(2, 5, 3)

EDGES = [[-1.0, -0.2, 0.5, 2.0], [0.0, 1.0], [-3.0, 0.0, 3.0]]
# Below, inside and above the bins, none at an edge.
NUMBERS = np.array([[-1.5, -0.5, -2.0], [-0.6, 0.25, 1.0], [0.1, 0.75, -4.0], [0.9, 1.5, 2.5], [3.0, 0.5, 9.0]])
ENCODED = [
    [0, 0, 0, 0, 1 / 3, 0],
    [0.5, 0, 0, 0.25, 1, 1 / 3],
    [1, 0.3 / 0.7, 0, 0.75, 0, 0],
    [1, 1, 0.4 / 1.5, 1, 1, 2.5 / 3],
    [1, 1, 1, 0.5, 1, 1],
]

COLUMNS = [
    batch("SelectColumns", "slice", normal(5, 4), {"columns": [1, 2, 3]}),
    batch("SelectColumns", "one", normal(1, 4), {"columns": [0]}),
    batch("SelectColumns", "any_order", normal(5, 4), {"columns": [3, 0, 2]}),
    batch(
        "SelectColumns",
        "repeated",
        np.array([[1.0, 2, 3], [4, 5, 6]]),
        {"columns": [2, 0, 2]},
        output=[[3, 1, 3], [6, 4, 6]],
        grad_output=[[1, 10, 100], [2, 20, 200]],
        grad_input=[[10, 0, 101], [20, 0, 202]],
    ),
    batch("PiecewiseLinearEncoding", "bins", NUMBERS, {"edges": EDGES}, output=ENCODED, tolerance=1e-6),
    batch("PiecewiseLinearEncoding", "integers_as_edges", NUMBERS[:, :1], {"edges": [[0, 2]]}),
    batch("PeriodicEmbedding", "rows", normal(5, 3), {"input_size": 3}),
    batch(
        "PeriodicEmbedding",
        "small",
        normal(4, 2),
        {"input_size": 2, "n_frequencies": 3, "embedding_size": 1, "sigma": 1.0},
    ),
    batch("PeriodicEmbedding", "one_row", normal(1, 3), {"input_size": 3, "embedding_size": 2}),
    batch("FeatureScale", "rows", normal(5, 3), {"input_size": 3}),
    batch("FeatureScale", "more_axes", normal(2, 4, 3), {"input_size": 3}),
]

LINEAR = [
    *(
        case("LinearBatchEnsemble", start, MEMBERS, {**SIZES, "scale_init": start}, batch_axis=1)
        for start in ("ones", "signs", "normal")
    ),
    case("LinearBatchEnsemble", "no_bias", MEMBERS, {**SIZES, "bias": False}, batch_axis=1),
    case("LinearBatchEnsemble", "one_row", normal(2, 1, 3), SIZES, batch_axis=1),
    case(
        "LinearBatchEnsemble",
        "formula",
        np.array([[[1.0, 2]], [[3, 4]]]),
        {"input_size": 2, "output_size": 1, "members": 2},
        params=[np.array([[1.0, 10]]), np.array([[1.0, 2], [3, 4]]), np.array([[2.0], [-1]]), np.array([[5.0], [6]])],
        output=[[[2 * (1 + 40) + 5]], [[-(9 + 160) + 6]]],
        grad_output=[[[1]], [[2]]],
        grad_input=[[[2, 40]], [[-6, -80]]],
        grad_params=[np.array([[2.0 - 18, 8 - 32]]), np.array([[2.0, 40], [-6, -80]]), np.array([[41.0], [338]])],
        batch_axis=1,
    ),
    case("LinearEnsemble", "members", MEMBERS, SIZES, batch_axis=1),
    case("LinearEnsemble", "zeros", MEMBERS, {**SIZES, "zero_init": True}, batch_axis=1),
    case("LinearEnsemble", "one_row", normal(2, 1, 3), SIZES, batch_axis=1),
]

MEAN_PROBABILITIES = np.log((np.exp(MEMBERS) / np.exp(MEMBERS).sum(axis=2, keepdims=True)).mean(axis=0))
ENSEMBLES = [
    case("RepeatMembers", "rows", normal(5, 3), {"members": 3}),
    case("RepeatMembers", "more_axes", normal(5, 2, 3), {"members": 2}),
    case("AverageMembers", "train", MEMBERS, {}, output=MEMBERS.transpose(1, 0, 2)),
    case("AverageMembers", "probabilities", MEMBERS, {}, train=False, output=MEAN_PROBABILITIES),
    case("AverageMembers", "values", MEMBERS, {"average": "values"}, train=False, output=MEMBERS.mean(axis=0)),
    case("AverageMembers", "one_member", normal(1, 5, 3), {}, train=False),
]

CASES: list[Case] = [*COLUMNS, *LINEAR, *ENSEMBLES]
