"""A module with timed passes."""

import time
from collections.abc import Callable

from nntrain.compute.array import Value
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module


class Profile(Decorator):
    """y = m(x); prints the total seconds of every print_interval passes to stdout.

    Shapes:
        as m
    Forward and backward are timed separately, acc_grad_parameters is not. ``name``: default m's class.
    Errors: ArgumentError for a print_interval below 1.
    Source: torch/nn, Profile.lua.
    """

    def __init__(self, module: Module, print_interval: int = 100, name: str | None = None) -> None:
        super().__init__(module)
        if print_interval < 1:
            raise self.argument_error(f"expected a print_interval of at least 1, got {print_interval}")
        self.print_interval = print_interval
        self.name = type(module).__name__ if name is None else name
        self.seconds = {"forward": 0.0, "backward": 0.0}
        self.passes = {"forward": 0, "backward": 0}

    def update_output(self, x: Value) -> Value:
        return self.time_pass("forward", super().update_output, x)

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        return self.time_pass("backward", super().update_grad_input, x, dy)

    def time_pass(self, way: str, function: Callable[..., Value], *values: Value) -> Value:
        """Call ``function`` and add its time to that of its kind of pass; print it after print_interval passes."""
        start = time.perf_counter()
        result = function(*values)
        self.seconds[way] += time.perf_counter() - start
        self.passes[way] += 1
        if self.passes[way] == self.print_interval:
            line = f"{self.name} took {self.seconds[way]:.3f} seconds for {self.print_interval} {way} passes"
            print(line)  # noqa: T201
            self.seconds[way], self.passes[way] = 0.0, 0
        return result
