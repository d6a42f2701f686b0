"""The page that compares runs."""

from collections.abc import Mapping
from typing import Any

from nntrain.report.comparison_text import build_config_table, build_row_table, build_score_table, iterate_verdict
from nntrain.report.page.blocks import Block, Gallery, Paragraph, Plot
from nntrain.report.page.page import Page, PageSection
from nntrain.report.plots.comparison_plots import plot_run_curves
from nntrain.report.run_comparison import RunComparison
from nntrain.training.metrics.score_rows import select_scalars

# Scores with curves.
MAX_CURVES = 4


def build_comparison_report(comparison: RunComparison) -> Page:
    """Build the page."""
    verdict: list[Block] = [
        *(Paragraph(text, "lead" if comparison.pairs else "warning") for text in iterate_verdict(comparison)),
        *(Paragraph(text, "warning") for text in comparison.warnings),
    ]
    sections = [PageSection("scores", "Scores", [*verdict, build_score_table(comparison)])]
    if comparison.pairs:
        tables = [build_row_table(comparison, pair) for pair in comparison.pairs]
        sections.append(PageSection("rows", "Where they disagree", tables))
    sections.append(build_curves(comparison))
    if comparison.config:
        sections.append(PageSection("config", "Config differences", [build_config_table(comparison)]))
    title = f"Comparison of {len(comparison.names)} runs"
    return Page(title, ", ".join(comparison.names), sections)


def build_curves(comparison: RunComparison) -> PageSection:
    """Build the section with the validation curves of all runs; averages and cross-validations have none."""
    histories = {name: run.history for name, run in zip(comparison.names, comparison.runs, strict=True) if run.history}
    first: Mapping[str, Any] = next((history[0] for history in histories.values()), {"train": {}})
    keys = list(select_scalars(first.get("validation", first["train"])))
    plots = []
    for key in keys[:MAX_CURVES]:
        curves = {
            name: [line.get("validation", line["train"]).get(key) for line in history]
            for name, history in histories.items()
        }
        text = f"{key} on the validation rows over epochs"
        plots.append(Plot(f"curves-{key}", text, f"{text} of {len(curves)} runs.", plot_run_curves(curves, key)))
    return PageSection("curves", "Training", [Gallery(plots)])
