"""A placeholder for a Torch7 module without a counterpart."""

from collections.abc import Sequence

from nntrain.compute.array import Value
from nntrain.errors import ModuleError
from nntrain.formatting import escape_line
from nntrain.nn.container import Container
from nntrain.nn.module import Module


class UnknownModule(Container):
    """Prints its Torch7 name and the modules inside; it cannot be run."""

    def __init__(self, name: str, modules: Sequence[Module] | None = None) -> None:
        super().__init__(modules)
        self.name = name

    def update_output(self, x: Value) -> Value:
        raise ModuleError(f"nntrain has no counterpart for {self.name}: it can be shown, but not run")

    def __str__(self) -> str:
        inside = "".join(f"\n  {line}" for module in self.modules for line in str(module).split("\n"))
        return f"{escape_line(self.name)}{f' {{{inside}' + chr(10) + '}' if inside else ''} (unknown)"
