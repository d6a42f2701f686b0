"""Golden cases computed by Torch7, and the functions that they minimize."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np

from nntrain.compute.array import Array
from tests.paths import ROOT

PATH = ROOT / "tests" / "golden" / "optim.h5"

# Tolerance of a case.
TOLERANCE = 1e-9


@dataclass
class Case:
    """One case: the datasets of its group by name."""

    name: str
    case: str
    attributes: dict[str, Any]
    arrays: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.name}-{self.case}"

    @property
    def config(self) -> dict[str, Any]:
        config: dict[str, Any] = json.loads(self.attributes["config"])
        return config

    def function(self) -> Recorder:
        return Recorder(FUNCTIONS[self.attributes["problem"]])

    def check(self, name: str, got: Any) -> None:
        """Check a value against the case."""
        np.testing.assert_allclose(got, self.arrays[name], rtol=0, atol=TOLERANCE, err_msg=name)


class Recorder:
    """A function that records its evaluations and reuses the memory of its gradient, like a network."""

    def __init__(self, function: Callable[[Array], tuple[float, Array]]) -> None:
        self.function = function
        self.x: list[Array] = []
        self.f: list[float] = []
        self.gradient: Array | None = None

    def __call__(self, x: Array) -> tuple[float, Array]:
        f, gradient = self.function(x)
        self.x.append(x.copy())
        self.f.append(f)
        if self.gradient is None:
            self.gradient = np.empty_like(gradient)
        self.gradient[...] = gradient
        return f, self.gradient


def rosenbrock(x: Array) -> tuple[float, Array]:
    dx = np.zeros_like(x)
    valley = x[1:] - x[:-1] ** 2
    dx[:-1] = -400 * x[:-1] * valley - 2 * (1 - x[:-1])
    dx[1:] += 200 * valley
    return float(np.sum(100 * valley**2 + (1 - x[:-1]) ** 2)), dx


def least_squares(x: Array) -> tuple[float, Array]:
    """‖A x − b‖² / 2, with sums in the same order on every processor, which those of BLAS are not."""
    A, b = PROBLEM
    residual = np.einsum("ij,j->i", A, x) - b
    return float(np.einsum("i,i", residual, residual)) / 2, np.einsum("ij,i->j", A, residual)


def arrays(group: h5py.Group) -> dict[str, Any]:
    """Return every dataset below a group by path."""
    found: dict[str, Any] = {}
    group.visititems(lambda path, item: found.update({path: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return found


def cases(*kinds: str) -> list[Case]:
    """Return every case of these kinds."""
    with h5py.File(PATH) as file:
        return [
            Case(name, case, dict(file[name][case].attrs), arrays(file[name][case]))
            for name in file
            if name != "problems"
            for case in file[name]
            if file[name][case].attrs["kind"] in kinds
        ]


with h5py.File(PATH) as opened:
    PROBLEM = opened["problems/least_squares/A"][()], opened["problems/least_squares/b"][()]

FUNCTIONS = {"rosenbrock": rosenbrock, "least_squares": least_squares}
