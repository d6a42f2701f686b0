"""A network as the rows of a tree of its modules, in which repeated modules occur once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nntrain.training.diagnostics.layer_summary import LayerSummary

# Maximum number of modules that repeat together, and minimum number of rows that are saved by not repeating them.
MAX_PERIOD, MIN_SAVED = 8, 3


@dataclass(frozen=True)
class OutlineRow:
    """A module, or ones that repeat, nested in ``depth`` containers; ``output``: the shape of its output, if known."""

    depth: int
    text: str
    output: str
    parameters: int


@dataclass(frozen=True)
class Node:
    """A module with those inside. Nodes with the same ``kind`` differ only in their paths."""

    layer: LayerSummary
    children: tuple[Node, ...]
    kind: int
    size: int


def outline_network(layers: Sequence[LayerSummary], show_all: bool = False) -> list[OutlineRow]:
    """Return the rows of a network in preorder; modules that repeat occur once unless ``show_all``."""
    return list(map(build_row, layers)) if show_all else list(iterate_rows(build_nodes(layers)))


def build_row(layer: LayerSummary) -> OutlineRow:
    """Return the row of a module."""
    text = f"{layer.place} {layer.module}" if layer.place else layer.module
    return OutlineRow(layer.depth, text, layer.output, layer.parameters)


def build_nodes(layers: Sequence[LayerSummary]) -> list[Node]:
    """The trees of modules in preorder."""
    kinds: dict[object, int] = {}
    # The finished nodes of each depth, from the last module to the first.
    levels: dict[int, list[Node]] = {}
    for layer in reversed(layers):
        children = tuple(reversed(levels.pop(layer.depth + 1, [])))
        look = (layer.module, layer.output, layer.parameters, tuple(child.kind for child in children))
        node = Node(layer, children, kinds.setdefault(look, len(kinds)), 1 + sum(child.size for child in children))
        levels.setdefault(layer.depth, []).append(node)
    return list(reversed(levels.get(0, [])))


def iterate_rows(nodes: Sequence[Node]) -> Iterator[OutlineRow]:
    """The rows of modules and those inside, with one row for all repetitions of some of them."""
    index = 0
    while index < len(nodes):
        period, times, saved = find_repetition(nodes, index)
        # The last start that saves as much: a first layer often differs from later ones in its sizes only.
        if times > 1 and find_repetition(nodes, index + 1)[2] >= saved:
            period, times = 1, 1
        for node in nodes[index : index + period]:
            yield build_row(node.layer)
            yield from iterate_rows(node.children)
        if times > 1:
            yield build_repetition(nodes[index : index + period], nodes[index + period : index + period * times])
        index += period * times


def find_repetition(nodes: Sequence[Node], index: int) -> tuple[int, int, int]:
    """The number of modules from ``index`` on that repeat, how many times they occur, and the lines that this saves.

    (1, 1, 0) if it saves few.
    """
    best = (1, 1, 0)
    for period in range(1, MAX_PERIOD + 1):
        first = [node.kind for node in nodes[index : index + period]]
        times = 1
        while first and [node.kind for node in nodes[index + times * period : index + (times + 1) * period]] == first:
            times += 1
        saved = (times - 1) * sum(node.size for node in nodes[index : index + period])
        if saved >= MIN_SAVED and saved > best[2]:
            best = (period, times, saved)
    return best


def build_repetition(first: Sequence[Node], again: Sequence[Node]) -> OutlineRow:
    """Return the row of modules ``again`` that repeat the ``first``."""
    text = f"{format_range(again)} same as {format_range(first)}"
    return OutlineRow(first[0].layer.depth, text, "", sum(node.layer.parameters for node in again))


def format_range(nodes: Sequence[Node]) -> str:
    """The paths of the first and the last module."""
    first, last = nodes[0].layer.place, nodes[-1].layer.place
    return first if first == last else f"{first} to {last}"
