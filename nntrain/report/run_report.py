"""The report of a run: ``report.html`` in its folder."""

from collections.abc import Callable
from pathlib import Path

from nntrain.compute.threads import configure_compute
from nntrain.files.atomic_write import write_atomically
from nntrain.report.folds_report import build_folds_report
from nntrain.report.page.page import Page, PageSection
from nntrain.report.page.rendering import render_page
from nntrain.report.plots.drawing import to_png
from nntrain.report.sections.classes import build_classes_section
from nntrain.report.sections.columns import build_columns_section
from nntrain.report.sections.curves import build_curves_section
from nntrain.report.sections.explanation import build_explanation_section
from nntrain.report.sections.labels import build_labels_section
from nntrain.report.sections.network import build_network_section
from nntrain.report.sections.numbers import build_numbers_section
from nntrain.report.sections.overview import build_overview_section
from nntrain.report.sections.settings import build_settings_section
from nntrain.report.trained_run import TrainedRun
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.run_folder.run_folder import RunFolder, write_text

# The sections in their order; each is omitted where a run does not have it.
SECTION_BUILDERS: tuple[Callable[[TrainedRun], PageSection | None], ...] = (
    build_overview_section,
    build_classes_section,
    build_labels_section,
    build_numbers_section,
    build_explanation_section,
    build_columns_section,
    build_curves_section,
    build_network_section,
    build_settings_section,
)


def write_report(path: Path, png: Path | None = None) -> Path:
    """Write the report of a run or a cross-validation to its folder, and return its path.

    ``png``: the folder for its plots as PNG files; None: none. RunError if the folder has no run.
    """
    folder = RunFolder(path)
    with configure_compute():
        page = build_any_report(path)
    write_text(folder.report, render_page(page))
    if png is not None:
        write_plots(page, png)
    return folder.report


def write_plots(page: Page, folder: Path) -> None:
    """Write the plots of a page as PNG files."""
    folder.mkdir(parents=True, exist_ok=True)
    for plot in page.iterate_plots():
        with write_atomically(folder / f"{plot.name}.png") as temporary:
            temporary.write_bytes(to_png(plot.figure))


def build_any_report(path: Path, *, with_rows: bool = True) -> Page:
    """Build the page of a run or a cross-validation. ``with_rows``: with the parts about predictions and columns."""
    folds = FoldsFolder(path)
    return build_folds_report(folds) if folds.is_started else build_report(TrainedRun.load(path, with_rows=with_rows))


def build_report(run: TrainedRun) -> Page:
    """Build the page of a run."""
    target = run.network.preprocessor.target.name if run.network is not None else run.config.data.target
    sections = [section for section in (build(run) for build in SECTION_BUILDERS) if section is not None]
    return Page(f"{run.folder.path.name}", f"{target} from {run.config.data.path}", sections)
