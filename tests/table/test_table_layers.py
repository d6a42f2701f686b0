"""What the table layers do beside their formulas: whose memory it is, and which structures they take."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array

A = np.array([1.0, 2, 3])
B = np.array([4.0, 5, 6])
M = np.arange(6.0).reshape(2, 3)


def test_layers_that_choose_give_their_input_itself() -> None:
    assert nn.SelectTable(1).forward([A, B]) is B
    assert nn.NarrowTable(1).forward([A, B])[0] is B
    assert nn.FlattenTable().forward([[A], B])[0] is A
    assert nn.ZipTable().forward([[A], [B]])[0][1] is B
    assert nn.ZipTableOneToMany().forward([A, [B]])[0][1] is B
    assert all(np.shares_memory(part, M) for part in nn.SplitTable(1).forward(M))


def test_select_table_copies_the_gradient() -> None:
    layer, dy = nn.SelectTable(0), np.ones(3)
    dx = layer.backward([A, B], dy)
    dy[...] = 7
    np.testing.assert_array_equal(dx, [[1, 1, 1], [0, 0, 0]])


def test_select_table_takes_a_name_from_a_dict() -> None:
    layer, x = nn.SelectTable("b"), {"a": A, "b": [B, 3]}
    assert layer.forward(x) is x["b"]
    dx = layer.backward(x, [np.ones(3), None])
    np.testing.assert_array_equal(dx["a"], np.zeros(3))
    np.testing.assert_array_equal(dx["b"][0], np.ones(3))
    assert dx["b"][1] is None
    assert str(layer) == "nn.SelectTable(b)"
    assert nn.build(layer.spec()).index == "b"


def test_slots_that_hold_numbers_have_no_gradient() -> None:
    assert nn.SelectTable(1).backward([A, 2], 1.0)[1] is None
    assert nn.NarrowTable(0).backward([A, 2], [A])[1] is None


def test_narrow_table_hands_the_gradients_on_themselves() -> None:
    dx = nn.NarrowTable(1).backward([A, B, [A]], [A])
    assert dx[1] is A
    np.testing.assert_array_equal(dx[0], np.zeros(3))
    np.testing.assert_array_equal(dx[2][0], np.zeros(3))


def test_zeros_are_zeros_again_after_another_slot_was_chosen() -> None:
    layer = nn.SelectTable(0)
    layer.backward([A, B], A)
    layer.index = 1
    np.testing.assert_array_equal(layer.backward([A, B], B), [[0, 0, 0], B])


def test_surplus_slots_of_a_longer_pass_are_dropped() -> None:
    layer = nn.CAddTable()
    assert len(layer.backward([A, A, A], A)) == 3
    assert len(layer.backward([A, A], A)) == 2


def test_add_in_place_writes_over_the_first_slot_and_hands_the_gradient_on() -> None:
    layer, a = nn.CAddTable(inplace=True), A.copy()
    assert layer.forward([a, B]) is a
    np.testing.assert_array_equal(a, A + B)
    assert all(dx is B for dx in layer.backward([a, B], B))


def test_gradients_of_a_sum_are_copies() -> None:
    dx = nn.CAddTable().backward([A, B], M[0])
    assert not any(np.shares_memory(slot, M) for slot in dx)
    assert not np.shares_memory(dx[0], dx[1])


def test_gradients_have_the_shapes_of_their_slots() -> None:
    x = [M, M.reshape(3, 2), M.ravel()]
    for cls in ("CAddTable", "CMulTable", "CMaxTable", "CMinTable"):
        layer = getattr(nn, cls)()
        assert layer.forward(x).shape == (2, 3)
        assert [slot.shape for slot in layer.backward(x, M)] == [(2, 3), (3, 2), (6,)]


def test_a_nan_in_the_first_slot_stays_and_elsewhere_never_wins() -> None:
    x = [np.array([np.nan, 1.0]), np.array([2.0, np.nan])]
    for layer in (nn.CMaxTable(), nn.CMinTable()):
        np.testing.assert_array_equal(layer.forward(x), [np.nan, 1])
        np.testing.assert_array_equal(layer.backward(x, np.ones(2)), [[1, 1], [0, 0]])


def test_division_by_zero_is_infinite_without_a_warning() -> None:
    x = [np.array([1.0, 0, -1]), np.zeros(3)]
    layer = nn.CDivTable()
    np.testing.assert_array_equal(layer.forward(x), [np.inf, np.nan, -np.inf])
    np.testing.assert_array_equal(layer.backward(x, np.ones(3))[0], np.full(3, np.inf))


def test_a_split_vector_is_a_table_of_numbers() -> None:
    layer = nn.SplitTable(0)
    assert [float(number) for number in layer.forward(A)] == [1, 2, 3]
    np.testing.assert_array_equal(layer.backward(A, [7, 8, 9, 10]), [7, 8, 9])


def test_joining_undoes_splitting() -> None:
    parts = nn.SplitTable(1).forward(M)
    np.testing.assert_array_equal(nn.JoinTable(0).forward([part[None] for part in parts]), M.T)


def test_an_empty_join_has_the_type_of_the_module() -> None:
    assert nn.JoinTable(0).forward([]).dtype == np.float32
    assert nn.JoinTable(0).double().forward([]).dtype == np.float64
    assert nn.JoinTable(0).backward([], np.zeros(0)) == []


def test_two_axes_more_than_a_sample_shift_nothing() -> None:
    x = np.zeros((2, 3, 4))
    assert len(nn.SplitTable(0, 2).forward(x)) == 3
    assert len(nn.SplitTable(0, 1).forward(x)) == 2
    assert len(nn.SplitTable(-1, 2).forward(x)) == 4


def test_an_array_of_experts_counts_as_their_table() -> None:
    rng = np.random.default_rng(0)
    gate, experts, dy = rng.random((2, 3)), rng.random((2, 4, 3, 5)), rng.random((2, 4, 5))
    array, listed = nn.MixtureTable(2).double(), nn.MixtureTable().double()
    x = [gate, [experts[:, :, k] for k in range(3)]]
    np.testing.assert_allclose(array.forward([gate, experts]), listed.forward(x))
    dgate, dexperts = array.backward([gate, experts], dy)
    other, table = listed.backward(x, dy)
    np.testing.assert_allclose(dgate, other)
    np.testing.assert_allclose(dexperts, np.stack(table, 2))


def test_a_mixture_takes_tables_and_arrays_in_turn() -> None:
    layer = nn.MixtureTable()
    for gate in (np.ones(2), np.ones((3, 2))):
        experts = [np.ones((3, 4)), np.ones((3, 4))]
        np.testing.assert_array_equal(layer.forward([gate, experts]), np.full((3, 4), 2))
        np.testing.assert_array_equal(layer.forward([gate, np.stack(experts, gate.ndim - 1)]), np.full((3, 4), 2))


@pytest.mark.parametrize("p", [0.5, 1, 1.5, 2, 3, 30])
def test_distances_neither_overflow_nor_vanish_in_single_precision(p: float) -> None:
    a = np.array([[1000, -1000, 1e-3], [0, 0, 0]], np.float32)
    layer, exact = nn.PairwiseDistance(p), nn.PairwiseDistance(p).double()
    x = [a, -a]
    wide = [slot.astype(np.float64) for slot in x]
    np.testing.assert_allclose(layer.forward(x), exact.forward(wide), rtol=1e-5)
    np.testing.assert_allclose(
        layer.backward(x, a[:, 0])[0], exact.backward(wide, wide[0][:, 0])[0], rtol=1e-4, atol=1e-30
    )


def test_the_cosine_of_two_zero_vectors_is_zero() -> None:
    layer, x = nn.CosineDistance(), [np.zeros((1, 3), np.float32)] * 2
    np.testing.assert_array_equal(layer.forward(x), [0])
    np.testing.assert_array_equal(layer.backward(x, np.ones(1, np.float32)), np.zeros((2, 1, 3)))


def test_a_criterion_table_ignores_the_gradient_from_above() -> None:
    layer = nn.CriterionTable(nn.MSECriterion())
    assert layer.forward([A, B]) == 9
    dx = layer.backward([A, B], 5)
    np.testing.assert_array_equal(dx, [[-2, -2, -2]])
    assert layer.output == 9


def test_a_criterion_table_prints_and_converts_with_its_criterion() -> None:
    layer = nn.CriterionTable(nn.ClassNLLCriterion(weights=[1, 2])).double()
    assert str(layer) == "nn.CriterionTable"
    assert layer.criterion.type() == "float64"
    assert nn.build(layer.spec()).criterion.weights.tolist() == [1, 2]
    layer.forward([A[:2], 1])
    layer.backward([A[:2], 1], 1)
    assert layer.clear_state().criterion.grad_input.size == 0


def test_a_criterion_without_target_takes_a_table_of_one() -> None:
    class Sum(nn.Criterion):
        def update_output(self, x: Array, t: None) -> float:
            assert t is None
            return float(x.sum())

        def update_grad_input(self, x: Array, t: None) -> Array:
            return np.ones_like(x)

    layer = nn.CriterionTable(Sum())
    assert layer.forward([A]) == 6
    np.testing.assert_array_equal(layer.backward([A], None), [[1, 1, 1]])


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (nn.SelectTable(-1), "nn.SelectTable(-1)"),
        (nn.JoinTable(0), "nn.JoinTable"),
        (nn.NarrowTable(1, 2), "nn.NarrowTable"),
    ],
)
def test_layers_print_as_in_torch(layer: nn.Module, text: str) -> None:
    assert str(layer) == text
