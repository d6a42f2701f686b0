"""Bytes that a step of nntrain moves, by component, and the minimum."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.comparison import OURS, Row, Settings
from benchmarks.ensemble.ensemble import Ensemble
from benchmarks.mlp.mlp import MLP
from benchmarks.mlp.systems import module_of
from benchmarks.mlp.training_step import TrainingStep
from benchmarks.table import figure, grid
from nntrain.training.diagnostics.labeled_modules import iterate_labeled_modules
from nntrain.training.traffic.step_traffic import count_second_step
from nntrain.training.traffic.traffic import Traffic
from nntrain.training.traffic.traffic_counter import TrafficCounter

__all__ = ["component_table", "count", "read_profile"]


def count(network: MLP | Ensemble) -> dict[str, Traffic]:
    """Count the bytes of a step of a new network in nntrain."""
    old: TrainingStep = module_of(OURS, network.folder).training_step(network)
    counter = TrafficCounter()
    counter.adopt(old.model)
    counter.adopt(old.criterion)
    w, dw = counter.convert([old.w, old.dw])
    step = TrainingStep(old.optimizer, old.model, old.criterion, w, dw)
    counter.watch_model(step.model)
    counter.watch_criterion(step.criterion)
    counter.watch_optimizer(step.optimizer, w, dw)
    counter.watch_zeroing(step.gradients, dw)
    x, t = counter.convert(list(network.rows()))
    found = count_second_step(counter.log, lambda: step(x, t), w)
    labels = {str(index): name for index, (name, _) in enumerate(iterate_labeled_modules(step.model))}
    return group((labels.get(name, name), kind, traffic) for (name, kind), traffic in found.by_key.items())


def read_profile(path: Path) -> dict[str, Traffic]:
    """Return the bytes in the profile of a run."""
    profile = json.loads(path.read_text(encoding="utf-8"))
    return group(
        (row["name"], kind, Traffic(*(bytes_[name] for name in ("moved", "minimum", "uncached"))))
        for row in [*profile["layers"], *profile["parts"]]
        for kind, bytes_ in iterate_passes(row)
    )


def iterate_passes(row: dict[str, Any]) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the bytes of a row by pass, or those of its calls if it has no passes."""
    passes = {kind: row[kind] for kind in ("forward", "backward") if kind in row} or {"call": row}
    return ((kind, found["bytes_per_step"]) for kind, found in passes.items() if "bytes_per_step" in found)


def group(found: Iterable[tuple[str, str, Traffic]]) -> dict[str, Traffic]:
    """Add the bytes of all modules of one class, by pass; components without bytes are omitted."""
    grouped: defaultdict[str, Traffic] = defaultdict(Traffic)
    for label, kind, traffic in found:
        name = label.rpartition(" > ")[2].partition("(")[0].strip()
        if traffic.moved:
            grouped[name if kind == "call" else f"{name} {kind}"] += traffic
    return dict(grouped)


def component_table(rows: Sequence[Row], settings: Settings) -> Sequence[str]:
    """Format the bytes of all networks together: one step of each, with the components that exceed the minimum most."""
    networks = {row.case.name: row.traffic for row in rows if row.traffic}
    total: defaultdict[str, Traffic] = defaultdict(Traffic)
    for components in networks.values():
        for name, traffic in components.items():
            total[name] += traffic
    if not total:
        return []
    head = ["component, one step of each network", "MB", "minimum, MB", "MB / minimum", "above, MB", "uncached, MB"]
    ordered = sorted(total.items(), key=lambda item: item[1].minimum - item[1].moved)
    return [grid(head, [[name, *format_traffic(traffic)] for name, traffic in ordered])]


def format_traffic(traffic: Traffic) -> list[str]:
    """Format megabytes, the minimum, their ratio, their difference, and the part that misses the cache."""
    above = traffic.moved - traffic.minimum
    moved, minimum, difference, uncached = (
        figure(size / 1e6) for size in (traffic.moved, traffic.minimum, above, traffic.uncached)
    )
    return [moved, minimum, "" if traffic.ratio is None else f"{traffic.ratio:.2f}", difference, uncached]
