"""Count the bytes of a training step, component by component."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from nntrain.compute.array import Array, Value
from nntrain.nn.component import iterate_attributes, replace_arrays
from nntrain.nn.criterion import Criterion
from nntrain.nn.lazy_zero_grad import LazyZeroGrad
from nntrain.nn.module import Module
from nntrain.optim import Optimizer
from nntrain.training.diagnostics.labeled_modules import PASSES, iterate_labeled_modules
from nntrain.training.traffic.operation_spans import iterate_arrays
from nntrain.training.traffic.traffic_array import TrafficArray
from nntrain.training.traffic.traffic_log import Key, PassArrays, TrafficLog

# The owner of a method and its arguments → the arrays that the call receives and returns, without its result.
Describe = Callable[[Any, tuple[Any, ...]], PassArrays]


class CountedMethod:
    """A replacement of a method that makes each call a pass of a log.

    A deep copy of the component whose attribute it is counts the copy's own method.
    """

    def __init__(self, log: TrafficLog, key: Key, method: Callable[..., Any], describe: Describe) -> None:
        self.log = log
        self.key = key
        self.method = method
        self.describe = describe

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.log.is_running(self.key):
            return self.method(*args, **kwargs)
        arrays = self.describe(getattr(self.method, "__self__", None), args)
        self.log.start(self.key)
        result = None
        try:
            result = self.method(*args, **kwargs)
        finally:
            arrays.outputs.extend(iterate_arrays(result))
            self.log.end(arrays)
        return result

    def __deepcopy__(self, memo: dict[int, Any]) -> CountedMethod:
        return CountedMethod(self.log, self.key, copy.deepcopy(self.method, memo), self.describe)


class TrafficCounter:
    """Makes the components of a step count their bytes in ``log``. They cannot be used for anything else afterwards.

    Keys of the log are the name of a component, or the number of a module in ``iterate_labeled_modules``, and the pass.
    """

    def __init__(self) -> None:
        self.log = TrafficLog()
        # By the id of the original, which is kept alive so that its id stays unique.
        self._arrays: dict[int, tuple[Array, TrafficArray]] = {}
        self._seen: set[int] = set()

    def adopt(self, component: Module | Criterion) -> None:
        """Free the buffers of a component and convert its arrays: their operations count from now on."""
        component.clear_state()
        self.convert_attributes(component)

    def watch_model(self, model: Module) -> None:
        """Count the passes of every module."""
        for index, (_, module) in enumerate(iterate_labeled_modules(model)):
            self._watch_passes(module, str(index), describe_forward, describe_backward)

    def watch_criterion(self, criterion: Criterion) -> None:
        """Count the passes of a criterion."""
        self._watch_passes(criterion, "criterion", describe_criterion, describe_criterion)

    def watch_optimizer(self, optimizer: Optimizer, w: Array, dw: Array) -> None:
        """Convert the arrays of an optimizer, and count ``advance``, without the objective inside it."""
        optimizer._buffers.clear()
        self.convert_attributes(optimizer)

        def describe(owner: Optimizer, args: tuple[Any, ...]) -> PassArrays:
            states = list(iterate_arrays([getattr(owner, name) for name in owner.state_names]))
            factors = list(iterate_arrays([owner.learning_rates, owner.weight_decays]))
            return PassArrays(inputs=[w, dw, *states, *factors], outputs=[w, *states])

        self.watch(optimizer, "optimizer", ("advance",), describe)

    def watch_zeroing(self, gradients: LazyZeroGrad, dw: Array) -> None:
        """Count the gradients that are set to 0."""
        self.watch(gradients, "zeroing", ("zero_grad", "zero_unset"), lambda *_: PassArrays(outputs=[dw]))

    def watch(self, owner: Any, name: str, methods: tuple[str, ...], describe: Describe, kind: str = "call") -> None:
        """Count calls of methods; one inside another is part of it."""
        for method in methods:
            if hasattr(owner, method):
                setattr(owner, method, CountedMethod(self.log, (name, kind), getattr(owner, method), describe))

    def convert(self, value: Value) -> Value:
        """Return an array, or the arrays inside lists and dicts, as TrafficArrays of the same memory."""
        return replace_arrays(value, self._convert_array, self.convert_attributes)

    def convert_attributes(self, owner: Any) -> None:
        """Convert all arrays of an object, and of the components inside it."""
        if id(owner) not in self._seen:
            self._seen.add(id(owner))
            for name, value in iterate_attributes(owner):
                setattr(owner, name, self.convert(value))

    def _convert_array(self, array: Array) -> Array:
        if id(array) not in self._arrays:
            self._arrays[id(array)] = array, array.view(TrafficArray)
        return self._arrays[id(array)][1]

    def _watch_passes(self, owner: Any, name: str, forward: Describe, backward: Describe) -> None:
        for kind, describe in (("forward", forward), ("backward", backward)):
            self.watch(owner, name, PASSES[kind], describe, kind)


def describe_arguments(owner: Any, args: tuple[Any, ...]) -> PassArrays:
    """The arrays among the arguments are inputs."""
    return PassArrays(inputs=list(iterate_arrays(args)))


def describe_forward(module: Module, args: tuple[Any, ...]) -> PassArrays:
    """Inputs are x and the parameters."""
    return PassArrays(inputs=[*iterate_arrays(args), *module.get_own_parameters()[0]])


def describe_backward(module: Module, args: tuple[Any, ...]) -> PassArrays:
    """Inputs are dy, x or y, the parameters, and the gradients, except those that are unset: they are outputs only."""
    x, dy = args[:2]
    parameters, gradients = module.get_own_parameters()
    unset = {id(getattr(module, f"grad_{name}")) for name in module.unset_gradients}
    return PassArrays(
        inputs=[*iterate_arrays(dy), *parameters, *(gradient for gradient in gradients if id(gradient) not in unset)],
        outputs=list(gradients),
        source=list(iterate_arrays(x)),
        result=list(iterate_arrays(module.output)),
    )


def describe_criterion(criterion: Criterion, args: tuple[Any, ...]) -> PassArrays:
    """Inputs are x, the targets and the row weights."""
    return describe_arguments(criterion, (*args, criterion.row_weights))
