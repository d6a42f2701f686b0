"""The layers for tables."""

# ruff: noqa: F401 (the hooks return the imported classes)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain_tabular.average_members import AverageMembers
from nntrain_tabular.feature_scale import FeatureScale
from nntrain_tabular.linear_batch_ensemble import LinearBatchEnsemble
from nntrain_tabular.linear_ensemble import LinearEnsemble
from nntrain_tabular.member_criterion import MemberCriterion
from nntrain_tabular.periodic_embedding import PeriodicEmbedding
from nntrain_tabular.piecewise_linear_encoding import PiecewiseLinearEncoding
from nntrain_tabular.repeat_members import RepeatMembers
from nntrain_tabular.select_columns import SelectColumns

if TYPE_CHECKING:
    from nntrain.nn.testing import Case


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)


@hookimpl
def nntrain_criterions() -> tuple[type[Criterion], ...]:
    return find_imported_classes(globals(), Criterion)


@hookimpl
def nntrain_cases() -> tuple[Case, ...]:
    """Cases of classes whose arguments or inputs cannot be guessed."""
    from nntrain.nn.testing import Case

    generator = np.random.default_rng(0)
    rows, members = generator.normal(size=(4, 3)), generator.normal(size=(2, 4, 3))
    loss, outputs = {"type": "CrossEntropyCriterion"}, members.transpose(1, 0, 2)
    sizes = {"input_size": 3, "output_size": 2, "members": 2}
    edges = [[-1.0, 0.1, 1.0], [-0.5, 0.5], [-2.0, -1.0, 0.3, 2.0]]
    return (
        Case("selected", {"type": "SelectColumns", "columns": [2, 0, 2]}, rows, batch_axis=0),
        Case("encoded", {"type": "PiecewiseLinearEncoding", "edges": edges}, rows, batch_axis=0),
        Case("shared", {"type": "LinearBatchEnsemble", **sizes, "scale_init": "signs"}, members, batch_axis=1),
        Case("heads", {"type": "LinearEnsemble", **sizes}, members, batch_axis=1),
        Case("trained", {"type": "AverageMembers"}, members),
        Case("averaged", {"type": "AverageMembers"}, members, train=False),
        Case("losses", {"type": "MemberCriterion", "criterion": loss}, outputs, np.array([0, 2, 1, 1]), "criterion"),
    )
