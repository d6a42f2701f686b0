"""Random streams are reproducible and independent."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute import random
from nntrain.compute.array import Array
from nntrain.nn.bases.noise import Noise


class Noisy(Noise):
    """y = x + noise."""

    def update_output(self, x: Array) -> Array:
        self.output = x + self.generator.normal(size=x.shape)
        return self.output


X = np.zeros(6)


def test_manual_seed_repeats_the_initial_weights() -> None:
    nn.manual_seed(3)
    first = nn.Linear(4, 3).weight
    nn.manual_seed(3)
    np.testing.assert_array_equal(nn.Linear(4, 3).weight, first)
    assert not (nn.Linear(4, 3).weight == first).any()


def test_another_seed_gives_other_weights() -> None:
    nn.manual_seed(3)
    first = nn.Linear(4, 3).weight
    nn.manual_seed(4)
    assert not (nn.Linear(4, 3).weight == first).any()


def test_manual_seed_repeats_the_noise_of_new_modules() -> None:
    nn.manual_seed(3)
    first = Noisy().forward(X)
    nn.manual_seed(3)
    np.testing.assert_array_equal(Noisy().forward(X), first)


def test_manual_seed_starts_the_noise_of_old_modules_anew() -> None:
    module = Noisy()
    nn.manual_seed(3)
    first = module.forward(X)
    assert not (module.forward(X) == first).any()
    nn.manual_seed(3)
    np.testing.assert_array_equal(module.forward(X), first)


def test_every_module_has_noise_of_its_own() -> None:
    nn.manual_seed(3)
    assert not (Noisy().forward(X) == Noisy().forward(X)).any()


def test_noise_has_no_influence_on_initial_weights() -> None:
    nn.manual_seed(3)
    without = nn.Linear(2, 2).weight
    nn.manual_seed(3)
    Noisy().forward(X)
    np.testing.assert_array_equal(nn.Linear(2, 2).weight, without)


def test_a_stream_is_the_same_for_the_same_seed_name_and_numbers() -> None:
    np.testing.assert_array_equal(
        random.create_stream(1, "order", 2).random(4), random.create_stream(1, "order", 2).random(4)
    )


@pytest.mark.parametrize(
    "other",
    [(2, "order", 2), (1, "init", 2), (1, "order", 3), (1, "order"), (1, "order", 2, 0), (1, "noise/0.1", 2)],
    ids=str,
)
def test_streams_differ_by_seed_name_and_number(other: tuple[int, str, int]) -> None:
    assert not (random.create_stream(*other).random(4) == random.create_stream(1, "order", 2).random(4)).any()


def test_a_number_is_no_part_of_the_name() -> None:
    assert not (random.create_stream(1, "order", 97).random(4) == random.create_stream(1, "ordera").random(4)).any()
    assert not (random.create_stream(1, "a", 98).random(4) == random.create_stream(1, "ab").random(4)).any()


def test_a_saved_stream_goes_on_where_it_was() -> None:
    stream = random.create_stream(1, "noise/0")
    stream.normal(size=7)
    state = json.loads(json.dumps(random.get_stream_state(stream)))
    wanted = stream.normal(size=5)
    np.testing.assert_array_equal(random.restore_stream(state).normal(size=5), wanted)


def test_saving_does_not_move_a_stream() -> None:
    stream = random.create_stream(1, "noise/0")
    before = random.get_stream_state(stream)
    stream.random()
    assert random.get_stream_state(stream) != before
    assert random.get_stream_state(random.restore_stream(before)) == before


def test_uniform_fills_within_the_bounds() -> None:
    array = np.zeros((50, 40), np.float32)
    random.fill_uniform(array, -0.25, 0.5)
    assert array.min() >= -0.25
    assert array.max() <= 0.5
    assert array.mean() == pytest.approx(0.125, abs=0.02)


@pytest.mark.parametrize("shape", [(10,), (10, 7), (10, 2, 3), (10, 40_001), (1, 3), (10, 0)])
@pytest.mark.parametrize("drawn_before", [0, 1])
def test_slices_are_drawn_in_any_order(shape: tuple[int, ...], drawn_before: int) -> None:
    alone, sliced = random.create_stream(1, "noise"), random.create_stream(1, "noise")
    for stream in (alone, sliced):
        stream.random(drawn_before, np.float32)
    for _ in range(2):
        noise = np.full(shape, np.nan, np.float32)
        fill = random.plan_bernoulli(sliced, 0.3, noise)
        for some in (slice(7, 10), slice(0, 3), slice(3, 7)):
            fill(some)
        np.testing.assert_array_equal(noise, alone.random(shape, np.float32) >= np.float32(0.3))
    assert random.get_stream_state(sliced) == random.get_stream_state(alone)


@pytest.mark.parametrize("p", [0.0, 0.15, 1 / 3, 0.5, 2**-24, 1e-9, 1 - 2**-24, 1 - 1e-9, 1.0, 1.5, -1.0, math.nan])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bernoulli_noise_compares_the_numbers_of_the_stream(p: float, dtype: Any) -> None:
    plain, drawn = random.create_stream(1, "noise"), random.create_stream(1, "noise")
    # Odd sizes leave half of a step for the next call.
    for shape in [(7,), (3,), (1,), (0,), (2, 5), (100, 101), (), (64, 1024), (1,)]:
        expected, got = np.empty(shape, dtype), np.empty(shape, dtype)
        np.greater_equal(plain.random(shape, np.float32), p, out=expected)
        random.fill_bernoulli(drawn, p, got)
        np.testing.assert_array_equal(got, expected)
        assert random.get_stream_state(drawn) == random.get_stream_state(plain)
    assert drawn.random() == plain.random()
