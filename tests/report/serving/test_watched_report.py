"""The page is rendered when the files of the run have changed; an error keeps the last one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nntrain.errors import RunError
from nntrain.report.serving.served_page import ServedPage
from nntrain.report.serving.watched_report import MIN_REFRESH, WatchedReport


class Run:
    """A run folder, of which ``render`` is replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rendered = 0
        self.error: Exception | None = None
        self.complete = False
        self.warnings: list[str] = []
        self.report = WatchedReport(folder, self.warnings.append, self.render, lambda path: self.complete)

    def render(self, path: Path) -> str:
        assert path == self.folder
        if self.error is not None:
            raise self.error
        self.rendered += 1
        return f"page {self.rendered}"

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


@pytest.mark.parametrize(
    "name", ["metrics.jsonl", "scores.json", "config.toml", "fold-2/metrics.jsonl", "refit/scores.json", "folds.json"]
)
def test_a_page_is_rendered_once_for_each_state_of_the_files(name: str, run: Run) -> None:
    run.write(name, "1")
    assert [run.report.get_page() for _ in range(3)] == [ServedPage("page 1", MIN_REFRESH)] * 3
    run.write(name, "1, 2")
    assert [run.report.get_page().html for _ in range(3)] == ["page 2"] * 3
    os.utime(run.folder / name, ns=(0, 0))
    assert run.report.get_page().html == "page 3"
    (run.folder / name).unlink()
    assert run.report.get_page().html == "page 4"


def test_a_complete_run_is_not_refreshed(run: Run) -> None:
    assert run.report.get_page().refresh == MIN_REFRESH
    run.complete = True
    run.write("scores.json", "{}")
    assert run.report.get_page() == ServedPage("page 2", None)


def test_a_page_that_takes_long_is_refreshed_rarely(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((100.0, 102.25))
    monkeypatch.setattr("nntrain.report.serving.watched_report.monotonic", lambda: next(times))
    assert run.report.get_page().refresh == 23


@pytest.mark.parametrize("error", [RunError("metrics.jsonl: corrupt"), OSError(28, "disk"), ValueError("<b>\x1b[31m")])
def test_an_error_is_one_line_on_the_page_and_the_next_request_tries_again(error: Exception, run: Run) -> None:
    run.error = error
    page = run.report.get_page()
    assert page.refresh == MIN_REFRESH
    assert "the report cannot be rendered: " in page.html
    assert "Traceback" not in page.html
    assert "<b>" not in page.html
    assert "\x1b" not in page.html
    assert "\n" not in page.html
    run.error = None
    assert run.report.get_page().html == "page 1"
    assert run.warnings == []


def test_an_error_keeps_the_last_page_and_is_a_warning_once(run: Run) -> None:
    first = run.report.get_page()
    run.error = RunError("half a file")
    run.write("metrics.jsonl", "1")
    assert [run.report.get_page() for _ in range(3)] == [first] * 3
    assert run.warnings == [f"{run.folder}: the report cannot be rendered: half a file"]
    run.error = None
    assert run.report.get_page().html == "page 2"


def test_an_error_without_a_message_has_its_name(run: Run) -> None:
    run.error = AssertionError()
    assert run.report.get_page().html.endswith("the report cannot be rendered: AssertionError</p></html>")
