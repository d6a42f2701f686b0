"""L = criterion(input_module(x), target_module(t))."""

import warnings
from typing import Any

from nntrain.compute.array import Value, is_array
from nntrain.nn.batch_axis import forward_batch
from nntrain.nn.component import TensorCache
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.nn.output_form import OutputForm


class ModuleCriterion(Criterion):
    """L = criterion(input_module(x), target_module(t));  dx = input_module.backward(x, dx of the criterion).

    Shapes:
        x and t as the modules take them; without a module x or t goes to the criterion as it is
    With cast_target False, type() does not convert target_module. The target has no gradient.
    Warns if input_module has parameters: they get gradients, but no optimizer updates them.
    Source: torch/nn, ModuleCriterion.lua.
    """

    def __init__(
        self,
        criterion: Criterion,
        input_module: Module | None = None,
        target_module: Module | None = None,
        cast_target: bool = True,
    ) -> None:
        self.criterion = criterion
        self.input_module = input_module
        self.target_module = target_module
        self.cast_target = cast_target
        if input_module is not None and input_module.parameters()[0]:
            message = f"the parameters of {input_module.label()} are not trained; move it into the network"
            warnings.warn(f"ModuleCriterion: {message}", stacklevel=2)

    def update_output(self, x: Value, t: Value) -> float:
        y = x if self.input_module is None else self.input_module.forward(x)
        self.output = self.criterion.forward(y, t if self.target_module is None else self.target_module.forward(t))
        return self.output

    def update_grad_input(self, x: Value, t: Value) -> Value:
        target = t if self.target_module is None else self.target_module.output
        if self.input_module is None:
            self.grad_input = self.criterion.backward(x, target)
        else:
            dy = self.criterion.backward(self.input_module.output, target)
            self.grad_input = self.input_module.backward(x, dy)
        return self.grad_input

    @property
    def output_form(self) -> OutputForm:  # type: ignore[override]
        """The form of the criterion, which gets the output of input_module."""
        return self.criterion.output_form

    @property
    def is_pointwise(self) -> bool:  # type: ignore[override]
        """Whether the criterion is pointwise."""
        return self.criterion.is_pointwise

    @property
    def keeps_targets(self) -> bool:  # type: ignore[override]
        """Whether there is no target_module and the criterion keeps targets."""
        return self.target_module is None and self.criterion.keeps_targets

    def to_output_form(self, x: Value) -> Value:
        """Convert input_module(x), computed by a clone in evaluation mode, as the criterion does."""
        if self.input_module is None:
            return self.criterion.to_output_form(x)
        reader = self.input_module.clone()
        reader.evaluate()
        return self.criterion.to_output_form(forward_batch(reader, x, len(x) if is_array(x) else 0))

    def type(self, name: Any = None, tensor_cache: TensorCache | None = None) -> Any:
        """Convert as every component does, but not target_module unless cast_target."""
        kept = self.target_module
        if not self.cast_target:
            self.target_module = None
        try:
            return super().type(name, tensor_cache)
        finally:
            self.target_module = kept

    def clear_state(self) -> Criterion:
        for inner in (self.input_module, self.target_module, self.criterion):
            if inner is not None:
                inner.clear_state()
        return super().clear_state()
