"""Whole networks: modules that stand in two places, tables in tables, noise inside."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.testing import Case

RANDOM = np.random.default_rng(2012)

SAME_STREAM = "a batch draws other noise than its samples"


def spec(name: str, *modules: Any, **more: Any) -> dict[str, Any]:
    return {"type": name, "modules": list(modules), **more}


def linear(input_size: int, output_size: int, **more: Any) -> dict[str, Any]:
    return {"type": "Linear", "input_size": input_size, "output_size": output_size, **more}


TANH = {"type": "Tanh"}

CASES = [
    Case(
        "one_module_in_two_places",
        spec("ConcatTable", linear(3, 2, id="a"), spec("Sequential", {"ref": "a"}, TANH, linear(2, 2))),
        RANDOM.normal(size=(4, 3)),
        batch_axis=0,
    ),
    Case(
        "deep",
        spec(
            "Sequential", linear(3, 5), TANH, spec("Sequential", linear(5, 4), TANH, spec("Sequential", linear(4, 2)))
        ),
        RANDOM.normal(size=(6, 3)),
        batch_axis=0,
    ),
    Case(
        "tables_in_tables",
        spec(
            "Sequential",
            spec("ConcatTable", spec("ConcatTable", linear(3, 2), TANH), spec("Sequential", linear(3, 3), TANH)),
            spec("ParallelTable", spec("ParallelTable", TANH, linear(3, 2)), linear(3, 4)),
        ),
        RANDOM.normal(size=(5, 3)),
        batch_axis=0,
    ),
    Case(
        "join_of_two_branches",
        spec(
            "Sequential",
            spec("ParallelTable", linear(3, 4), spec("Sequential", linear(2, 3), TANH)),
            {"type": "JoinTable", "dim": 1},
            linear(7, 2),
        ),
        [RANDOM.normal(size=(5, 3)), RANDOM.normal(size=(5, 2))],
        batch_axis=0,
    ),
    Case(
        "surplus_input",
        spec("ParallelTable", TANH, linear(3, 2)),
        [RANDOM.normal(size=(4, 2)), RANDOM.normal(size=(4, 3)), RANDOM.normal(size=(4, 1))],
        batch_axis=0,
    ),
    Case("empty_chain", spec("Sequential"), RANDOM.normal(size=(4, 2)), batch_axis=0),
    Case("frozen", spec("Sequential", linear(3, 2), TANH), RANDOM.normal(size=(4, 3)), train=False, batch_axis=0),
    Case(
        "noise_inside",
        spec("Sequential", linear(3, 8), {"type": "Dropout", "p": 0.4}, TANH, {"type": "Dropout"}, linear(8, 2)),
        RANDOM.normal(size=(5, 3)),
        batch_axis=0,
        skip={"batch_matches_single_samples": SAME_STREAM},
    ),
    Case(
        "noise_inside_at_prediction",
        spec("Sequential", linear(3, 8), {"type": "Dropout", "p": 0.4}, linear(8, 2)),
        RANDOM.normal(size=(5, 3)),
        train=False,
        batch_axis=0,
    ),
    Case(
        "statistics_inside",
        spec("Sequential", linear(3, 4), {"type": "BatchNormalization", "n_output": 4}, TANH, linear(4, 2)),
        RANDOM.normal(size=(6, 3)),
    ),
]
