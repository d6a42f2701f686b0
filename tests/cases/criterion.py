"""Own cases of the criterions: what the golden ones leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.nn.testing import Case

RANDOM = np.random.default_rng(7)


SUM = {"type": "MSECriterion", "size_average": False}


def normal(*shape: int) -> Array:
    return RANDOM.normal(size=shape)


def shares(*shape: int) -> Array:
    """Probabilities, of each element by itself."""
    return RANDOM.uniform(0.05, 0.95, shape)


def signs(*shape: int) -> Array:
    return RANDOM.choice([-1.0, 1.0], shape)


def labels(classes: int, *shape: int) -> Array:
    return RANDOM.integers(0, classes, shape)


def case(
    name: str,
    kind: str,
    x: Value,
    t: Value = None,
    batch_axis: int | None = None,
    known: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> Case:
    return Case(name, {"type": kind, **arguments}, x, t, "criterion", batch_axis=batch_axis, **(known or {}))


EDGE: dict[str, Any] = {
    "skip": {"grad_input_matches_numerical_gradient": "lies on the bend, where the original has a rule"}
}
W = [0.2, 0.5, 1.3]

SMOOTHED = {
    "smoothed": {"label_smoothing": 0.1},
    "smoothed_weights": {"label_smoothing": 0.2, "weights": W},
    "smoothed_sum": {"label_smoothing": 0.3, "weights": W, "size_average": False},
    "smoothed_completely": {"label_smoothing": 1},
}

CASES = [
    *(case(name, "CrossEntropyCriterion", normal(6, 3), labels(3, 6), 0, **more) for name, more in SMOOTHED.items()),
    case("smoothed_many_classes", "CrossEntropyCriterion", normal(3, 70), labels(70, 3), 0, label_smoothing=0.1),
    case("smoothed_vector", "CrossEntropyCriterion", normal(3), labels(3), label_smoothing=0.1, weights=W),
    *(
        case("three_axes", kind, normal(3, 2, 4), normal(3, 2, 4), 0)
        for kind in ("MSECriterion", "AbsCriterion", "SmoothL1Criterion")
    ),
    *(
        case("row_major", kind, normal(3, 2), normal(6))
        for kind in ("MSECriterion", "AbsCriterion", "SmoothL1Criterion")
    ),
    case(
        "hits",
        "AbsCriterion",
        np.array([1.0, 2]),
        np.array([1.0, 3]),
        known={**EDGE, "output": 0.5, "grad_input": np.array([0.5, -0.5])},
    ),
    case("images", "SpatialAutoCropMSECriterion", normal(2, 3, 2, 3), normal(2, 3, 5, 4), 0),
    case("sum", "SpatialAutoCropMSECriterion", normal(3, 2, 3), normal(3, 2, 4), size_average=False),
    case("margin", "MarginCriterion", normal(4, 3), signs(4, 3), 0, margin=0.3),
    case("sum", "MarginCriterion", normal(5), signs(5), size_average=False),
    case(
        "edge",
        "MarginCriterion",
        np.array([1.0, -1]),
        np.array([1.0, -1]),
        known={**EDGE, "output": 0.0, "grad_input": np.zeros(2)},
    ),
    case("sum", "SoftMarginCriterion", normal(4, 3), signs(4, 3), 0, size_average=False),
    case(
        "far",
        "SoftMarginCriterion",
        np.array([-1000.0, 1000]),
        np.array([1.0, 1]),
        known={"output": 500.0, "grad_input": np.array([-0.5, 0])},
    ),
    case("sum", "ClassNLLCriterion", normal(4, 3), labels(3, 4), 0, size_average=False, weights=W),
    case("row_vector", "ClassNLLCriterion", normal(1, 3), labels(3, 1)),
    case(
        "all_ignored",
        "ClassNLLCriterion",
        normal(2, 3),
        np.array([1, 1]),
        ignore_index=1,
        known={"output": 0.0, "grad_input": np.zeros((2, 3))},
    ),
    case("weights", "SpatialClassNLLCriterion", normal(2, 3, 2, 4), labels(3, 2, 2, 4), 0, weights=W),
    case("sum", "SpatialClassNLLCriterion", normal(2, 3, 1, 2), labels(3, 2, 1, 2), 0, size_average=False),
    case("weights", "CrossEntropyCriterion", normal(5, 3), labels(3, 5), 0, weights=W),
    case("places_of_one", "CrossEntropyCriterion", normal(5, 3, 1, 1), labels(3, 5, 1), 0),
    case("sum", "CrossEntropyCriterion", normal(5, 3), labels(3, 5), 0, size_average=False),
    case("row_vector", "CrossEntropyCriterion", normal(1, 4), 2),
    case(
        "far",
        "CrossEntropyCriterion",
        np.array([[1000.0, -1000, 0]]),
        np.array([1]),
        known={"output": 2000.0, "grad_input": np.array([[1.0, -1, 0]])},
    ),
    case("vector", "ClassSimplexCriterion", normal(3), 2, n_classes=3),
    case("two_classes", "ClassSimplexCriterion", normal(4, 2), labels(2, 4), 0, n_classes=2, size_average=False),
    *(case(f"p{p}", "MultiMarginCriterion", normal(5, 3), labels(3, 5), 0, p=p, weights=W, margin=0.5) for p in (1, 2)),
    case("vector_sum", "MultiMarginCriterion", normal(4), 1, size_average=False),
    case("lists", "MultiLabelMarginCriterion", normal(3, 4), np.array([[0, 2, -1, 1], [-1, 0, 0, 0], [3, 1, 0, 2]]), 0),
    case("repeated", "MultiLabelMarginCriterion", normal(4), np.array([2, 2, -1, 0])),
    case("sum", "MultiLabelMarginCriterion", normal(2, 3), np.array([[1, -1, 0], [0, 2, -1]]), 0, size_average=False),
    case("weights", "MultiLabelSoftMarginCriterion", normal(4, 3), shares(4, 3), 0, weights=W),
    case(
        "far",
        "MultiLabelSoftMarginCriterion",
        np.array([1000.0, -1000]),
        np.array([0.0, 1]),
        known={"output": 1000.0, "grad_input": np.array([0.5, -0.5])},
    ),
    case("sum", "BCECriterion", shares(4, 3), shares(4, 3), 0, size_average=False),
    case("weights_vector", "BCECriterion", shares(3), np.array([0.0, 1, 1]), weights=W),
    case("zeros", "DistKLDivCriterion", normal(3, 4), np.where(shares(3, 4) > 0.5, shares(3, 4), 0), 0),
    case("sum", "DistKLDivCriterion", normal(4), shares(4), size_average=False),
    case("rows", "WeightedMSECriterion", normal(4, 3), normal(4, 3), 0, weights=W),
    case("whole", "WeightedMSECriterion", normal(2, 2), normal(2, 2), weights=[[1.0, 2], [3, 4]], size_average=False),
    case("matrix", "L1Cost", normal(3, 4), batch_axis=0),
    case("zero", "L1Cost", np.array([0.0, -2]), known={**EDGE, "output": 2.0, "grad_input": np.array([0.0, -1])}),
    case("margin", "HingeEmbeddingCriterion", shares(4, 3) * 4, signs(4, 3), 0, margin=2),
    case("one", "HingeEmbeddingCriterion", np.array([0.4]), -1),
    case(
        "edge",
        "HingeEmbeddingCriterion",
        np.array([1.0]),
        np.array([-1.0]),
        known={**EDGE, "output": 0.0, "grad_input": np.array([-1.0])},
    ),
    case("near", "L1HingeEmbeddingCriterion", [normal(2, 2) * 0.1, normal(2, 2) * 0.1], -1, margin=3),
    case("array", "L1HingeEmbeddingCriterion", [normal(3), normal(3)], np.array([-1.0]), margin=0.1),
    case("alike", "L1HingeEmbeddingCriterion", [normal(3), normal(3)], 1),
    case("batch", "CosineEmbeddingCriterion", [normal(6, 3), normal(6, 3)], signs(6), 0, margin=0.2),
    case("sum", "CosineEmbeddingCriterion", [normal(4, 3), normal(4, 3)], signs(4), 0, size_average=False),
    case("vectors", "CosineEmbeddingCriterion", [normal(3), normal(3)], 1),
    case("columns", "MarginRankingCriterion", [normal(5, 1), normal(5, 1)], signs(5), 0, margin=0.3),
    case("sum", "MarginRankingCriterion", [normal(4), normal(4)], signs(4), 0, size_average=False),
    case("one_pair", "MarginRankingCriterion", [normal(1), normal(1)], -1),
    case("matrices", "DistanceRatioCriterion", [shares(4, 2), shares(4, 2)], batch_axis=0),
    case(
        "far",
        "DistanceRatioCriterion",
        [np.array([2000.0, 0]), np.array([0.0, 2000])],
        known={"output": 1000.0, "grad_input": [np.array([0.5, 0]), np.array([-0.5, 0])]},
    ),
    case(
        "weights",
        "MultiCriterion",
        normal(4, 3),
        normal(4, 3),
        0,
        criterions=[{"type": "MSECriterion"}, {"type": "AbsCriterion"}],
        weights=[0.5, 2.0],
    ),
    case("of_pairs", "MultiCriterion", [shares(3), shares(3)], criterions=[{"type": "DistanceRatioCriterion"}] * 2),
    case("empty", "MultiCriterion", normal(3), normal(3), known={"output": 0.0, "grad_input": np.zeros(3)}),
    case(
        "surplus",
        "ParallelCriterion",
        [normal(4, 3), normal(4, 2), normal(2)],
        [labels(3, 4), normal(4, 2)],
        criterions=[{"type": "CrossEntropyCriterion"}, {"type": "MSECriterion"}],
        weights=[1.0, 0.3],
    ),
    case(
        "repeated_target",
        "ParallelCriterion",
        [normal(4), normal(4)],
        normal(4),
        repeat_target=True,
        criterions=[{"type": "MSECriterion"}] * 2,
    ),
    case(
        "curves",
        "ModuleCriterion",
        normal(4, 3),
        normal(4, 3),
        0,
        criterion={"type": "MSECriterion"},
        input_module={"type": "Tanh"},
        target_module={"type": "Sigmoid"},
    ),
    case("members", "MemberCriterion", normal(4, 2, 3), labels(3, 4), 0, criterion={"type": "CrossEntropyCriterion"}),
    case("sums", "MemberCriterion", normal(4, 3, 2), normal(4, 2), 0, criterion=SUM),
    case("averaged", "MemberCriterion", normal(4, 3), labels(3, 4), 0, criterion={"type": "CrossEntropyCriterion"}),
    case("bare", "ModuleCriterion", normal(4, 3), labels(3, 4), 0, criterion={"type": "CrossEntropyCriterion"}),
]
