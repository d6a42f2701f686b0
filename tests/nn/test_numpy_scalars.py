"""NumPy scalars instead of Python numbers in constructors, specs, inputs and targets."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nntrain import nn, optim
from nntrain.errors import ShapeError
from nntrain.nn.building.size_inference import infer_sizes
from nntrain.specs.configurable import to_python_numbers


@pytest.mark.parametrize(
    ("ours", "plain"),
    [
        (nn.Linear(np.int64(4), np.int32(3), np.bool_(False)), nn.Linear(4, 3, False)),
        (nn.Dropout(np.float64(0.25)), nn.Dropout(0.25)),
        (nn.Reshape([np.int64(3), 4]), nn.Reshape([3, 4])),
        (nn.View(np.int64(4)), nn.View(4)),
        (nn.Transpose([(np.int64(0), np.int8(1))]), nn.Transpose([(0, 1)])),
        (nn.Padding(dim=np.int64(0), pad=np.int64(2), value=np.float64(1.5)), nn.Padding(dim=0, pad=2, value=1.5)),
        (nn.MultiMarginCriterion(p=np.int64(2), margin=np.float64(3)), nn.MultiMarginCriterion(p=2, margin=3.0)),
        (nn.Sequential([nn.Linear(np.int64(4), 3)]), nn.Sequential([nn.Linear(4, 3)])),
    ],
    ids=lambda module: type(module).__name__,
)
def test_a_constructor_records_pythons_numbers(ours: Any, plain: Any) -> None:
    assert json.dumps(ours.spec()) == json.dumps(plain.spec())
    assert repr(ours) == repr(plain)


def test_a_layer_computes_with_pythons_numbers() -> None:
    dropout = nn.Dropout(np.float32(0.5))
    assert type(dropout.p) is float
    assert dropout.forward(np.ones(4, np.float32)).dtype == np.float32


def test_a_spec_may_hold_numpys_numbers() -> None:
    spec = {"type": "Sequential", "modules": [{"type": "Linear", "output_size": np.int64(3)}]}
    whole = infer_sizes(spec, np.zeros((2, 4)))
    assert json.dumps(nn.build(whole).spec()) == json.dumps(nn.Sequential([nn.Linear(4, 3)]).spec())


@pytest.mark.parametrize("number", [np.int64(3), np.uint8(3), np.float32(3), np.float64(3)])
def test_one_hot_takes_a_number_of_any_kind(number: Any) -> None:
    module = nn.OneHot(5)
    assert module.forward(number).tolist() == [0, 0, 0, 1, 0]
    assert module.backward(number, np.zeros(5)) == 0


def test_one_hot_refuses_a_number_that_is_not_whole() -> None:
    with pytest.raises(ShapeError, match=r"expected integers 0\.\.4"):
        nn.OneHot(5).forward(np.float64(1.5))


@pytest.mark.parametrize(
    ("criterion", "x", "t", "loss"),
    [
        (nn.CrossEntropyCriterion(), np.zeros(4), np.int64(2), np.log(4)),
        (nn.ClassNLLCriterion(), np.array([-1.0, -2.0]), np.float32(1), 2),
        (nn.MarginRankingCriterion(), [np.array([1.0]), np.array([3.0])], np.int8(1), 3),
        (nn.CosineEmbeddingCriterion(), [np.array([1.0, 0.0]), np.array([0.0, 1.0])], np.float64(1), 1),
        (nn.MSECriterion(), np.float64(1), np.float64(3), 4),
        (nn.L1Cost(), np.float32(-2), None, 2),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Criterion) else "",
)
def test_criterions_take_numbers_of_numpy(criterion: Any, x: Any, t: Any, loss: float) -> None:
    assert criterion.forward(x, t) == pytest.approx(loss, rel=1e-6)
    criterion.backward(x, t)


def test_scales_and_rates_may_be_numpys() -> None:
    ours, plain = nn.Linear(2, 1), nn.Linear(2, 1)
    plain.weight[...], plain.bias[...] = ours.weight, ours.bias
    x, dy = np.ones((3, 2), np.float32), np.ones((3, 1), np.float32)
    for module, half in ((ours, np.float64(0.5)), (plain, 0.5)):
        module.forward(x)
        module.backward(x, dy, half)
        module.update_parameters(half)
    np.testing.assert_array_equal(ours.weight, plain.weight)
    assert ours.weight.dtype == np.float32


def test_optimizers_record_pythons_numbers() -> None:
    x = np.array([4.0])
    optim.sgd(lambda x: (float(x @ x), 2 * x), x, {"learning_rate": np.float32(0.25)})
    assert x.tolist() == [2]


def test_what_has_no_number_of_numpy_stays_the_same_object() -> None:
    value = [1, {"a": (2.5, "b", None)}, np.zeros(3)]
    assert to_python_numbers(value) is value
    assert to_python_numbers({"a": (np.int64(1), [np.True_])}) == {"a": (1, [True])}
