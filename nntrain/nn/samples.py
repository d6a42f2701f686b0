"""The base of layers that take one sample or a batch of samples, with named axes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from nntrain.nn.array import Array, Value
from nntrain.nn.module import Module

__all__ = ["Samples"]

ANY: Mapping[str, int] = MappingProxyType({})


class Samples(Module):
    """A layer of x, one sample with the axes ``sample`` or a batch (N, *sample)."""

    # The axes of one sample, as errors call them.
    sample: ClassVar[tuple[str, ...]] = ("C", "h", "w")

    def samples(self, x: Value, exact: Mapping[str, int] = ANY, least: Mapping[str, int] = ANY) -> Array:
        """x as floating numbers. ShapeError unless its axes have these sizes, exactly or at least."""
        self.require(x, len(self.sample), len(self.sample) + 1, wanted=self.wanted(exact, least))
        x = self.floating(x)
        sizes = dict(zip(self.sample, x.shape[-len(self.sample) :], strict=True))
        if any(sizes[name] != size for name, size in exact.items()) or any(
            sizes[name] < size for name, size in least.items()
        ):
            raise self.shape_error(self.wanted(exact, least), x)
        return x

    def wanted(self, exact: Mapping[str, int], least: Mapping[str, int]) -> str:
        """What ``samples`` takes, in words."""
        one = ", ".join(str(exact.get(name, name)) for name in self.sample)
        single = f"({one},)" if len(self.sample) == 1 else f"({one})"
        bounds = " and ".join(f"{name} at least {size}" for name, size in least.items() if size > 0)
        return f"an input of shape {single} or (N, {one})" + (f" with {bounds}" if bounds else "")

    def whole(self, name: str, value: int, least: int = 1) -> int:
        """A constructor argument as it is. ArgumentError unless it is a whole number of at least ``least``."""
        if value != int(value) or value < least:
            raise self.argument_error(f"expected a whole number of at least {least} as {name}, got {value}")
        return int(value)
