"""The mapping between a class and its Torch7 class. Public: plugins register theirs by ``nntrain_torch7_mappings``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nntrain.exchange.torch7_argument import Converter, Torch7Argument

TorchFields = Mapping[Any, Any]
"""The fields of Torch's object: numbers are floats, tensors are arrays, tables are dicts."""


@dataclass(frozen=True)
class Torch7Mapping:
    """Torch's class for a module or criterion, and the fields of its arguments and arrays.

    ``torch``: Torch's class with its package, such as "my.Swish"; default package: nn. ``arguments``: the arguments
    with a field. ``arrays``: the attributes for parameters, gradients and buffers, and Torch's fields for them. Both
    work in both directions.

    For other cases: ``derived`` computes arguments from other fields, such as the sizes of weights; ``extra`` returns
    the fields of Torch's class that are not arguments. Float tensors get the type of the component, unless it
    ``keeps_types``. ``places`` finds the arrays in inner modules, which ``extra`` then creates. ``tables``: whether
    output and input gradient are tables. ``updated`` converts the fields of an older version. ``finished`` is called
    with the built component once its arrays are set. ``head``: the values before the fields in a file.

    ``instead``: for a class without a counterpart in Torch, a function that returns an equivalent module of classes
    that Torch has. That module is written, with shared parameters; reading the file returns it.
    """

    torch: str = ""
    arguments: tuple[Torch7Argument, ...] = ()
    derived: Callable[[TorchFields], dict[str, Any]] = lambda fields: {}
    extra: Callable[[Any, Converter], dict[str, Any]] = lambda component, go: {}
    arrays: Mapping[str, str] = field(default_factory=dict)
    places: Callable[[TorchFields], TorchFields] | None = None
    tables: tuple[bool, bool] = (False, False)
    version: int = 1
    updated: Callable[[TorchFields, int], TorchFields] = lambda fields, version: fields
    finished: Callable[[Any, TorchFields, Converter], None] = lambda component, fields, go: None
    head: Callable[[Any], Any] = lambda component: None
    keeps_types: Callable[[Any], bool] = lambda component: False
    instead: Callable[[Any], Any] | None = None

    @property
    def torch_class(self) -> str:
        """Torch's class with its package."""
        return self.torch if "." in self.torch else f"nn.{self.torch}"
