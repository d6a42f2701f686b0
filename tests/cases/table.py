"""Cases of the table layers: what the original's figures leave out."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.testing import Case


def normal(*shape: int, seed: int = 0) -> Array:
    """The same standard normal numbers for the same shape and seed."""
    return np.random.default_rng((seed, *shape)).standard_normal(shape)


def arrays(value: Any) -> Any:
    """Tables of arrays from tables of tuples: a tuple is an array."""
    return [arrays(slot) for slot in value] if isinstance(value, list) else np.asarray(value, float)


def case(name: str, cls: str, x: Any, kwargs: dict[str, Any] | None = None, **known: Any) -> Case:
    """A case of ``cls``; in the known output and gradients a tuple is an array."""
    for key in known.keys() & {"output", "grad_output", "grad_input"}:
        known[key] = arrays(known[key])
    return Case(name, {"type": cls, **(kwargs or {})}, x, **known)


def table(*shapes: tuple[int, ...]) -> list[Array]:
    """A table of normal arrays, no two alike."""
    return [normal(*shape, seed=seed) for seed, shape in enumerate(shapes)]


PAIRS = ("CAddTable", "CSubTable", "CMulTable", "CDivTable", "CMaxTable", "CMinTable")
ROWS = ("PairwiseDistance", "DotProduct", "CosineDistance")
A, B = np.array([1.0, 2, 3]), np.array([3.0, 2, 1])

CASES: list[Case] = [
    # Elementwise, in a batch and paired in row-major order
    *(case("batch", cls, table((3, 2, 2), (3, 2, 2)), batch_axis=0) for cls in PAIRS),
    *(case("row_major", cls, table((2, 3), (6,))) for cls in PAIRS),
    *(case("three", cls, table((4,), (2, 2), (4, 1))) for cls in ("CAddTable", "CMulTable", "CMaxTable", "CMinTable")),
    *(case("one", cls, table((2, 3)), batch_axis=0) for cls in ("CAddTable", "CMulTable", "CMaxTable", "CMinTable")),
    case("four", "CAddTable", table((3,), (3,), (3,), (3,)), batch_axis=0),
    case(
        "inplace",
        "CAddTable",
        [A, B, A],
        {"inplace": True},
        output=(5, 6, 7),
        grad_output=(1, 2, 3),
        grad_input=[(1, 2, 3)] * 3,
    ),
    case(
        "surplus",
        "CSubTable",
        [A, B, A],
        output=(-2, 0, 2),
        grad_output=(1, 2, 3),
        grad_input=[(1, 2, 3), (-1, -2, -3)],
    ),
    case("surplus", "CDivTable", [A, B, A], output=(1 / 3, 1, 3)),
    case(
        "zeros",
        "CMulTable",
        [np.array([0.0, 0, 2]), np.array([3.0, 0, 4]), np.array([5.0, 6, 0])],
        output=(0, 0, 0),
        grad_output=(1, 1, 2),
        grad_input=[(15, 0, 0), (0, 0, 0), (0, 0, 16)],
    ),
    case("four", "CMulTable", table((2, 2), (2, 2), (4,), (2, 2))),
    case("far", "CDivTable", [np.array([1000.0, -1000]), np.array([-1000.0, 1e-3])], output=(-1, -1e6)),
    case(
        "ties",
        "CMaxTable",
        [A, B, np.array([1.0, 2, 3])],
        output=(3, 2, 3),
        grad_output=(1, 2, 3),
        grad_input=[(0, 2, 3), (1, 0, 0), (0, 0, 0)],
    ),
    case(
        "ties",
        "CMinTable",
        [A, B, np.array([1.0, 2, 1])],
        output=(1, 2, 1),
        grad_output=(1, 2, 3),
        grad_input=[(1, 2, 0), (0, 0, 3), (0, 0, 0)],
    ),
    case("batch", "CAddTensorTable", [normal(3, 2), table((3, 2), (3, 2))], batch_axis=0),
    case("row_major", "CAddTensorTable", [normal(2, 3), table((6,), (3, 2))]),
    case("none", "CAddTensorTable", [normal(2), []], output=[], grad_output=[], grad_input=[(0, 0), []]),
    # Rows
    *(case("batch", cls, table((4, 3), (4, 3)), batch_axis=0) for cls in ROWS),
    *(case("vector", cls, table((3,), (3,))) for cls in ROWS),
    *(case(f"norm_{p}", "PairwiseDistance", table((4, 3), (4, 3)), {"p": p}, batch_axis=0) for p in (0.5, 1, 1.5, 4)),
    case(
        "equal",
        "PairwiseDistance",
        [A, np.array([1.0, 4, 3])],
        {"p": 1},
        output=(2,),
        grad_output=(3,),
        grad_input=[(0, -3, 0), (0, 3, 0)],
    ),
    *(
        case(
            f"same_{p}",
            "PairwiseDistance",
            [A, A.copy()],
            {"p": p},
            output=(0,),
            grad_output=(1,),
            grad_input=[(0, 0, 0), (0, 0, 0)],
        )
        for p in (0.5, 1, 1.5, 2, 3)
    ),
    case("far", "PairwiseDistance", [np.full(4, 1000.0), np.full(4, -1000.0)], {"p": 30}),
    case("opposite", "CosineDistance", [1000 * A, -1000 * A], output=(-1,)),
    case(
        "zero",
        "CosineDistance",
        [np.zeros(2), np.array([3.0, 4])],
        output=(0,),
        grad_output=(1,),
        grad_input=[(6e5, 8e5), (0, 0)],
        tolerance=1e-5,
        skip={"grad_input_matches_numerical_gradient": "the angle of a zero vector jumps"},
    ),
    # Joining and splitting
    case("last", "JoinTable", table((2, 3), (2, 1)), {"dim": -1}, batch_axis=0),
    case("last_by_hint", "JoinTable", table((2, 3), (2, 1)), {"dim": -1, "n_input_dims": 1}, batch_axis=0),
    case("sample_by_hint", "JoinTable", table((2, 3), (1, 3)), {"dim": 0, "n_input_dims": 2}),
    case("two_axes_more", "JoinTable", table((2, 1, 3), (1, 1, 3)), {"dim": 0, "n_input_dims": 1}),
    case("vectors", "JoinTable", table((3,), (1,), (2,)), {"dim": 0}),
    case("none", "JoinTable", [], {"dim": 0}, output=(), grad_output=(), grad_input=[]),
    case("last", "SplitTable", normal(2, 3), {"dim": -1}, batch_axis=0),
    case("last_by_hint", "SplitTable", normal(4, 2, 3), {"dim": -2, "n_input_dims": 2}, batch_axis=0),
    case("middle_by_hint", "SplitTable", normal(4, 2, 3), {"dim": 1, "n_input_dims": 2}, batch_axis=0),
    case("two_axes_more", "SplitTable", normal(2, 1, 3), {"dim": 0, "n_input_dims": 1}),
    case("vector", "SplitTable", A, {"dim": 0}, output=[1, 2, 3], grad_output=[4, 5, 6], grad_input=(4, 5, 6)),
    # Mixing
    case("table_batch", "MixtureTable", [normal(2, 3), table((2, 4, 2), (2, 4, 2), (2, 4, 2))], batch_axis=0),
    case("table_single", "MixtureTable", [normal(2), table((4, 3), (4, 3))]),
    case("array_batch", "MixtureTable", [normal(2, 3), normal(2, 3, 4)], batch_axis=0),
    case("array_batch_last", "MixtureTable", [normal(2, 3), normal(2, 4, 5, 3)], {"dim": 3}, batch_axis=0),
    case("array_batch_from_end", "MixtureTable", [normal(2, 3), normal(2, 4, 3, 2)], {"dim": -2}, batch_axis=0),
    case("array_single", "MixtureTable", [normal(3), normal(3, 5)]),
    case("array_single_last", "MixtureTable", [normal(3), normal(2, 5, 3)], {"dim": -1}),
    case("one_expert", "MixtureTable", [normal(4, 1), table((4, 2))], batch_axis=0),
    # Choosing slots
    case("second", "SelectTable", table((2, 3), (2, 2)), {"index": 1}, batch_axis=0),
    case("first_from_end", "SelectTable", table((2,), (3,)), {"index": -2}),
    case("nested", "SelectTable", [table((2,), (3,)), [table((1,), (4,))]], {"index": 0}),
    case(
        "copies",
        "SelectTable",
        [A, [B, [A]]],
        {"index": 1},
        output=[(3, 2, 1), [(1, 2, 3)]],
        grad_output=[(1, 1, 1), [(2, 2, 2)]],
        grad_input=[(0, 0, 0), [(1, 1, 1), [(2, 2, 2)]]],
    ),
    case("middle", "NarrowTable", table((2, 1), (2, 2), (2, 3), (2, 4)), {"offset": 1, "length": 2}, batch_axis=0),
    case("last_two", "NarrowTable", table((1,), (2,), (3,)), {"offset": -2, "length": 2}),
    case("ends_early", "NarrowTable", table((1,), (2,), (3,)), {"offset": 2, "length": 4}),
    case("nested", "NarrowTable", [table((2,), (3,)), [table((1,), (4,))]], {"offset": 1}),
    case("nothing", "NarrowTable", [A], {"offset": 0, "length": 0}, output=[], grad_output=[], grad_input=[(0, 0, 0)]),
    # Other structures
    case("batch", "FlattenTable", [normal(2, 1), [[normal(2, 2)], []], normal(2, 3)], batch_axis=0),
    case("empty", "FlattenTable", [[], [[]]], output=[], grad_output=[], grad_input=[[], [[]]]),
    case("batch", "ZipTable", [table((2, 1), (2, 2)), table((2, 3), (2, 4))], batch_axis=0),
    case("nested", "ZipTable", [[[A], B], [A, [B, B]]]),
    case("batch", "ZipTableOneToMany", [normal(2, 3), table((2, 1), (2, 2))], batch_axis=0),
    case(
        "sums",
        "ZipTableOneToMany",
        [A, [B, B]],
        output=[[(1, 2, 3), (3, 2, 1)]] * 2,
        grad_output=[[(1, 2, 3), (4, 5, 6)], [(10, 20, 30), (7, 8, 9)]],
        grad_input=[(11, 22, 33), [(4, 5, 6), (7, 8, 9)]],
    ),
    case("none", "ZipTableOneToMany", [A, []], output=[], grad_output=[], grad_input=[(0, 0, 0), []]),
    # A loss as a layer
    case(
        "matrix",
        "CriterionTable",
        [np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 1], [1, 1]])],
        {"criterion": {"type": "MSECriterion", "size_average": False}},
        output=14,
        grad_output=1,
        grad_input=[((0, 2), (4, 6))],
        skip={"grad_input_matches_numerical_gradient": "the gradient has no slot for the target"},
    ),
    case(
        "label",
        "CriterionTable",
        [A, 1],
        {"criterion": {"type": "ClassNLLCriterion"}},
        output=-2,
        grad_output=1,
        grad_input=[(0, -1, 0)],
    ),
]
