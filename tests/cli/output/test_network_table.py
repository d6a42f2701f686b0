"""Networks as tables: short, with repeated modules once, and with the factors of single parameters."""

from __future__ import annotations

import pytest

from nntrain import nn
from nntrain.cli.network_table import format_network_table
from nntrain.config.load import build_config
from nntrain.nn.module import Module
from nntrain.training.diagnostics.hyperparameter_summary import summarize_hyperparameters
from nntrain.training.diagnostics.layer_summary import summarize_layers


def lines(model: Module, show_all: bool = False) -> list[str]:
    """Each line without spaces that align."""
    table = format_network_table(summarize_layers(model), show_all, "nntrain show run --all")
    return [" ".join(line.split()) for line in table.splitlines()]


def block(size: int) -> list[Module]:
    return [nn.Linear(size, 4), nn.Tanh(), nn.Dropout(0.5)]


def test_a_short_network_has_a_line_for_each_module() -> None:
    assert lines(nn.Sequential([nn.Linear(4, 3), nn.Sequential([nn.Tanh(), nn.Tanh()])])) == [
        "network parameters",
        "Sequential 15",
        "0 Linear(4 -> 3) 15",
        "1 Sequential 0",
        "1.0 Tanh 0",
        "1.1 Tanh 0",
    ]


def test_modules_that_repeat_are_printed_once() -> None:
    model = nn.Sequential([*block(9), *block(4), *block(4), *block(4), nn.Linear(4, 2)])
    assert lines(model)[2:] == [
        "0 Linear(9 -> 4) 40",
        "1 Tanh 0",
        "2 Dropout(0.500000) 0",
        "3 Linear(4 -> 4) 20",
        "4 Tanh 0",
        "5 Dropout(0.500000) 0",
        "6 to 11 same as 3 to 5 40",
        "12 Linear(4 -> 2) 10",
    ]
    assert len(lines(model, show_all=True)) == 15


def test_containers_that_repeat_are_compared_with_everything_inside() -> None:
    same, other = nn.Sequential(block(4)), nn.Sequential([*block(4), nn.Tanh()])
    model = nn.ConcatTable([nn.Sequential(block(4)), same, other])
    assert lines(model)[6:8] == ["1 same as 0 20", "2 Sequential 20"]


def test_hundreds_of_modules_take_few_lines() -> None:
    lookups = [nn.build({"type": "LookupTable", "n_index": 5, "n_output": 8}) for _ in range(300)]
    assert lines(nn.ParallelTable(lookups))[2:] == ["0 LookupTable 40", "1 to 299 same as 0 11,960"]
    sizes = [nn.build({"type": "LookupTable", "n_index": 5 + size, "n_output": 8}) for size in range(300)]
    assert len(shown := lines(nn.ParallelTable(sizes))) == 52
    assert shown[-1] == "... and 251 more layers; nntrain show run --all prints them"


FACTORS = nn.build(
    {
        "type": "Sequential",
        "modules": [
            {"type": "Linear", "input_size": 2, "output_size": 2, "learning_rate_factor": {"bias": 0.1}},
            {"type": "Blend", "size": 2, "activation": {"type": "Tanh"}, "learning_rate_factor": 0.1},
            {"type": "Linear", "input_size": 2, "output_size": 2, "weight_decay_factor": {"bias": 0}},
            {"type": "Linear", "input_size": 2, "output_size": 2, "learning_rate_factor": 0.1},
        ],
        "weight_decay_factor": 2.0,
    }
)


def test_factors_are_listed_with_their_parameters() -> None:
    assert summarize_hyperparameters(FACTORS, None) == [
        "learning rate factors:",
        "  × 0.1  all but 0.weight, 2.*",
        "weight decay factors:",
        "  × 2  all but 2.bias",
        "  × 0  2.bias",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        (
            {
                "optimizer": {"type": "adamw", "learning_rate": 0.03, "weight_decay": 0.02},
                "schedule": {"type": "log_cosine", "cycles": 3},
                "train": {"dropout_schedule": "flat_cosine", "weight_decay_schedule": {"type": "cosine"}},
            },
            ["learning rate: 0.03, log_cosine(cycles=3)", "weight decay: 0.02, cosine", "dropout: flat_cosine"],
        ),
    ],
)
def test_schedules_have_one_line_each(given: dict[str, object], expected: list[str]) -> None:
    config = build_config({"data": {"path": "/x.csv"}, **given})
    assert summarize_hyperparameters(nn.Sequential([nn.Linear(2, 2)]), config) == expected
