"""The bar with the scores and the plot of losses below it, on a terminal that may change its size."""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nntrain.cli import live_bar
from nntrain.cli.live_bar import LiveBar
from nntrain.cli.progress_bar import ProgressBar, can_plot
from tests.cli.screen import Screen


class Stream(io.StringIO):
    """A terminal, and each piece that is written to it."""

    encoding = "utf-8"

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.monkeypatch = monkeypatch
        self.pieces: list[str] = []

    def connect(self) -> None:
        """Make it stdout and stderr, which pytest replaces before a test."""
        self.monkeypatch.setattr(sys, "stderr", self)
        self.monkeypatch.setattr(sys, "stdout", self)

    def write(self, text: str) -> int:
        written = super().write(text)
        self.pieces.append(text)
        return written

    def isatty(self) -> bool:
        return True


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stream]:
    """A terminal, on which no bar is left."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield Stream(monkeypatch)
    for bar in list(LiveBar._instances):
        bar.close()


@pytest.fixture
def resize(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    def set_size(columns: int, lines: int) -> None:
        monkeypatch.setattr(live_bar, "find_terminal_size", lambda stream: os.terminal_size((columns, lines)))

    return set_size


def epoch(number: int) -> dict[str, Any]:
    """The line of an epoch: train losses 4, 3, 2, and validation losses 5, 4, 3."""
    return {
        "epoch": number,
        "step": number,
        "best": True,
        "train": {"loss": 5.0 - number},
        "validation": {"loss": 6.0 - number},
    }


def train(stream: Stream | None, epochs: int, first: int = 1, **options: Any) -> ProgressBar:
    """A run of three epochs with one step each, after some of them, on a terminal where every step is drawn."""
    if stream is not None:
        stream.connect()
    progress = ProgressBar(**options)
    progress.on_train_start(first, 3, 1)
    if progress.bar is not None:
        progress.bar.mininterval = 0
    for number in range(first, epochs + 1):
        progress.on_step_end(number, 0.0)
        progress.on_epoch_end(epoch(number))
    return progress


SCORES = "epoch   2/3  train loss 3  validation loss 4  best"
PLOT = ["train      ▅▁  loss 3 to 5", "validation █▅  epochs 1 to 2"]


def test_scores_and_plot_are_below_the_bar_and_disappear_at_the_end(stream: Stream) -> None:
    progress = train(stream, 2)
    screen = Screen(80).feed(stream.getvalue())
    assert screen.shown[0].startswith(" 67%|")
    assert screen.shown[1:] == [SCORES, *PLOT]
    assert screen.colors[-4:] == ["36", "0", "35", "0"]
    stream.pieces.clear()
    progress.on_train_end("reached 3 epochs")
    assert screen.feed("".join(stream.pieces)).shown == ["Done: reached 3 epochs."]


def test_a_frame_is_one_write_and_the_cursor_ends_where_it_began(stream: Stream) -> None:
    train(stream, 2)
    frames = [piece for piece in stream.pieces if "\x1b" in piece]
    assert len(frames) >= 4
    assert all(frame.startswith("\r") and frame.endswith("\r") for frame in frames)
    screen = Screen()
    assert {screen.feed(frame).row for frame in frames} == {0}
    assert max(map(len, screen.lines)) < 80


def test_a_stop_leaves_nothing_on_the_screen(stream: Stream) -> None:
    train(stream, 2).teardown()
    assert Screen().feed(stream.getvalue()).shown == [""]


def test_a_warning_is_above_the_bar(stream: Stream) -> None:
    progress = train(stream, 2)
    progress.on_warning("the first")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        progress.show_warning = before = warnings.showwarning
        progress.on_train_start(1, 3, 1)
        warnings.warn("of a library", stacklevel=1)
        progress.on_train_end("stopped")
        assert warnings.showwarning is before
    assert Screen().feed(stream.getvalue()).shown == ["Warning: the first", "Warning: of a library", "Done: stopped."]


@pytest.mark.parametrize("columns", [40, 50, 80, 120])
def test_a_terminal_that_is_resized_shows_lines_of_its_width(
    columns: int, stream: Stream, resize: Callable[[int, int], None]
) -> None:
    progress = train(stream, 2)
    resize(columns, 24)
    stream.pieces.clear()
    progress.on_step_end(3, 0.0)
    (frame,) = (piece for piece in stream.pieces if piece)
    shown = Screen(columns).feed(frame).shown
    assert max(map(len, shown)) < columns
    assert shown[-2:] == PLOT
    assert " ".join(shown[1:-2]).split() == SCORES.split()
    assert "3/3" in shown[0]


def test_a_low_terminal_shows_the_lines_that_fit(stream: Stream, resize: Callable[[int, int], None]) -> None:
    for lines, count in ((4, 3), (2, 1), (1, 1)):
        resize(80, lines)
        stream.pieces.clear()
        train(stream, 2).teardown()
        assert max(piece.count("\n") for piece in stream.pieces) == count - 1


def test_scores_are_not_escaped_sequences(stream: Stream) -> None:
    progress = train(stream, 0)
    progress.on_epoch_end({**epoch(1), "train": {"loss": 1.0, "\x1b]0;t\x07\n": 2.0}})
    assert r"\x1b]0;t\x07\n 2" in Screen().feed(stream.getvalue()).shown[1]


def test_a_resumed_run_shows_earlier_epochs(stream: Stream) -> None:
    train(stream, 1, first=2, read_history=lambda: [epoch(1)]).teardown()
    assert Screen().feed(stream.pieces[0]).shown[1:] == ["train      ▁  loss 4 to 5", "validation █  epochs 1 to 1"]
    train(stream, 2, first=2, read_history=lambda: [epoch(1)])
    assert Screen().feed(stream.getvalue()).shown[2:] == PLOT


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}, {}])
def test_without_the_plot_scores_are_on_the_line_of_the_bar(
    variables: dict[str, str], stream: Stream, monkeypatch: pytest.MonkeyPatch, resize: Callable[[int, int], None]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    resize(60, 24)

    def fail() -> list[dict[str, Any]]:
        raise AssertionError("the history is not needed")

    progress = train(stream, 2, plain=not variables, read_history=fail)
    progress.on_step_end(3, 0.0)
    assert "\x1b" not in stream.getvalue()
    assert "\n" not in stream.getvalue()
    (line,) = Screen(60).feed(stream.getvalue()).shown
    assert line.startswith(f"{SCORES}: 100%|")
    progress.teardown()
    assert Screen(60).feed(stream.getvalue()).shown == [""]


def test_variables_of_the_environment_switch_the_plot_off() -> None:
    assert can_plot({"TERM": "xterm", "NO_COLOR": ""})
    assert not can_plot({"TERM": "xterm", "NO_COLOR": "0"})
    assert not can_plot({"TERM": "dumb"})
    assert not can_plot({})


def test_another_encoding_has_ascii(stream: Stream) -> None:
    stream.encoding = "ascii"
    train(stream, 2)
    assert Screen().feed(stream.getvalue()).shown[2:] == ["train      +_  loss 3 to 5", "validation #+  epochs 1 to 2"]


def test_many_epochs_take_little_memory(stream: Stream) -> None:
    bar = LiveBar(stream, plotted=True, total=9, mininterval=1000)
    for number in range(5000):
        bar.add_epoch(number, "", (1.0, None))
    assert len(bar.losses) == live_bar.MAX_EPOCHS
    assert len(stream.pieces) == 1, "many epochs in a short time are not drawn one by one"
    bar.close()


def test_a_file_gets_a_line_for_each_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    train(None, 2).on_train_end("stopped")
    assert capsys.readouterr() == (
        "epoch   1/3  train loss 4  validation loss 5  best\n"
        "epoch   2/3  train loss 3  validation loss 4  best\n"
        "Done: stopped.\n",
        "",
    )


def test_the_size_of_a_terminal_is_a_default_if_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert live_bar.find_terminal_size(io.StringIO()) == live_bar.DEFAULT_SIZE
    monkeypatch.setattr(os, "get_terminal_size", lambda number: os.terminal_size((0, 0)))
    with open(os.devnull, encoding="utf-8") as file:
        assert live_bar.find_terminal_size(file) == live_bar.DEFAULT_SIZE
        monkeypatch.setattr(os, "get_terminal_size", lambda number: os.terminal_size((40, 9)))
        assert live_bar.find_terminal_size(file) == (40, 9)
