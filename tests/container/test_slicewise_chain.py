"""Successive slicewise modules of a chain, computed slice by slice in several threads."""

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array, Slice
from nntrain.compute.threads import use_thread_pool
from nntrain.errors import ModuleError
from nntrain.nn.bases import slicewise_module
from nntrain.nn.bases.slicewise_module import SliceTask, SlicewiseModule

MEMBERS, ROWS, SIZE = 5, 7, 6


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Split small arrays as large ones."""
    monkeypatch.setattr(slicewise_module, "SLICE_SIZE", 2 * ROWS * SIZE)


class Doubled(SlicewiseModule):
    """y = 2 x, which counts its slices."""

    def __init__(self) -> None:
        self.slices: list[Slice] = []

    def plan_output(self, x: Array) -> SliceTask:
        y = self.output_of(x.shape, like=x)

        def compute(some: Slice) -> None:
            self.slices.append(some)
            np.multiply(x[some], 2, out=y[some])

        return SliceTask(y, compute)

    def plan_grad_input(self, x: Array, dy: Array) -> SliceTask:
        dx = self.grad_input_of(x)
        return SliceTask(dx, lambda some: np.multiply(dy[some], 2, out=dx[some]))


class Tripled(Doubled):
    """y = 3 x by methods alone."""

    def update_output(self, x: Array) -> Array:
        return np.multiply(x, 3, out=self.output_of(x.shape, like=x))

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return np.multiply(dy, 3, out=self.grad_input_of(x))


class Broken(Doubled):
    """A module whose slices cannot be computed."""

    def plan_output(self, x: Array) -> SliceTask:
        def fail(some: Slice) -> None:
            raise ValueError("no slice")

        return super().plan_output(x)._replace(compute=fail)


def build_ensemble() -> nn.Module:
    nn.manual_seed(1)
    layers: list[dict[str, Any]] = [{"type": "RepeatMembers", "members": MEMBERS}]
    for kind in ("SiLU", "GELU", "ReLU"):
        layers += [
            {"type": "LinearBatchEnsemble", "input_size": SIZE, "output_size": SIZE, "members": MEMBERS},
            {"type": "Blend", "activation": {"type": kind}, "size": SIZE},
            {"type": "Dropout", "p": 0.3, "inplace": kind != "GELU"},
        ]
    layers.append({"type": "LinearEnsemble", "input_size": SIZE, "output_size": 2, "members": MEMBERS})
    return nn.build({"type": "Sequential", "modules": layers})


def run(network: nn.Module, x: Array, threads: int, monkeypatch: pytest.MonkeyPatch) -> list[Array]:
    """Return copies of the results of two passes."""
    monkeypatch.setenv("NNTRAIN_THREADS", str(threads))
    results = []
    with use_thread_pool():
        for _ in range(2):
            y = network.forward(x).copy()
            dx = network.backward(x, np.cos(y), 0.5)
            results += [y, dx.copy()]
    return results + [gradient.copy() for gradient in network.parameters()[1]]


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_give_the_bits_of_one(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(1).normal(size=(ROWS, SIZE)).astype(np.float32)
    alone, parallel = (run(build_ensemble(), x, count, monkeypatch) for count in (1, threads))
    for one, other in zip(alone, parallel, strict=True):
        np.testing.assert_array_equal(one, other)


def build_perceptron(inplace: bool) -> nn.Module:
    nn.manual_seed(1)
    return nn.Sequential(
        [
            nn.Linear(12, 16),
            nn.ReLU(inplace),
            nn.Linear(16, 10),
            nn.BatchNormalization(10),
            nn.LeakyReLU(0.1, inplace),
            nn.Dropout(0.3, False, inplace),
            nn.Linear(10, 4, False),
            nn.Tanh(),
        ]
    )


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("inplace", [True, False])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_rows_of_linear_layers_are_split(
    threads: int, inplace: bool, first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = np.random.default_rng(1).normal(size=(96, 12)).astype(np.float32)
    whole, parallel = build_perceptron(inplace), build_perceptron(inplace)
    for network in (whole, parallel):
        if first:
            network.skip_grad_input()
    nn.manual_seed(2)
    expected = whole.forward(x).copy()
    whole.backward(x, np.cos(expected), 0.5)
    monkeypatch.setattr(slicewise_module, "MIN_PARALLEL_WORK", 96 * 16 * 4)
    slices: list[int] = []
    transform = nn.Linear._transform

    def count(self: nn.Linear, x: Array, y: Array) -> None:
        slices.append(len(x))
        transform(self, x, y)

    monkeypatch.setattr(nn.Linear, "_transform", count)
    monkeypatch.setenv("NNTRAIN_THREADS", str(threads))
    nn.manual_seed(2)
    with use_thread_pool():
        y = parallel.forward(x).copy()
        parallel.backward(x, np.cos(y), 0.5)
    # The last layer is in a chain of its own, after the normalization.
    assert sorted(slices) == sorted(
        [96 // threads] * 2 * threads + ([96] if threads == 1 else [96 // threads] * threads)
    )
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)
    for one, other in zip(parallel.parameters()[1], whole.parameters()[1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    if not first:
        np.testing.assert_allclose(parallel.grad_input, whole.grad_input, rtol=1e-4, atol=1e-6)


def test_products_of_few_rows_are_not_split_by_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slicewise_module, "MIN_PARALLEL_WORK", 1)
    monkeypatch.setenv("NNTRAIN_THREADS", "2")
    network = nn.Sequential([nn.Linear(12, 16), nn.ReLU()])
    with use_thread_pool():
        network.forward(np.ones((15, 12), np.float32))
        assert network._unsplit_shape == (15, 12)
        network.forward(np.ones((16, 12), np.float32))
        assert network._unsplit_shape is None


@pytest.mark.parametrize("shape", [(), (3,), (4, 3), (0, 3), (4, 2, 3)])
def test_chains_take_arrays_of_any_shape(shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    network = nn.Sequential([Doubled(), Doubled()])
    x = np.ones(shape, np.float32)
    y, dx, *_ = run(network, x, 2, monkeypatch)
    np.testing.assert_array_equal(y, 4 * x)
    np.testing.assert_allclose(dx, 4 * np.cos(4 * x))


def test_modules_are_computed_in_slices_of_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Doubled(), Doubled()
    run(nn.Sequential([first, second]), np.ones((MEMBERS, ROWS, SIZE), np.float32), 2, monkeypatch)
    for module in (first, second):
        lengths = sorted(some.stop - some.start for some in module.slices if isinstance(some, slice))
        # 5 = 2 + 3 for the threads, and at most 2 in a block; two passes.
        assert lengths == [1, 1, 2, 2, 2, 2]


def test_integers_are_converted_first(monkeypatch: pytest.MonkeyPatch) -> None:
    y, *_ = run(nn.Sequential([Doubled(), Doubled()]), np.arange(6).reshape(3, 2), 2, monkeypatch)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, 4 * np.arange(6).reshape(3, 2))


def test_overridden_methods_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.ones((4, 3), np.float32)
    network = nn.Sequential([Doubled(), Tripled(), Doubled()])
    y, dx, *_ = run(network, x, 2, monkeypatch)
    np.testing.assert_array_equal(y, 12 * x)
    np.testing.assert_allclose(dx, 12 * np.cos(12 * x))
    network[0].forward = lambda x: 5 * x  # type: ignore[method-assign]
    monkeypatch.setenv("NNTRAIN_THREADS", "2")
    with use_thread_pool():
        np.testing.assert_array_equal(network.forward(x), 30 * x)


def test_frozen_modules_get_no_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build_ensemble()
    network[1].freeze()
    run(network, np.ones((ROWS, SIZE), np.float32), 2, monkeypatch)
    assert not network[1].grad_weight.any()
    assert network[4].grad_weight.any()


def test_errors_name_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    network = nn.Sequential([Doubled(), nn.Sequential([Doubled(), Broken()])])
    with pytest.raises(ModuleError, match=r"no slice\n  in Sequential\[1\] > Sequential\[1\] > Broken"):
        run(network, np.ones((4, 3), np.float32), 2, monkeypatch)
    network = build_ensemble()
    network[2].size = 3
    network[2].weight = np.ones(3, np.float32)
    with pytest.raises(ModuleError, match=r"\(\.\.\., 3\)[^\n]*\n  in Sequential\[2\] > Blend"):
        run(network, np.ones((ROWS, SIZE), np.float32), 2, monkeypatch)


def test_backward_needs_the_forward_pass_of_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", "2")
    network, x = nn.Sequential([Doubled(), Doubled()]), np.ones((4, 3), np.float32)
    with use_thread_pool():
        network.forward(x)
        network[1].clear_state()
        with pytest.raises(ModuleError, match=r"none since clear_state[^\n]*\n  in Sequential\[1\] > Doubled"):
            network.backward(x, x)
