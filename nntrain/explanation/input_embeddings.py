"""The modules at the start of a network that embed the codes of categories and the words of texts."""

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.errors import ModuleError
from nntrain.nn.containers.parallel_table import ParallelTable
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module


def open_embeddings(model: Module, sample: list[Array]) -> dict[int, Module]:
    """Replace the modules that take codes or words by Identity, and return them by the index of their input.

    ``sample``: some inputs. ModuleError unless the modules are in a ParallelTable at the start of the network, and
    return an array each.
    """
    first = model
    while isinstance(first, Sequential) and first.modules:
        first = first.modules[0]
    needed = [k for k, array in enumerate(sample) if array.dtype.kind in "iu" or array.ndim > 2]
    if not isinstance(first, ParallelTable):
        raise ModuleError(
            f"{model.label()}: expected a ParallelTable as the first module, which embeds categories and texts, to "
            f"explain predictions; got {first.label()}; only permutation importance is available"
        )
    found = {k: first.modules[k] for k in needed}
    for k, module in found.items():
        if isinstance(module.forward(sample[k][:2]), list):
            raise ModuleError(
                f"{module.label()}: expected one array for a category or a text, to explain predictions; got a list of "
                "arrays; only permutation importance is available"
            )
        first.modules[k] = nn.Identity()
        first.modules[k].evaluate()
    return found
