"""Criterions that convert the outputs of a network before they are read."""

from typing import Any

from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedValue, get_names


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
    "ClassSimplexCriterion": lambda g, m, x, y: g.op("MatMul", x.name, m.simplex.T),
    "ModuleCriterion": module_criterion,
    "MultiCriterion": multi_criterion,
}
