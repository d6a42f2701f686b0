"""Layers with one mistake each, which the check of the same row must find."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.nn.bases.slicewise_module import SliceTask, SlicewiseModule
from nntrain.nn.module import Module
from nntrain.nn.parameter import parameter


class Affine(Module):
    """y = x Wᵀ, with no mistake."""

    def __init__(self, n_input: int = 3, n_output: int = 2) -> None:
        self.n_output = n_output
        self.weight, self.grad_weight = parameter(n_output, n_input)

    def update_output(self, x: Array) -> Array:
        y = self.output_of((len(x), self.n_output), like=x)
        return np.matmul(x, self.weight.T, out=y)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return np.matmul(dy, self.weight, out=self.grad_input_of(x))

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.grad_weight += scale * dy.T @ x


class DoubledGradient(Affine):
    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = super().update_grad_input(x, dy)
        return np.multiply(dx, 2, out=dx)


class NoGradient(Affine):
    def update_grad_input(self, x: Array, dy: Array) -> None:  # type: ignore[override]
        return None


class NegatedParameterGradient(Affine):
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.grad_weight -= scale * dy.T @ x


class Overwriting(Affine):
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.grad_weight[...] = scale * dy.T @ x


class Scaleless(Affine):
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.grad_weight += dy.T @ x


class MarkedButAdding(Affine):
    @nn.writes("weight")
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        super().acc_grad_parameters(x, dy, scale)


class HalfBackward(Affine):
    def backward(self, x: Array, dy: Array, scale: float = 1) -> Array:
        return self.update_grad_input(x, dy)


class MixedSamples(Affine):
    def update_output(self, x: Array) -> Array:
        y = super().update_output(x)
        y -= y.mean(0)
        return y


class FirstSize(Affine):
    size: int | None = None

    def update_output(self, x: Array) -> Array:
        self.size = self.size or len(x)
        y = super().update_output(x)
        y /= self.size
        return y


class NewMemory(Affine):
    def update_output(self, x: Array) -> Array:
        self.output = x @ self.weight.T
        return self.output


class WritesInput(Affine):
    def update_output(self, x: Array) -> Array:
        x += 1
        return super().update_output(x)


class WritesGradOutput(Affine):
    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dy *= 2
        return super().update_grad_input(x, dy)


class NeedsCompactInput(Affine):
    def update_output(self, x: Array) -> Array:
        return super().update_output(np.ndarray(x.shape, x.dtype, buffer=x.base if x.base is not None else x))


class Temporaries(Affine):
    def update_output(self, x: Array) -> Array:
        y = super().update_output(x)
        y[...] = (x * 1.0) @ self.weight.T
        return y


class Widened(Affine):
    def update_output(self, x: Array) -> Array:
        self.output = x @ self.weight.T.astype(np.float64)
        return self.output


class Widening(Affine):
    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self.grad_input = super().update_grad_input(x, dy) * np.ones(1)
        return self.grad_input


class ChangedCall(Affine):
    mutable_arguments = ("n_output",)

    def __init__(self, n_input: int = 3, n_output: int = 2) -> None:
        super().__init__(n_input, n_output)
        self.n_output = 2
        self.weight, self.grad_weight = parameter(2, n_input)

    def update_output(self, x: Array) -> Array:
        self.n_output += 1
        y = self.output_of((len(x), 2), like=x)
        return np.matmul(x, self.weight.T, out=y)


class NoJSON(Affine):
    def spec(self) -> dict[str, Any]:
        return {"type": "NoJSON", "n_input": np.int64(3)}


class ForgottenBuffer(Affine):
    def __init__(self, n_input: int = 3, n_output: int = 2) -> None:
        super().__init__(n_input, n_output)
        self.passes = np.zeros(1)

    def update_output(self, x: Array) -> Array:
        if self.train:
            self.passes += 1
        y = super().update_output(x)
        y += self.passes
        return y


class SharingClone(Affine):
    def clone(self, *names: str) -> Self:
        twin = super().clone(*names)
        twin.weight = self.weight
        return twin


class NoShare(Affine):
    def share(self, other: Module, *names: str) -> Self:
        return self


class KeptView(Affine):
    def __init__(self, n_input: int = 3, n_output: int = 2) -> None:
        super().__init__(n_input, n_output)
        self.kept = [self.weight]

    def update_output(self, x: Array) -> Array:
        y = self.output_of((len(x), self.n_output), like=x)
        return np.matmul(x, self.kept[0].T, out=y)


class NoisyEvaluation(nn.Module):
    def update_output(self, x: Array) -> Array:
        self.output = x + np.random.default_rng().normal(size=x.shape)
        return self.output


class WholeSlices(SlicewiseModule):
    """y = 2 x, whose slices of dx are slices of the first rows."""

    def plan_output(self, x: Array) -> SliceTask:
        y = self.output_of(x.shape, like=x)
        return SliceTask(y, lambda some: np.multiply(x[some], 2, out=y[some]))

    def plan_grad_input(self, x: Array, dy: Array) -> SliceTask:
        dx = self.grad_input_of(x)
        return SliceTask(dx, lambda some: np.multiply(dy[: len(dx[some])], 2, out=dx[some]))


class EarlySlices(WholeSlices):
    """y = 2 x, read when the task is planned."""

    def plan_output(self, x: Array) -> SliceTask:
        y, doubled = self.output_of(x.shape, like=x), 2 * x
        return SliceTask(y, lambda some: np.copyto(y[some], doubled[some]))


class LastChunk(nn.Elementwise):
    """y = 2 x, whose derivative is right for the last chunk only."""

    def value(self, x: Array, out: Array) -> None:
        self.signs = np.sign(x)
        np.multiply(x, 2, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.multiply(np.resize(self.signs, x.shape) * np.sign(x), 2, out=out)


# The check that must find each mistake.
MISTAKES: list[tuple[str, type[Module]]] = [
    ("grad_input_matches_numerical_gradient", DoubledGradient),
    ("grad_input_matches_numerical_gradient", NoGradient),
    ("grad_parameters_match_numerical_gradient", NegatedParameterGradient),
    ("gradients_accumulate_with_scale", Overwriting),
    ("gradients_accumulate_with_scale", Scaleless),
    ("gradients_accumulate_with_scale", MarkedButAdding),
    ("backward_matches_both_steps", HalfBackward),
    ("batch_matches_single_samples", MixedSamples),
    ("batch_size_can_change", FirstSize),
    ("slices_match_the_whole", WholeSlices),
    ("slices_match_the_whole", EarlySlices),
    ("chunks_match_the_whole", LastChunk),
    ("same_shape_reuses_memory", NewMemory),
    ("inputs_are_not_modified", WritesInput),
    ("inputs_are_not_modified", WritesGradOutput),
    ("strided_inputs_give_same_results", NeedsCompactInput),
    ("repeated_steps_allocate_nothing", Temporaries),
    ("float32_stays_float32", Widened),
    ("float32_stays_float32", Widening),
    ("spec_and_repr_round_trip", ChangedCall),
    ("spec_and_repr_round_trip", NoJSON),
    ("state_round_trip", ForgottenBuffer),
    ("clone_gives_same_results", SharingClone),
    ("share_ties_parameters", NoShare),
    ("module_works_after_flattening", KeptView),
    ("evaluation_is_deterministic", NoisyEvaluation),
    ("noise_uses_module_stream", NoisyEvaluation),
]
