"""A network as a table of its modules, in which repeated modules are printed once."""

from collections.abc import Sequence

from nntrain.cli.tables import format_first_rows
from nntrain.training.diagnostics.layer_summary import LayerSummary
from nntrain.training.diagnostics.network_outline import outline_network


def format_network_table(layers: Sequence[LayerSummary], show_all: bool = False, option: str = "--all") -> str:
    """The modules as a tree with parameters, and with shapes of outputs if they are known.

    Unless ``show_all``, modules that repeat are printed once, and only the first rows; ``option`` prints all.
    """
    rows = [
        [f"{'  ' * row.depth}{row.text}", row.output, f"{row.parameters:,}"]
        for row in outline_network(layers, show_all)
    ]
    rows = [["network", "output", "parameters"], *rows]
    if not any(layer.output for layer in layers):
        rows = [[row[0], row[2]] for row in rows]
    return format_first_rows(rows, "layers", show_all, option)
