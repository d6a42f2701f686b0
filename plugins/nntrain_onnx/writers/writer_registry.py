"""The writers of all plugins, and the search for that of a class."""

from collections.abc import Callable, Iterator
from inspect import isfunction
from typing import Any, cast

from nntrain.errors import CheckpointError
from nntrain.hooks.hook_answers import HookAnswers
from nntrain.hooks.registry import get_registry
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain_onnx.traced_array import OnnxWriter

HOOK = "nntrain_onnx_writers"

# The type of an answer.
WRITER_TYPE = cast(type[OnnxWriter], Callable)

# Names that a subclass may override without a change of its outputs in evaluation mode, or of the criterion's reading.
OVERRIDABLE = {"__init__", "__repr__", "__str__", "clear_state", "double", "float", "label", "type"}
OVERRIDABLE_IN_MODULES = OVERRIDABLE | {
    "acc_grad_parameters",
    "acc_update_grad_parameters",
    "backward",
    "backward_update",
    "has_fan_init",
    "get_child_input",
    "gradient",
    "inferred",
    "mutable_arguments",
    "output_form",
    "parameter_names",
    "reset",
    "sized_by_target",
    "derivative",
    "gradients",
    "skip_grad_input",
    "update_grad_input",
    "update_parameters",
    "zero_grad_parameters",
}
OVERRIDABLE_IN_CRITERIONS = OVERRIDABLE | {
    "backward",
    "forward",
    "sum_weights",
    "mutable_arguments",
    "output_form",
    "align_target",
    "is_pointwise",
    "derivative",
    "update_grad_input",
    "update_output",
    "value",
    "apply_class_weights",
    "set_row_weights",
    "has_row_weights",
}


class WriterRegistry:
    """The writers of all installed plugins, by class."""

    def __init__(self) -> None:
        self.claims: HookAnswers[OnnxWriter] = HookAnswers(get_registry(), HOOK, (Module, Criterion), WRITER_TYPE)

    def find(self, cls: type[Any]) -> OnnxWriter:
        """Return the writer of a class, or of its nearest base with a writer.

        CheckpointError if there is none, or if the class overrides something of the base that outputs depend on;
        PluginError if two plugins provide one.
        """
        for index, base in enumerate(cls.__mro__):
            writer = self.claims.find(base)
            if writer is not None:
                for name in find_overrides(cls, index):
                    raise CheckpointError(f"{cls.__name__}, which overrides {name} of {base.__name__}")
                return writer
        raise CheckpointError(cls.__name__)


def find_overrides(cls: type[Any], index: int) -> Iterator[str]:
    """Yield the names overridden by a class or its bases before ``index`` in the MRO that outputs may depend on."""
    free = OVERRIDABLE_IN_CRITERIONS if issubclass(cls, Criterion) else OVERRIDABLE_IN_MODULES
    for name in (name for inner in cls.__mro__[:index] for name in vars(inner)):
        set_by_python = name == "_abc_impl" or (name.startswith("__") and not isfunction(getattr(cls, name, None)))
        if name not in free and not set_by_python and hasattr(cls.__mro__[index], name):
            yield name
