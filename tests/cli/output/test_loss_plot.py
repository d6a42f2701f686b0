"""The plot of losses in two lines of text."""

from __future__ import annotations

import math

import pytest

from nntrain.cli.loss_plot import ASCII_LEVELS, BLOCKS, EpochLosses, choose_levels, plot_losses

# Falling losses, of which those of validation end higher.
LOSSES: list[EpochLosses] = [(9.0 - n, 9.5 - n / 2) for n in range(8)]

NAN, INFINITY = math.nan, math.inf


def test_both_curves_have_one_scale_which_is_printed() -> None:
    assert plot_losses(LOSSES, 8, 80) == [
        "train      █▇▆▅▄▃▂▁  loss 2 to 9.5",
        "validation ██▇▇▆▆▅▅  epochs 1 to 8",
    ]


def test_the_lines_differ_in_color_on_a_terminal() -> None:
    assert plot_losses(LOSSES, 8, 80, colored=True) == [
        "\x1b[36mtrain      █▇▆▅▄▃▂▁\x1b[0m  loss 2 to 9.5",
        "\x1b[35mvalidation ██▇▇▆▆▅▅\x1b[0m  epochs 1 to 8",
    ]


def test_old_epochs_scroll_away_and_no_longer_count_for_the_scale() -> None:
    losses: list[EpochLosses] = [(100.0, 100.0), *[(n % 3 + 1.0, 2.0) for n in range(60)]]
    train, validation = plot_losses(losses, 61, 60)
    assert train == f"train      {'▅█▁' * 10}▅█  loss 1 to 3"
    assert validation == f"validation {'▅' * 32}  epochs 30 to 61"
    assert max(len(train), len(validation)) == 60


def test_losses_of_several_magnitudes_are_on_a_logarithmic_scale() -> None:
    losses: list[EpochLosses] = [(10.0**-n, None) for n in range(8)]
    assert plot_losses(losses, 8, 80) == ["train      █▇▆▅▄▃▂▁  loss 1e-07 to 1 log  epochs 1 to 8"]
    assert plot_losses([(9.9, 1.0)], 1, 80)[0] == "train      █  loss 1 to 9.9"
    assert plot_losses([(-1.0, 100.0)], 1, 80)[0] == "train      ▁  loss -1 to 100"


@pytest.mark.parametrize("width", range(24, 100))
def test_a_narrow_terminal_has_shorter_lines(width: int) -> None:
    losses: list[EpochLosses] = [(1 / (n + 1), 1.5 / (n + 1)) for n in range(200)]
    for count in range(1, 200, 7):
        lines = plot_losses(losses[:count], count, width)
        assert not lines or max(map(len, lines)) <= width
        assert lines or width < 34


def test_a_narrow_scale_has_no_words_and_no_plot_has_room_for_three_epochs_only() -> None:
    assert plot_losses([*LOSSES, *LOSSES], 16, 39) == [
        "train      █▇▆▅▄▃▂▁█▇▆▅▄▃▂▁  2..9.5",
        "validation ██▇▇▆▆▅▅██▇▇▆▆▅▅  1..16",
    ]
    assert plot_losses(LOSSES, 8, 23) == ["train      ▅▃▂▁  2..7.5", "validation ██▇▆  5..8"]
    assert plot_losses(LOSSES, 8, 22) == []
    assert plot_losses(LOSSES, 8, 0) == plot_losses(LOSSES, 8, -5) == []


def test_a_run_without_validation_rows_has_one_line() -> None:
    assert plot_losses([(2.0, None), (1.0, None)], 9, 80) == ["train      █▁  loss 1 to 2  epochs 8 to 9"]


def test_what_is_not_finite_is_a_gap() -> None:
    losses: list[EpochLosses] = [(NAN, 2.0), (INFINITY, -INFINITY), (1.0, None), (1.5, NAN)]
    assert plot_losses(losses, 4, 80) == ["train        ▁▅  loss 1 to 2", "validation █     epochs 1 to 4"]
    assert plot_losses([(NAN, INFINITY)], 1, 80) == plot_losses([], 0, 80) == []


def test_equal_and_huge_losses_are_flat() -> None:
    assert plot_losses([(2.0, 2.0)] * 3, 3, 80)[0] == "train      ▁▁▁  loss 2 to 2"
    assert plot_losses([(1e308, -1e308)], 1, 80)[0] == "train      ▁  loss -1e+308 to 1e+308"
    assert plot_losses([(0.0, 5e-324)], 1, 80)[0] == "train      ▁  loss 0 to 4.94e-324"


def test_an_encoding_without_blocks_has_ascii() -> None:
    assert choose_levels("utf-8") == BLOCKS
    assert (
        choose_levels("ascii")
        == choose_levels("latin-1")
        == choose_levels(None)
        == choose_levels("?")
        == (ASCII_LEVELS)
    )
    assert plot_losses(LOSSES, 8, 80, ASCII_LEVELS)[0] == "train      #%*+=-._  loss 2 to 9.5"
    assert len(set(ASCII_LEVELS)) == len(BLOCKS) == len(ASCII_LEVELS)
    assert ASCII_LEVELS.isascii()
