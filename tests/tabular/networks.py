"""A network with every layer for tables."""

from __future__ import annotations

from typing import Any

COLUMNS: list[dict[str, Any]] = [
    {
        "type": "Concat",
        "dim": 1,
        "modules": [
            {"type": "PeriodicEmbedding", "n_frequencies": 4},
            {
                "type": "Sequential",
                "modules": [
                    {"type": "SelectColumns", "columns": [2, 3]},
                    {"type": "PiecewiseLinearEncoding", "edges": [[-1.5, -0.5, 0.5, 1.5], [-1.5, 0, 1.5]]},
                ],
            },
        ],
    },
    {"type": "FeatureScale"},
]

MEMBERS: list[dict[str, Any]] = [
    {"type": "RepeatMembers", "members": 4},
    {"type": "LinearBatchEnsemble", "output_size": 12, "scale_init": "signs"},
    {"type": "ReLU"},
    {"type": "Dropout", "p": 0.1},
    {"type": "LinearBatchEnsemble", "output_size": 12},
    {"type": "Tanh"},
    {"type": "LinearEnsemble"},
]

EVERY_LAYER = [*COLUMNS, *MEMBERS, {"type": "AverageMembers", "label_smoothing": 0.1}]

# The same for numbers and labels, whose outputs are averaged.
AVERAGED_VALUES = [*COLUMNS, *MEMBERS, {"type": "AverageMembers", "average": "values"}]
