"""Optimizers allocate nothing from step to step, and a random search only its population."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from nntrain.compute.array import Array
from nntrain.nn.building.factory import build_registered
from tests.optim.test_laws import CASES, VECTORS

SEARCHES = [case for case, (given, _) in CASES.items() if given["type"] in ("cmaes", "de")]

# These call the objective several times, and must not have converged when they are measured.
WHOLE = ("cg", "lbfgs", "fista")


class Valley:
    """Σ sᵢ wᵢ² / 2 with s from 1 to 10⁴, in memory of its own: so narrow that no few calls find its ground."""

    def __init__(self, w: Array) -> None:
        self.scales = np.geomspace(1, 1e4, w.size)
        self.gradient = np.empty_like(w)
        self.calls = 0

    def __call__(self, w: Array) -> tuple[float, Array]:
        self.calls += 1
        np.multiply(w, self.scales, out=self.gradient)
        return float(np.dot(self.gradient, w)) / 2, self.gradient


@pytest.mark.parametrize("case", [case for case in CASES if case not in SEARCHES])
def test_nothing_is_allocated_at_rest(case: str) -> None:
    given = dict(CASES[case][0])
    for name in VECTORS & set(given):
        given[name] = np.ones(50_000)
    if given["type"] == "lbfgs":
        given["n_correction"] = 3  # its memory of steps, full after the first
    optimizer = build_registered(given, "optimizer")
    w = np.linspace(-1, 1, 50_000)
    valley = Valley(w)
    used = peak(lambda: optimizer.advance(valley, w), warm=8)
    assert used < w.nbytes / 20
    before = valley.calls
    optimizer.advance(valley, w)
    assert valley.calls > before + 1 or given["type"] not in WHOLE or given.get("max_iter") == 1


@pytest.mark.parametrize("case", SEARCHES)
def test_a_search_holds_its_population_while_it_runs_and_nothing_afterwards(case: str) -> None:
    options = {"cmaes": {"max_eval": 60}, "de": {"max_fes": 400, "popsize": 100}}
    kind = CASES[case][0]["type"]
    optimizer = build_registered({**CASES[case][0], **options[kind]}, "optimizer")
    w = np.linspace(-1, 1, 200)
    valley = Valley(w)
    call = lambda: optimizer.advance(valley, w)  # noqa: E731
    matrix = (len(w) if kind == "cmaes" else 100) * w.nbytes
    assert peak(call, warm=2) < 8 * matrix
    assert kept(call) < w.nbytes


def kept(call: Callable[[], object]) -> int:
    """Return the bytes that one call leaves allocated."""
    tracemalloc.start()
    try:
        call()
        before = tracemalloc.get_traced_memory()[0]
        call()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def peak(call: Callable[[], object], warm: int) -> int:
    """Return the peak bytes that one call allocates."""
    for _ in range(warm):
        call()
    tracemalloc.start()
    try:
        call()
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
