"""What criterions read in the outputs of a network, where it is not the outputs themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nntrain_onnx.wire import Flow, Wire, names
from nntrain_onnx.writers.writer import Writer

if TYPE_CHECKING:
    from nntrain_onnx.module_graph import ModuleGraph

__all__ = ["WRITERS"]


def class_simplex_criterion(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("MatMul", x.name, m.simplex.T)


def module_criterion(g: ModuleGraph, m: Any, x: Flow, y: Flow) -> Any:
    if m.input_module is not None:
        module = m.input_module.clone()
        module.evaluate()
        x = g.network(module, x)
    return names(g.readout(m.criterion, x))


def multi_criterion(g: ModuleGraph, m: Any, x: Flow, y: Flow) -> Any:
    reader = m.find_reader()
    return names(x if reader is None else g.readout(reader, x))


WRITERS: dict[str, Writer] = {
    "ClassSimplexCriterion": class_simplex_criterion,
    "ModuleCriterion": module_criterion,
    "MultiCriterion": multi_criterion,
}
