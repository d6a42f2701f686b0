"""The report of a run: ``report.html`` in its folder."""

from pathlib import Path

from nntrain.files.atomic_write import write_atomically
from nntrain.report.page.page import Page, PageSection
from nntrain.report.page.rendering import render_page
from nntrain.report.plots.drawing import to_png
from nntrain.report.sections.curves import build_curves_section
from nntrain.report.sections.settings import build_settings_section
from nntrain.report.trained_run import TrainedRun
from nntrain.training.run_folder.run_folder import RunFolder, write_text


def write_report(path: Path, png: Path | None = None) -> Path:
    """Write the report of a run to its folder, and return its path; its plots also to the folder ``png``.

    RunError if there is no run.
    """
    folder, page = RunFolder(path), build_report(TrainedRun.load(path))
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


def build_report(run: TrainedRun) -> Page:
    """Build the page of a run."""
    target = run.network.preprocessor.target.name if run.network is not None else run.config.data.target
    found = [build_curves_section(run), build_settings_section(run)]
    sections: list[PageSection] = [section for section in found if section is not None]
    return Page(f"{run.folder.path.name}", f"{target} from {run.config.data.path}", sections)
