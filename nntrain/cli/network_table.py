"""A network as a table of its modules, in which repeated modules are printed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nntrain.cli.tables import format_first_rows

if TYPE_CHECKING:
    from nntrain.training.diagnostics.layer_summary import LayerSummary

# Maximum number of modules that repeat together, and minimum number of lines that are saved by not printing them again.
MAX_PERIOD, MIN_SAVED = 8, 3


@dataclass(frozen=True)
class Node:
    """A module with those inside. Nodes with the same ``kind`` are printed alike, except for their paths."""

    layer: LayerSummary
    children: tuple[Node, ...]
    kind: int
    size: int


def format_network_table(layers: Sequence[LayerSummary], show_all: bool = False, option: str = "--all") -> str:
    """The modules as a tree with parameters, and with shapes of outputs if they are known.

    Unless ``show_all``, modules that repeat are printed once, and only the first rows; ``option`` prints all.
    """
    shown = [format_row(layer) for layer in layers] if show_all else list(iterate_rows(build_nodes(layers)))
    rows = [["network", "output", "parameters"], *shown]
    if not any(layer.output for layer in layers):
        rows = [[row[0], row[2]] for row in rows]
    return format_first_rows(rows, "layers", show_all, option)


def format_row(layer: LayerSummary) -> list[str]:
    """The cells of a module."""
    text = f"{layer.place} {layer.module}" if layer.place else layer.module
    return [f"{'  ' * layer.depth}{text}", layer.output, f"{layer.parameters:,}"]


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


def iterate_rows(nodes: Sequence[Node]) -> Iterator[list[str]]:
    """The rows of modules and those inside, with one row for all repetitions of some of them."""
    index = 0
    while index < len(nodes):
        period, times, saved = find_repetition(nodes, index)
        # The last start that saves as much: a first layer often differs from later ones in its sizes only.
        if times > 1 and find_repetition(nodes, index + 1)[2] >= saved:
            period, times = 1, 1
        for node in nodes[index : index + period]:
            yield format_row(node.layer)
            yield from iterate_rows(node.children)
        if times > 1:
            yield format_repetition(nodes[index : index + period], nodes[index + period : index + period * times])
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


def format_repetition(first: Sequence[Node], again: Sequence[Node]) -> list[str]:
    """The cells of modules ``again`` that repeat the ``first``."""
    text = f"{format_range(again)} same as {format_range(first)}"
    return [f"{'  ' * first[0].layer.depth}{text}", "", f"{sum(node.layer.parameters for node in again):,}"]


def format_range(nodes: Sequence[Node]) -> str:
    """The paths of the first and the last module."""
    first, last = nodes[0].layer.place, nodes[-1].layer.place
    return first if first == last else f"{first} to {last}"
