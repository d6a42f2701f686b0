"""What the table layers refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ShapeError

A = np.zeros(3)
M = np.zeros((2, 3))

PAIRS = ["CAddTable", "CSubTable", "CMulTable", "CDivTable", "CMaxTable", "CMinTable"]
ROWS = ["PairwiseDistance", "DotProduct", "CosineDistance"]


@pytest.mark.parametrize("cls", PAIRS)
@pytest.mark.parametrize("x", [A, [], [A, 1.0], [A, [A]]])
def test_arithmetic_needs_a_list_of_arrays(cls: str, x: Any) -> None:
    with pytest.raises(ShapeError, match="a list of at least"):
        getattr(nn, cls)().forward(x)


@pytest.mark.parametrize("cls", PAIRS)
def test_arithmetic_does_not_broadcast(cls: str) -> None:
    with pytest.raises(ShapeError, match="equal numbers of elements"):
        getattr(nn, cls)().forward([M, A])


@pytest.mark.parametrize("cls", ["CSubTable", "CDivTable"])
def test_two_slots_are_needed(cls: str) -> None:
    with pytest.raises(ShapeError, match="at least 2 arrays"):
        getattr(nn, cls)().forward([A])


@pytest.mark.parametrize("cls", ROWS)
@pytest.mark.parametrize("x", [A, [A], [A, M], [A, A[:2]], [np.zeros((1, 2, 3))] * 2, [A, 1.0]])
def test_rows_come_in_pairs_of_one_shape(cls: str, x: Any) -> None:
    with pytest.raises(ShapeError, match=r"\(d,\) or \(N, d\)"):
        getattr(nn, cls)().forward(x)


@pytest.mark.parametrize(
    ("layer", "x", "what"),
    [
        (nn.CAddTensorTable(), [A, A], "an array and a list of arrays"),
        (nn.CAddTensorTable(), [A, [M]], "equal numbers of elements"),
        (nn.JoinTable(0), A, "a list of arrays"),
        (nn.JoinTable(0), [A, [A]], "a list of arrays"),
        (nn.JoinTable(1), [A, A], "with an axis 1"),
        (nn.JoinTable(-3), [M, M], "with an axis -3"),
        (nn.JoinTable(0), [M, M[:, :2]], "agree in every axis but 0"),
        (nn.JoinTable(0), [M, A], "agree in every axis but 0"),
        (nn.SplitTable(2), M, "with an axis 2"),
        (nn.SplitTable(0), [M], "with an axis 0"),
        (nn.MixtureTable(), [A, [M, M]], "3 gates and 2 experts"),
        (nn.MixtureTable(), [A, np.zeros((2, 3))], "3 gates and 2 experts"),
        (nn.MixtureTable(), [A[:0], []], "0 gates and 0 experts"),
        (nn.MixtureTable(), [A[:2], [A, M]], "experts of one shape"),
        (nn.MixtureTable(), [M, [np.zeros((4, 5))] * 3], "experts for a batch of 2"),
        (nn.MixtureTable(0), [M, np.zeros((2, 3, 4))], "experts along axis 0"),
        (nn.MixtureTable(3), [M, np.zeros((2, 3, 4))], "experts along axis 3"),
        (nn.MixtureTable(), [A, [1.0, 2.0, 3.0]], "a gate"),
        (nn.MixtureTable(), [np.zeros((1, 2, 3)), [M]], "a gate"),
        (nn.MixtureTable(), A, "a gate"),
        (nn.NarrowTable(0), A, "a list"),
        (nn.FlattenTable(), A, "a list"),
        (nn.SelectTable(0), A, "a list"),
        (nn.ZipTable(), [A, A], "lists of one length"),
        (nn.ZipTable(), [[A], [A, A]], "lists of one length"),
        (nn.ZipTableOneToMany(), [A], "an array and a list"),
        (nn.ZipTableOneToMany(), [[A], [A]], "an array and a list"),
        (nn.CriterionTable(nn.MSECriterion()), A, r"\[input, target\]"),
        (nn.CriterionTable(nn.MSECriterion()), [A, A, A], r"\[input, target\]"),
    ],
)
def test_an_input_that_does_not_fit_is_refused(layer: nn.Module, x: Any, what: str) -> None:
    with pytest.raises(ShapeError, match=what):
        layer.forward(x)


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (nn.SelectTable(2), [A, M]),
        (nn.SelectTable(-3), [A, M]),
        (nn.SelectTable("name"), [A, M]),
        (nn.SelectTable("name"), {"other": A}),
    ],
)
def test_a_slot_that_is_not_there_is_named(layer: nn.Module, x: Any) -> None:
    with pytest.raises(ShapeError, match=r"index .* does not exist in the input"):
        layer.forward(x)


@pytest.mark.parametrize(
    ("layer", "x", "dy"),
    [
        (nn.SplitTable(0), M, [A]),
        (nn.FlattenTable(), [A, [A]], [A]),
        (nn.NarrowTable(0, 2), [A, A], [A]),
        (nn.ZipTableOneToMany(), [A, [A, A]], [[A, A]]),
    ],
)
def test_a_gradient_for_every_slot_is_needed(layer: nn.Module, x: Any, dy: Any) -> None:
    layer.forward(x)
    with pytest.raises(ShapeError, match="gradients"):
        layer.backward(x, dy)


def test_arguments_out_of_range_are_named() -> None:
    with pytest.raises(ArgumentError, match="positive p"):
        nn.PairwiseDistance(0)
    with pytest.raises(ArgumentError, match="length of at least 0"):
        nn.NarrowTable(0, -1)
    with pytest.raises(ArgumentError, match="expected a criterion"):
        nn.CriterionTable(nn.Tanh())
