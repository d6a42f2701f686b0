"""What the simple layers do beside forward and backward."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain import nn
from nntrain.nn.testing.tree import iterate_leaves


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).standard_normal(shape)


@pytest.mark.parametrize("v1", [False, True])
def test_dropout_keeps_or_drops_and_scales_what_it_keeps(v1: bool) -> None:
    x = np.full((400, 50), 3.0, np.float32)
    y = nn.Dropout(0.25, v1=v1).forward(x)
    kept = 3.0 if v1 else 4.0
    assert set(np.unique(y)) == {0.0, np.float32(kept)}
    assert abs((y == 0).mean() - 0.25) < 0.01


def test_dropout_drops_the_same_elements_in_both_precisions() -> None:
    dropped = []
    for kind in ("float32", "float64"):
        nn.manual_seed(1)
        dropped.append(nn.Dropout(0.5).forward(np.ones((20, 20), kind)) == 0)
    np.testing.assert_array_equal(*dropped)


def test_stochastic_inference_drops_in_prediction_without_masking_the_gradient() -> None:
    module = nn.Dropout(0.5, stochastic_inference=True)
    module.evaluate()
    x = np.ones((10, 10))
    assert (module.forward(x) == 0).any()
    np.testing.assert_array_equal(module.backward(x, x), x)


def test_setp_is_shown_by_the_spec() -> None:
    for cls in ("Dropout", "SpatialDropout", "VolumetricDropout"):
        module = getattr(nn, cls)(0.25)
        module.setp(0.75)
        assert module.spec()["p"] == 0.75
        assert str(module) == f"nn.{cls}(0.750000)"


@pytest.mark.parametrize(
    ("cls", "shape"), [("SpatialDropout", (40, 50, 2, 3)), ("VolumetricDropout", (40, 50, 2, 1, 3))]
)
def test_whole_maps_are_dropped_and_nothing_is_scaled(cls: str, shape: tuple[int, ...]) -> None:
    module = getattr(nn, cls)(0.25)
    y = module.forward(np.ones(shape))
    maps = y.reshape(2000, -1)
    assert (maps == maps[:, :1]).all()
    assert set(np.unique(y)) == {0.0, 1.0}
    assert abs((maps == 0).mean() - 0.25) < 0.05
    np.testing.assert_array_equal(module.backward(np.ones(shape), np.full(shape, 2.0)), 2 * y)
    module.evaluate()
    np.testing.assert_array_equal(module.forward(np.ones(3)), [0.75] * 3)


def test_maps_may_be_dropped_in_prediction() -> None:
    module = nn.SpatialDropout(0.5, stochastic_inference=True)
    module.evaluate()
    assert set(np.unique(module.forward(np.ones((50, 2, 2))))) == {0.0, 1.0}


def test_white_noise_has_its_mean_and_spread() -> None:
    y = nn.WhiteNoise(2, 0.5).forward(np.ones(20000, np.float32))
    assert y.dtype == np.float32
    assert abs(y.mean() - 3) < 0.02
    assert abs(y.std() - 0.5) < 0.02


def test_identity_returns_the_same_objects() -> None:
    for module in (nn.Identity(), nn.PrintSize()):
        x = [normal(2), [normal(3)]]
        assert module.forward(x) is x
        assert module.backward(x, x) is x


def test_print_size_prints_shapes(capsys: pytest.CaptureFixture[str]) -> None:
    module = nn.PrintSize("here")
    module.backward(normal(2, 3), module.forward([normal(2, 3), normal(4)]))
    assert capsys.readouterr().out == "here: input [(2, 3), (4,)]\nhere: grad_output [(2, 3), (4,)]\n"


def test_contiguous_arrays_are_passed_and_others_copied() -> None:
    module, x = nn.Contiguous(), normal(3, 4)
    assert module.forward(x) is x
    assert module.backward(x, x) is x
    y = module.forward(x.T)
    assert y.flags.c_contiguous
    np.testing.assert_array_equal(y, x.T)
    assert module.forward(np.array([[1, 2], [3, 4]]).T).dtype == np.int64


def test_a_copy_of_one_type_is_the_array_itself() -> None:
    x = normal(3)
    assert nn.Copy().forward(x) is x
    assert nn.Copy("float16", "float16").forward(x) is x
    assert nn.Copy(force_copy=True).forward(x) is not x
    assert nn.Copy(force_copy=True).forward(x).dtype == np.float32
    assert nn.Copy(force_copy=True).double().forward(x).dtype == np.float64
    assert nn.Copy(force_copy=True, dont_cast=True).double().forward(x).dtype == np.float32
    kept = nn.Copy("float64", "int32")
    assert kept.forward(x).dtype == np.int32
    assert kept.backward(x, np.ones(3, np.float32)).dtype == np.float64


def test_view_can_get_another_size() -> None:
    module = nn.View(6)
    assert module.reset_size([3, -1]) is module
    assert module.forward(np.zeros((2, 6))).shape == (3, 4)
    assert str(module) == "nn.View(3, -1)"
    assert module.spec() == {"type": "View", "size": [3, -1]}


def test_unsqueeze_takes_the_first_input_for_a_sample() -> None:
    module = nn.Unsqueeze(0)
    assert module.forward(np.zeros((3, 4))).shape == (1, 3, 4)
    assert module.forward(np.zeros((2, 3, 4))).shape == (2, 1, 3, 4)


def test_gradient_reversal_can_get_another_factor() -> None:
    module = nn.GradientReversal()
    module.set_lambda(0.5)
    np.testing.assert_array_equal(module.backward(np.ones(2), np.ones(2)), [-0.5, -0.5])
    assert module.spec()["lam"] == 0.5


def test_one_hot_takes_a_number() -> None:
    module = nn.OneHot(3)
    np.testing.assert_array_equal(module.forward(1), [0, 1, 0])
    assert module.backward(1, np.ones(3)) == 0


@pytest.mark.parametrize("module", [nn.AddConstant([1.0, 2], inplace=True), nn.MulConstant(4, inplace=True)], ids=str)
def test_in_place_the_backward_pass_gives_the_input_back(module: nn.Module) -> None:
    x, dy = np.array([[1.0, 2], [3, 4]]), np.ones((2, 2))
    before = x.copy()
    assert module.forward(x) is x
    assert not np.array_equal(x, before)
    assert module.backward(x, dy) is dy
    np.testing.assert_array_equal(x, before)


def test_exp_and_log_give_the_infinities() -> None:
    np.testing.assert_array_equal(nn.Exp().forward(np.array([1000], np.float32)), [np.inf])
    np.testing.assert_array_equal(nn.Log().forward(np.array([0.0, -1])), [-np.inf, np.nan])
    np.testing.assert_array_equal(nn.Sqrt().forward(np.array([-1.0])), [np.nan])


def test_layers_take_integers_and_give_their_own_type() -> None:
    x = np.array([[1, 2, 3], [4, 5, 6]])
    for module in (nn.Linear(3, 2), nn.Cosine(3, 2), nn.Euclidean(3, 2), nn.Max(1), nn.Normalize(2), nn.CMul(3)):
        y = module.forward(x)
        assert y.dtype == np.float32
        assert all(leaf.dtype == np.float32 for _, leaf in iterate_leaves(module.backward(x, np.ones_like(y))))


def test_a_mean_of_a_batch_without_samples_is_empty() -> None:
    assert nn.Mean(1).forward(np.zeros((0, 3))).shape == (0,)
    assert nn.Reshape([3]).forward(np.zeros((0, 3))).shape == (0, 3)
    assert nn.View([3, -1], 1).forward(np.zeros((0, 6))).shape == (0, 3, 2)
