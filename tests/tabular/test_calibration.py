"""The calibration of averaged members: the smoothing is removed, and a temperature is fitted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from tests.tabular.test_members import compute_softmax, draw_members, make_average


def compute_log_loss(x: Array, t: Array, weights: Array | None = None) -> float:
    return float(np.average(-np.log(compute_softmax(x))[np.arange(len(t)), t], weights=weights))


def draw_classes(rows: int = 20_000, scale: float = 1.0) -> tuple[Array, Array]:
    """Logits and classes that have the probabilities softmax(logits / scale)."""
    generator = np.random.default_rng(3)
    x = generator.normal(scale=1.5, size=(rows, 3))
    t = (compute_softmax(x).cumsum(axis=1) < generator.uniform(size=(rows, 1))).sum(axis=1)
    return scale * x, t


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.0, 5.0])
def test_the_temperature_is_the_scale_of_too_large_logits(scale: float) -> None:
    layer = make_average()
    x, t = draw_classes(scale=scale)
    layer.calibrate(x, t)
    assert layer.temperature[0] == pytest.approx(scale, rel=0.03)


def test_calibration_undoes_the_smoothing_first() -> None:
    x, t = draw_classes()
    layer: Any = nn.AverageMembers(label_smoothing=0.1).double()
    layer.calibrate(np.log(0.9 * compute_softmax(x) + 0.1 / 3), t)
    assert layer.smoothing[0] == 0.1
    assert layer.temperature[0] == pytest.approx(1, rel=0.03)
    layer.reset()
    assert (layer.smoothing[0], layer.temperature[0]) == (0, 1)


def test_rows_without_an_error_do_not_make_the_temperature_vanish() -> None:
    layer = make_average()
    t = np.arange(40) % 3
    layer.calibrate(np.log(0.05 + 0.85 * np.eye(3)[t]), t)
    assert 0.3 < layer.temperature[0] < 0.8


@pytest.mark.parametrize("weighted", [False, True])
def test_the_temperature_has_the_smallest_log_loss(weighted: bool) -> None:
    layer = make_average()
    x, t = draw_classes(300, 3.0)
    weights = np.random.default_rng(4).uniform(size=300) * (x[:, 0] > 0) if weighted else None
    layer.calibrate(x, t, weights)
    rows = 300 if weights is None else weights.sum()

    def compute_objective(temperature: float) -> float:
        return compute_log_loss(x / temperature, t, weights) + np.log(temperature) ** 2 / (2 * rows)

    (best,) = layer.temperature
    assert compute_objective(best) < compute_objective(1)
    for factor in (0.97, 1.03):
        assert compute_objective(best) < compute_objective(factor * best)


def test_sample_weights_count_as_copies_of_rows() -> None:
    x, t = draw_classes(200, 2.0)
    counts = np.random.default_rng(4).integers(0, 4, size=200)
    weighted, repeated = make_average(), make_average()
    weighted.calibrate(x, t, counts.astype(float))
    repeated.calibrate(np.repeat(x, counts, axis=0), np.repeat(t, counts))
    np.testing.assert_allclose(weighted.temperature, repeated.temperature, rtol=1e-6)


@pytest.mark.parametrize(("right", "scale", "bound"), [(True, 1e-3, 0.05), (False, 1e3, 20.0)])
def test_temperatures_are_bounded(right: bool, scale: float, bound: float) -> None:
    layer, x = make_average(), scale * np.eye(3)[np.arange(3000) % 3]
    layer.calibrate(x, x.argmax(axis=1) if right else x.argmin(axis=1))
    assert layer.temperature[0] == pytest.approx(bound, rel=1e-6)


def test_the_temperature_keeps_the_predicted_classes() -> None:
    layer, x = make_average(), draw_members(rows=300)
    before = layer.forward(x).copy()
    layer.calibrate(before, np.random.default_rng(4).integers(0, 3, size=300))
    assert layer.temperature[0] != 1
    np.testing.assert_array_equal(layer.forward(x).argmax(axis=1), before.argmax(axis=1))


def test_a_temperature_is_in_the_state_and_in_copies_until_a_reset() -> None:
    layer = make_average(temperature=1.75)
    network: Any = nn.Sequential([layer])
    again: Any = nn.build(network.spec())
    again.restore(network.state())
    assert [again[0].temperature[0], network.clone()[0].temperature[0]] == [1.75, 1.75]
    assert not network.parameters()[0]
    layer.reset()
    assert layer.temperature == 1


def test_values_have_no_temperature() -> None:
    layer = make_average("values")
    layer.calibrate(*draw_classes(100, 3.0))
    assert layer.temperature == 1
