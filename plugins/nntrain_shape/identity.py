"""y = x."""

from nntrain.nn import Module, Value


class Identity(Module):
    """y = x;  dx = dy: the same objects.

    Shapes:
        any array or (nested) list of arrays
    Source: torch/nn, Identity.lua.
    """

    passes_memory = True

    def update_output(self, x: Value) -> Value:
        self.output = x
        return x

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        self.grad_input = dy
        return dy
