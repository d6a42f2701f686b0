"""Criterions with one mistake each, which the check of the same row must find."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.criterion import Criterion


class Squares(Criterion):
    """L = Σ (x − t)² / n, with no mistake."""

    def update_output(self, x: Array, t: Array) -> float:
        self.output = float(np.square(x - t).mean())
        return self.output

    def update_grad_input(self, x: Array, t: Array) -> Array:
        dx = self.grad_input_of(x)
        np.subtract(x, t, out=dx)
        return np.multiply(dx, 2 / x.size, out=dx)


class SumForMean(Squares):
    def update_grad_input(self, x: Array, t: Array) -> Array:
        dx = super().update_grad_input(x, t)
        return np.multiply(dx, x.size, out=dx)


class WritesTarget(Squares):
    def update_output(self, x: Array, t: Array) -> float:
        t -= x
        self.output = float(np.square(t).mean())
        return self.output


class NewGradient(Squares):
    def update_grad_input(self, x: Array, t: Array) -> Array:
        return 2 * (x - t) / x.size


class WideGradient(Squares):
    def update_grad_input(self, x: Array, t: Array) -> Array:
        return super().update_grad_input(x, t) * np.ones(1)


class FirstTarget(Squares):
    kept: Array | None = None

    def update_output(self, x: Array, t: Array) -> float:
        self.kept = t if self.kept is None else self.kept
        return super().update_output(x, self.kept[: len(x)])


class UnknownForm(Squares):
    output_form = "probability"  # type: ignore[assignment]


class ReadsOverInput(Squares):
    def to_output_form(self, x: Array) -> Array:
        x *= 2
        return x


class ReadsOneRow(Squares):
    def to_output_form(self, x: Array) -> Array:
        return x[:1]


class ForgetfulClone(Squares):
    def update_output(self, x: Array, t: Array) -> float:
        self.used = True
        return super().update_output(x, t)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return MISTAKEN_TWIN if hasattr(self, "used") else super().__deepcopy__(memo)


MISTAKEN_TWIN = SumForMean()

CRITERION_MISTAKES: list[tuple[str, type[Criterion]]] = [
    ("grad_input_matches_numerical_gradient", SumForMean),
    ("inputs_are_not_modified", WritesTarget),
    ("same_shape_reuses_memory", NewGradient),
    ("float32_stays_float32", WideGradient),
    ("batch_size_can_change", FirstTarget),
    ("clone_gives_same_results", ForgetfulClone),
    ("output_form_is_valid", UnknownForm),
    ("output_form_is_valid", ReadsOverInput),
    ("output_form_is_valid", ReadsOneRow),
]
