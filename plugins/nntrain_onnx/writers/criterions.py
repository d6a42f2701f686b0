"""What criterions read in the outputs of a network, where it is not the outputs themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nntrain_onnx.traced_array import OnnxWriter, TracedArray, TracedValue, get_names

if TYPE_CHECKING:
    from nntrain_onnx.module_graph import ModuleGraph

__all__ = ["WRITERS"]


def class_simplex_criterion(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.op("MatMul", x.name, m.simplex.T)


def module_criterion(g: ModuleGraph, m: Any, x: TracedValue, y: TracedValue) -> Any:
    if m.input_module is not None:
        module = m.input_module.clone()
        module.evaluate()
        x = g.add_network(module, x)
    return get_names(g.add_readout(m.criterion, x))


def multi_criterion(g: ModuleGraph, m: Any, x: TracedValue, y: TracedValue) -> Any:
    reader = m.find_reader()
    return get_names(x if reader is None else g.add_readout(reader, x))


WRITERS: dict[str, OnnxWriter] = {
    "ClassSimplexCriterion": class_simplex_criterion,
    "ModuleCriterion": module_criterion,
    "MultiCriterion": multi_criterion,
}
