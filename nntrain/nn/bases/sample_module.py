"""The base of layers whose input is one sample or a batch of samples, with named axes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from nntrain.compute.array import Array, Value
from nntrain.nn.module import Module

ANY: Mapping[str, int] = MappingProxyType({})


class SampleModule(Module):
    """A layer of x, one sample with the axes ``sample`` or a batch (N, *sample)."""

    # Names of the axes of one sample, for errors.
    sample_axes: ClassVar[tuple[str, ...]] = ("C", "h", "w")

    def require_samples(self, x: Value, exact: Mapping[str, int] = ANY, minimum: Mapping[str, int] = ANY) -> Array:
        """Return x as floats. ShapeError unless its axes have the exact and minimum sizes."""
        self.require(x, len(self.sample_axes), len(self.sample_axes) + 1, expected=self.describe_input(exact, minimum))
        x = self.to_floating(x)
        sizes = dict(zip(self.sample_axes, x.shape[-len(self.sample_axes) :], strict=True))
        differs = any(sizes[name] != size for name, size in exact.items())
        if differs or any(sizes[name] < size for name, size in minimum.items()):
            raise self.shape_error(self.describe_input(exact, minimum), x)
        return x

    def describe_input(self, exact: Mapping[str, int], minimum: Mapping[str, int]) -> str:
        """Describe the input that ``require_samples`` accepts."""
        one = ", ".join(str(exact.get(name, name)) for name in self.sample_axes)
        single = f"({one},)" if len(self.sample_axes) == 1 else f"({one})"
        bounds = " and ".join(f"{name} at least {size}" for name, size in minimum.items() if size > 0)
        return f"an input of shape {single} or (N, {one})" + (f" with {bounds}" if bounds else "")

    def require_integer(self, name: str, value: int, minimum: int = 1) -> int:
        """Return a constructor argument. ArgumentError unless it is an integer of at least ``minimum``."""
        if value != int(value) or value < minimum:
            raise self.argument_error(f"expected an integer of at least {minimum} as {name}, got {value}")
        return int(value)
