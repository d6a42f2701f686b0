"""A repr read back: constructor calls of ``nn`` with literals as arguments, without evaluating anything else."""

from __future__ import annotations

import ast
from typing import Any

from nntrain import nn

__all__ = ["read_call"]


def read_call(text: str) -> Any:
    """The component of ``nn.Sequential(modules=[nn.Linear(4, 2)])``. ValueError for anything but such calls."""
    return value_of(ast.parse(text, mode="eval").body)


def value_of(node: ast.expr) -> Any:
    """The value of one argument."""
    if isinstance(node, ast.Call):
        return called(node)
    if isinstance(node, ast.List | ast.Tuple):
        return [value_of(item) for item in node.elts]
    return ast.literal_eval(node)


def called(node: ast.Call) -> Any:
    """The component of one call."""
    name = node.func
    if not (isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name) and name.value.id == "nn"):
        raise ValueError(f"expected a call of nn, got {ast.unparse(node)}")
    keywords = {keyword.arg or "": value_of(keyword.value) for keyword in node.keywords}
    return getattr(nn, name.attr)(*map(value_of, node.args), **keywords)
