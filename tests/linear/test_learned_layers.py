"""What the simple layers with parameters do beside forward and backward."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain import nn


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).standard_normal(shape)


@pytest.mark.parametrize("bias", [True, False])
def test_weight_norm_goes_to_linear_and_back(bias: bool) -> None:
    linear = nn.Linear(3, 4, bias).double()
    x = normal(5, 3)
    normed = nn.LinearWeightNorm.from_linear(linear)
    np.testing.assert_allclose(normed.forward(x), linear.forward(x), rtol=1e-12)
    normed.g *= 2
    np.testing.assert_allclose(normed.to_linear().forward(x), normed.forward(x), rtol=1e-12)


def test_weight_norm_keeps_its_weight_in_prediction() -> None:
    module = nn.LinearWeightNorm(3, 2, bias=False).double()
    x = normal(4, 3)
    module.evaluate()
    before = module.forward(x).copy()
    module.g *= 2
    np.testing.assert_array_equal(module.forward(x), before)
    module.training()
    np.testing.assert_allclose(module.forward(x), 2 * before, rtol=1e-12)


def test_weight_norm_takes_on_a_weight() -> None:
    module = nn.LinearWeightNorm(2, 1, bias=False).double()
    module.init_from_weight(np.array([[3.0, 4]]))
    np.testing.assert_array_equal(module.g, [[5]])
    np.testing.assert_array_equal(module.forward(np.array([[1.0, 1]])), [[7]])
    module.reset(0)
    np.testing.assert_array_equal(module.parameters()[0][1], [[1e-16]])


def test_a_partition_can_be_changed() -> None:
    module = nn.PartialLinear(3, 5)
    x = normal(2, 3)
    whole = module.forward(x).copy()
    module.set_partition([4, 0])
    np.testing.assert_allclose(module.forward(x), whole[:, [4, 0]], rtol=1e-6)
    assert module.spec()["partition"] == [4, 0]
    module.reset_partition()
    np.testing.assert_array_equal(module.forward(x), whole)
    assert module.spec().get("partition") is None


def test_partial_linear_without_bias_can_be_updated() -> None:
    module = nn.PartialLinear(3, 2, bias=False)
    module.zero_grad_parameters()
    module.update_parameters(0.1)
    assert [p.shape for p in module.parameters()[0]] == [(2, 3)]


def test_lookup_table_shortens_rows_for_good() -> None:
    module = nn.LookupTable(3, 2, max_norm=1).double()
    module.weight[...] = [[3, 4], [30, 40], [0.1, 0]]
    module.forward(np.array([0, 0, 2]))
    np.testing.assert_allclose(module.weight, [[0.6, 0.8], [30.0, 40.0], [0.1, 0.0]], rtol=1e-7)


def test_lookup_table_learns_through_a_turned_gradient() -> None:
    table, linear = nn.LookupTable(4, 3), nn.Linear(4, 3, bias=False)
    table.weight, table.grad_weight = linear.weight.T, linear.grad_weight.T
    x = np.array([1, 3, 1])
    table.backward(x, np.ones_like(table.forward(x)))
    np.testing.assert_array_equal(linear.grad_weight, [[0, 2, 0, 1]] * 3)


@pytest.mark.parametrize("kind", ["uint8", "int32", "int64", "float32", "bool"])
def test_lookup_table_takes_whole_numbers_of_any_type(kind: str) -> None:
    module = nn.LookupTable(2, 3)
    x = np.array([0, 1], kind)
    np.testing.assert_array_equal(module.forward(x), module.weight)
    dx = module.backward(x, np.ones((2, 3)))
    assert dx.dtype == x.dtype
    assert not dx.any()


def test_kmeans_moves_centres_to_samples() -> None:
    x = np.concatenate([normal(20, 2) + 10, normal(20, 2) - 10])
    module = nn.Kmeans(2, 2).double()
    for start in (module.init_random, module.init_kmeans_plus):
        start(x)
        assert all((x == centre).all(1).any() for centre in module.weight)
    losses = []
    for _ in range(5):
        module.zero_grad_parameters()
        module.forward(x)
        losses.append(module.loss)
        module.backward(x, None)
        module.update_parameters(1)
    assert losses[-1] < losses[0]
    np.testing.assert_allclose(np.sort(module.cluster_sample_count), [20, 20])
    np.testing.assert_allclose(np.sort(module.weight[:, 0]), np.sort([x[:20, 0].mean(), x[20:, 0].mean()]), rtol=1e-6)


def test_kmeans_plus_starts_far_apart() -> None:
    x = np.array([[0.0], [0.1], [100], [200]])
    module = nn.Kmeans(3, 1)
    module.init_kmeans_plus(x)
    assert {100, 200} <= set(module.weight[:, 0].tolist()) or 200 in module.weight
    assert len(set(module.weight[:, 0].tolist())) == 3


def test_kmeans_resets_without_a_factor() -> None:
    module = nn.Kmeans(50, 20)
    module.reset(0.5)
    assert 0.45 < np.abs(module.weight).max() <= 0.5


@pytest.mark.parametrize("batch", [1, 5])
def test_batch_normalization_counts_what_it_saw(batch: int) -> None:
    module = nn.BatchNormalization(3, momentum=0.25).double()
    x = normal(batch, 3)
    module.forward(x)
    seen = batch > 1
    np.testing.assert_allclose(module.running_mean, 0.25 * x.mean(0) * seen)
    np.testing.assert_allclose(module.running_var, 0.75 + 0.25 * x.var(0, ddof=1) if seen else np.ones(3))
    module.reset()
    np.testing.assert_array_equal(module.running_mean, np.zeros(3))
    np.testing.assert_array_equal(module.running_var, np.ones(3))
    np.testing.assert_array_equal(module.bias, np.zeros(3))


def test_batch_normalization_is_exact_far_from_0() -> None:
    x = (1000 + normal(64, 2)).astype(np.float32)
    y = nn.BatchNormalization(2, affine=False).forward(x)
    wanted = (x.astype(float) - x.astype(float).mean(0)) / np.sqrt(x.astype(float).var(0) + 1e-5)
    np.testing.assert_allclose(y, wanted, atol=1e-3)


def test_layer_normalization_is_reset_like_other_parameters() -> None:
    module = nn.LayerNormalization(4, bias=2)
    np.testing.assert_array_equal(module.parameters()[0], [[1] * 4, [2] * 4])
    module.reset()
    assert np.abs(module.parameters()[0]).max() <= 0.5
    assert nn.LayerNormalization(4, affine=False).parameters() == ([], [])


@pytest.mark.parametrize(
    ("spec", "s"),
    [
        ({"type": "Linear", "input_size": 100, "output_size": 3}, 0.1),
        ({"type": "Cosine", "input_size": 3, "output_size": 100}, 0.1),
        ({"type": "Euclidean", "input_size": 100, "output_size": 3}, 0.1),
        ({"type": "WeightedEuclidean", "input_size": 100, "output_size": 3}, 0.1),
        ({"type": "Bilinear", "input_size1": 100, "input_size2": 2, "output_size": 3}, 0.1),
        ({"type": "SparseLinear", "input_size": 100, "output_size": 3}, 0.1),
        ({"type": "Add", "input_size": 100}, 0.1),
        ({"type": "CAdd", "size": [10, 10]}, 0.1),
        ({"type": "CMul", "size": [4, 25]}, 0.1),
        ({"type": "Mul"}, 1),
    ],
    ids=str,
)
def test_initial_weights_lie_where_torch_draws_them(spec: dict[str, object], s: float) -> None:
    module = nn.build(spec)
    first = module.parameters()[0][0]
    assert np.abs(first).max() <= s
    assert first.size == 1 or np.abs(first).max() > 0.9 * s
    module.reset(1)
    assert np.abs(first).max() <= 3**0.5
    assert first.size == 1 or np.abs(first).max() > 0.9 * 3**0.5


def test_sparse_layers_decay_what_they_are_set_to() -> None:
    module = nn.SparseLinear(3, 1).double()
    module.weight_decay = 0.5
    x = np.array([[0.0, 2.0]])
    module.backward(x, np.ones_like(module.forward(x)))
    np.testing.assert_allclose(module.grad_weight, 0.5 * module.weight + [[2, 0, 0]])


def test_a_sparse_linear_decays_in_proportion_to_the_scale_of_a_gradient() -> None:
    module = nn.build({"type": "SparseLinear", "input_size": 3, "output_size": 1, "weight_decay": 0.5})
    x = np.array([[[0.0, 2.0], [0.0, 0.0]]])
    module.backward(x, np.ones_like(module.forward(x)), 0.25)
    np.testing.assert_allclose(module.grad_weight, 0.25 * (0.5 * module.weight + [[2, 0, 0]]), rtol=1e-6)
    assert nn.build(module.spec()).weight_decay == 0.5


def test_index_linear_decays_the_rows_it_met() -> None:
    module = nn.IndexLinear(3, 1, weight=np.ones((3, 1)), bias=np.zeros(1))
    module.weight_decay = 0.5
    x = [np.array([0, 0, 1]), np.zeros(3)]
    for _ in range(2):
        module.zero_grad_parameters()
        module.backward(x, np.ones_like(module.forward(x)))
    module.update_parameters(1)
    np.testing.assert_array_equal(module.weight, [[0.25], [0.5], [1]])


def test_index_linear_shares_the_arrays_it_is_given() -> None:
    weight, bias = np.ones((3, 2)), np.zeros(2)
    module = nn.IndexLinear(9, 9, weight=weight, bias=bias)
    assert module.weight is weight
    assert module.bias is bias
    assert module.grad_weight.shape == (3, 2)


def test_index_linear_starts_at_0_and_can_be_reset() -> None:
    module = nn.IndexLinear(4, 5, normalize=True)
    assert not module.weight.any()
    module.reset()
    assert not module.weight[:, :4].any()
    assert 0 < np.abs(module.weight[:, 4:]).max() <= 1 / 3
    assert 0 < np.abs(module.bias).max() <= 1e-6 / 3


def test_index_linear_keeps_the_largest_values_it_met() -> None:
    module = nn.IndexLinear(3, 1, normalize=True).double()
    module.weight[:, 4] = 1
    module.weight[2, 3] = 0.25
    y = module.forward([[np.array([0]), np.array([0, 1, 2])], [np.array([2.0]), np.array([-4.0, 0, 8])]])
    np.testing.assert_array_equal(y, [[1], [-1 + 0 + 1.25]])
    np.testing.assert_array_equal(module.weight[:, :3], [[4, 0.25, 1], [0, 0, 1], [8, 0.125, 1]])
    module.evaluate()
    np.testing.assert_array_equal(module.forward([np.array([0, 0, 1]), np.array([-8.0, 2, -3])]), [-1 + 0.5 - 1])
    np.testing.assert_array_equal(module.weight[:, 0], [4, 0, 8])


def test_sparse_gradients_of_the_input_have_its_structure() -> None:
    flat = [np.array([0, 1, 1]), np.ones(3), np.array([1, 2])]
    lists = [[np.array([0]), np.array([1, 1])], [np.ones(1), np.ones(2)]]
    module = nn.IndexLinear(3, 2, do_grad_input=True)
    module.reset()
    dy = np.ones((2, 2))
    for x in (flat, lists):
        module.forward(x)
        keys, values = module.backward(x, dy)
        np.testing.assert_array_equal(np.stack(keys), [[0, 1, 2]] * 2)
        np.testing.assert_allclose(np.stack(values), [module.weight.sum(1)] * 2, rtol=1e-6)
        assert isinstance(keys, list) is (x is lists)
    assert nn.IndexLinear(3, 2).backward(flat, dy) == []
    assert nn.SparseLinear(3, 2).backward(np.array([[0.0, 1]]), np.ones(2)) == []
