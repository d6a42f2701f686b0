"""A network with every layer for tables."""

from __future__ import annotations

from typing import Any

EVERY_LAYER: list[dict[str, Any]] = [
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
    {
        "type": "MemberEnsemble",
        "members": 4,
        "modules": [
            {"type": "LinearBatchEnsemble", "output_size": 12, "scale_init": "signs"},
            {"type": "ReLU"},
            {"type": "Dropout", "p": 0.1},
            {"type": "LinearBatchEnsemble", "output_size": 12},
            {"type": "Tanh"},
            {"type": "LinearEnsemble"},
        ],
    },
]
