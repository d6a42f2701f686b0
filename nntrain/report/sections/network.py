"""The network as a picture, with shapes and parameters, and the time of its layers."""

import json
from typing import Any

import numpy as np

from nntrain.formatting import format_count, format_duration
from nntrain.nn.batch_axis import forward_batch
from nntrain.nn.freezable import count_frozen_parameters
from nntrain.report.page.blocks import Block, Diagram, Paragraph, Step, Table
from nntrain.report.page.page import PageSection
from nntrain.report.trained_run import TrainedRun
from nntrain.training.diagnostics.layer_summary import LayerSummary, summarize_layers, summarize_outputs
from nntrain.training.diagnostics.network_outline import outline_network
from nntrain.training.trained_network import slice_rows

# Boxes of a picture, rows of the table of times, and rows that show the shapes of outputs.
MAX_STEPS, MAX_TIMES, PROBE_ROWS = 60, 20, 3


def build_network_section(run: TrainedRun) -> PageSection | None:
    """Build the section; None before the first epoch has ended."""
    if run.network is None:
        return None
    layers = summarize(run)
    rows = outline_network(layers)
    steps = [
        Step(
            row.depth,
            row.text,
            [*([row.output] if row.output.strip("-") else []), format_count(row.parameters, "parameter")],
        )
        for row in rows[:MAX_STEPS]
    ]
    frozen = count_frozen_parameters(run.network.model)
    frozen_text = f", and {frozen:,} more are frozen" if frozen else ""
    blocks: list[Block] = [
        Paragraph(
            f"{format_count(layers[0].parameters, 'parameter')} are trained{frozen_text}. The criterion is "
            f"{run.network.criterion.label()}. N is the number of rows of a batch."
        ),
        Diagram(f"The network from its inputs to its outputs: {len(layers)} modules", steps),
    ]
    if len(rows) > MAX_STEPS:
        blocks.append(Paragraph(f"{len(rows) - MAX_STEPS:,} more modules are not shown.", "note"))
    if run.folder.profile.is_file():
        blocks.append(build_time_table(json.loads(run.folder.profile.read_text(encoding="utf-8"))))
    return PageSection("network", "Network", blocks)


def summarize(run: TrainedRun) -> list[LayerSummary]:
    """Summarize the network, with the shapes of outputs if there are rows to run it on."""
    network, rows = run.network, run.rows
    assert network is not None
    if rows is None:
        return summarize_layers(network.model)
    train = rows.splits.train
    model = network.model.clone()
    model.evaluate()

    def forward(count: int) -> None:
        with np.errstate(all="ignore"):
            forward_batch(model, network.cast_floats(slice_rows(train.inputs, 0, count)), count)

    return summarize_outputs(model, forward, min(PROBE_ROWS, train.rows))


def build_time_table(profile: dict[str, Any]) -> Table:
    """Return the time of each layer and of the rest of training, the longest first."""
    parts = sorted([*profile["layers"], *profile["parts"]], key=lambda part: -part["seconds"])[:MAX_TIMES]
    rows = [[part["name"], f"{100 * part['share']:.1f}", format_duration(part["seconds"])] for part in parts]
    return Table(["component", "%", "time"], rows, caption="Time of training by component")
