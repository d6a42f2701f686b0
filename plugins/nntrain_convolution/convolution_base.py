"""The base of all convolutions: sizes, parameters, bias, errors and labels, for one, two or three axes."""

import math
from typing import ClassVar

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, Shape
from nntrain.compute.windows import Windows, format_sizes, to_constructor_order
from nntrain.nn.module import Module
from nntrain.nn.parameter import add_scaled, parameter


class ConvolutionBase(Module):
    """A linear map of x (N, n_input_plane, *sizes), or one sample of it, by kernels that move over the last axes.

    The constructor of a subclass calls ``_init_convolution``; ``_get_weight_shape`` and ``_get_bias_shape`` define the
    form of the parameters, and the passes use ``_to_samples`` and ``_accumulate_bias``.
    Initially weight and bias are U(−s, s), s = 1 / √(n_input_plane · taps of the kernel).
    """

    # The axes that windows move over, as named in errors.
    axes: ClassVar[tuple[str, ...]] = ("h", "w")
    inferred = {"n_input_plane": 1}

    # Whether the channels are the last axis of x and y, as in the temporal classes.
    channels_last: bool = False

    n_input_plane: int
    n_output_plane: int
    windows: Windows
    weight: Array
    bias: Array | None = None

    def _init_convolution(self, n_input_plane: int, n_output_plane: int, windows: Windows, bias: bool) -> None:
        """Store the sizes and initialize the parameters. ArgumentError for a size out of range."""
        for name, least, values in (
            ("channels", 1, (n_input_plane, n_output_plane)),
            ("kernel sizes", 1, to_constructor_order(windows.kernel)),
            ("strides", 1, to_constructor_order(windows.stride)),
            ("paddings", 0, to_constructor_order(windows.padding)),
            ("dilations", 1, to_constructor_order(windows.dilation)),
        ):
            if min(values) < least:
                raise self.argument_error(f"expected {name} of at least {least}, got {','.join(map(str, values))}")
        self.n_input_plane = n_input_plane
        self.n_output_plane = n_output_plane
        self.windows = windows
        self.weight, self.grad_weight = parameter(*self._get_weight_shape())
        if bias:
            self.bias, self.grad_bias = parameter(*self._get_bias_shape())
        self.reset()

    def _get_weight_shape(self) -> Shape:
        """The shape of the weight."""
        return (self.n_output_plane, self.n_input_plane, *self.windows.kernel)

    def _get_bias_shape(self) -> Shape:
        """The shape of the bias."""
        return (self.n_output_plane,)

    def reset(self, stdv: float | None = None) -> None:
        fan_in = self.n_input_plane * math.prod(self.windows.kernel)
        random.fill_by_fan_in(fan_in, stdv, *self.get_own_parameters()[0])

    # Shapes

    def _count_output_channels(self) -> int:
        """The number of channels of y."""
        return self.n_output_plane

    def _count_windows(self, sizes: Shape) -> Shape:
        """The sizes of y for the sizes of x."""
        return self.windows.count_windows(sizes)

    def _get_min_sizes(self) -> Shape:
        """The smallest sizes of x that give any y."""
        return self.windows.get_covered_sizes((1,) * len(self.axes))

    def _to_samples(self, x: Array) -> Array:
        """x as a batch with channels first. ShapeError unless its channels and sizes fit."""
        x = self.to_floating(x)
        axes = len(self.axes)
        channels = -1 if self.channels_last else -axes - 1
        self.require(x, axes + 1, axes + 2, axis=channels, size=self.n_input_plane, expected=self._describe_expected())
        samples = self._to_batch(x)
        if min(*samples.shape[2:], *self._count_windows(samples.shape[2:])) < 1:
            raise self.shape_error(self._describe_expected(), x)
        return samples

    def _to_batch(self, x: Array) -> Array:
        """x, y or a gradient as (N, channels, *sizes), a view."""
        x = x if x.ndim == len(self.axes) + 2 else x[None]
        return np.moveaxis(x, -1, 1) if self.channels_last else x

    def _describe_expected(self) -> str:
        """The expected shapes of x."""
        channels = str(self.n_input_plane)
        shape = ("N", *self.axes, channels) if self.channels_last else ("N", channels, *self.axes)
        bounds = [f"{axis} ≥ {n}" for axis, n in zip(self.axes, self._get_min_sizes(), strict=True) if n > 1]
        return f"an input of shape ({', '.join(shape)})" + (f" with {' and '.join(bounds)}" if bounds else "")

    def _size_output(self, x: Array, samples: Array) -> Array:
        """y for x, sized, as a batch with channels first."""
        counts = self._count_windows(samples.shape[2:])
        channels = self._count_output_channels()
        one = (*counts, channels) if self.channels_last else (channels, *counts)
        return self._to_batch(self.output_of((*x.shape[: x.ndim - len(one)], *one), like=samples))

    # Parameters

    def _view_kernels(self, weight: Array) -> Array:
        """The weight or its gradient as (groups, its first two axes within a group, *kernel), a view."""
        return weight[None]

    def _get_kernels(self) -> Array:
        """The weight, in the form of ``_view_kernels``."""
        return self._view_kernels(self.weight)

    def _accumulate_weight(self, dW: Array, scale: float) -> None:
        """grad_weight ← grad_weight + scale dW, dW in the form of ``_view_kernels``; it may be overwritten."""
        add_scaled(self._view_kernels(self.grad_weight), dW, scale)

    def _view_by_channels(self, bias: Array) -> Array:
        """The bias or its gradient, a view in the order of the channels of y."""
        return bias

    def _get_channel_bias(self) -> Array | None:
        """The bias of each channel of y, if there is any."""
        return None if self.bias is None else self._view_by_channels(self.bias).reshape(-1)

    def _accumulate_bias(self, dy: Array, scale: float) -> None:
        """grad_bias ← grad_bias + scale Σ dy over samples and positions."""
        if self.bias is not None:
            gradient = self._view_by_channels(self.grad_bias)
            db = self.buffer("db", gradient.shape, like=gradient)
            np.sum(dy, axis=(0, *range(2, dy.ndim)), out=db.reshape(-1))
            add_scaled(gradient, db, scale)

    # Printing

    def label(self) -> str:
        """As in Torch7: channels, kernel, then the values that differ from the defaults, each as w,h or t,w,h."""
        parts = [f"{self.n_input_plane} -> {self.n_output_plane}", format_sizes(self.windows.kernel, "x")]
        parts += map(format_sizes, self._get_label_parts())
        bias = "" if self.bias is not None else " without bias"
        return f"{type(self).__name__}({', '.join(parts)}){bias}"

    def _get_label_parts(self) -> list[Shape]:
        """The values after the kernel: the strides unless they and the padding are default, the padding if any."""
        stride, padding = self.windows.stride, self.windows.padding
        shown = [stride] if max(stride) > 1 or any(padding) else []
        return [*shown, padding] if any(padding) else shown
