"""The report of a run that is rendered again when its files change."""

import math
from collections.abc import Callable
from html import escape
from pathlib import Path
from time import monotonic

from nntrain.formatting import escape_line, shorten
from nntrain.report.serving.live_report import FileStates, find_file_states, is_complete, render_live_report
from nntrain.report.serving.served_page import ServedPage

# Minimum seconds until a browser loads the page again, and the minimum ratio of that time to the time of rendering.
MIN_REFRESH, REFRESH_RATIO = 5, 10


class WatchedReport:
    """The newest page of a run that can be rendered.

    ``warn`` gets each error once that is not on the page because it has an earlier state of the run. ``render`` and
    ``check`` return the HTML of a run, and whether the run is complete.
    """

    def __init__(
        self,
        path: Path,
        warn: Callable[[str], object],
        render: Callable[[Path], str] = render_live_report,
        check: Callable[[Path], bool] = is_complete,
    ) -> None:
        self.path = path
        self.warn = warn
        self.render = render
        self.check = check
        self.states: FileStates | None = None
        self.page: ServedPage | None = None
        self.warnings: set[str] = set()

    def get_page(self) -> ServedPage:
        """Return the page of the current files; if it cannot be rendered, the last one, or a line with the reason."""
        states = find_file_states(self.path)
        if self.page is None or states != self.states:
            start = monotonic()
            try:
                # Before rendering: a run that ends meanwhile is rendered again.
                complete = self.check(self.path)
                html = self.render(self.path)
            except Exception as error:
                # A file that is being written, or a bug: the browser asks again.
                return self.keep_page(
                    f"{self.path}: the report cannot be rendered: {str(error) or type(error).__name__}"
                )
            refresh = max(MIN_REFRESH, math.ceil(REFRESH_RATIO * (monotonic() - start)))
            self.page, self.states = ServedPage(html, None if complete else refresh), states
        return self.page

    def keep_page(self, reason: str) -> ServedPage:
        """Return the last page, or one with the reason why there is none."""
        line = shorten(escape_line(reason))
        if self.page is None:
            text = f'<!doctype html><html lang="en"><title>nntrain</title><p>{escape(line)}</p></html>'
            return ServedPage(text, MIN_REFRESH)
        if line not in self.warnings:
            self.warnings.add(line)
            self.warn(line)
        return self.page
