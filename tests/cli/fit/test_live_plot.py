"""``fit`` on a terminal plots the losses below the bar while it trains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.on_terminal import check_harmless, codes_of, needs_terminals, printed
from tests.cli.processes import IRIS
from tests.cli.screen import Screen

pytestmark = needs_terminals

# Every step is drawn.
EVERY = {"TQDM_MININTERVAL": "0", "NNTRAIN_THREADS": "1", "NO_COLOR": ""}

FIT = ("fit", IRIS, "--target", "species", "--set", "train.epochs=12", "--set", "model.hidden=[4]", "--no-report")

CURVE = re.compile(r"(train|validation) +[▁▂▃▄▅▆▇█]+")


def frames(text: str, columns: int) -> list[list[str]]:
    """The last lines of the screen after each frame: those of the bar and below."""
    found = []
    screen = Screen(columns)
    for piece in re.split(r"(?<=\x1b\[\dA\r)", text)[:-1]:
        screen.feed(piece)
        found.append(screen.shown[screen.row :])
    return found


def read_curves(frame: list[str]) -> list[str]:
    return [match[1] for line in frame if (match := CURVE.match(line))]


@pytest.mark.parametrize("columns", [120, 40])
def test_the_plot_is_on_the_screen_until_training_ends(columns: int, tmp_path: Path) -> None:
    text = printed([FIT], tmp_path, EVERY, columns)
    assert codes_of(text) == [0]
    check_harmless(text)
    *_, last = frames(text, columns)
    assert read_curves(last) == ["train", "validation"]
    assert max(map(len, last)) < columns
    assert " 12/12" in last[1]
    shown = Screen(columns).feed(text).shown
    assert not [line for line in shown if CURVE.match(line) or "step/s" in line]
    assert "Done: reached 12 epochs." in shown


def test_a_resumed_run_plots_earlier_epochs_too(tmp_path: Path) -> None:
    more = ("resume", "runs/iris", "--set", "train.epochs=14", "--no-report")
    assert codes_of(printed([FIT], tmp_path, {**EVERY, "NO_COLOR": "1"})) == [0]
    text = printed([more], tmp_path, EVERY, 120)
    assert codes_of(text) == [0]
    *_, last = frames(text, 120)
    assert [line for line in last if line.endswith("epochs 1 to 14")]


@pytest.mark.parametrize(
    ("options", "variables"), [(("--plain",), {}), ((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"})], ids=str
)
def test_the_plot_is_switched_off(options: tuple[str, ...], variables: dict[str, str], tmp_path: Path) -> None:
    text = printed([(*FIT, *options)], tmp_path, {**EVERY, **variables}, 120)
    assert codes_of(text) == [0]
    assert "step/s]" in text
    assert "\x1b" not in text
    assert not re.search(r"[▂▃▄▅▆▇]", re.sub(r"%\|.*?\|", "", text))
