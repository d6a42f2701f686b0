"""The shapes in a summary of layers."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Value
from nntrain.nn.module import Module
from nntrain.training.diagnostics.layer_summary import summarize_outputs


def shapes(model: Module, rows: int, *sizes: int) -> list[str]:
    x = np.ones((rows, *sizes))
    return [layer.output for layer in summarize_outputs(model, lambda count: model.forward(x[:count]), rows)]


@pytest.mark.parametrize("members", [1, 2, 3, 4])
@pytest.mark.parametrize("rows", [2, 3])
def test_the_rows_are_told_from_as_many_members(members: int, rows: int) -> None:
    repeat = nn.build({"type": "RepeatMembers", "members": members})
    assert shapes(nn.Sequential([repeat]), rows, 5)[1] == f"({members}, N, 5)"


def test_the_rows_are_told_from_columns_and_images_of_the_same_size() -> None:
    assert shapes(nn.Sequential([nn.Identity()]), 3, 3, 3) == ["(N, 3, 3)", "(N, 3, 3)"]


def test_rows_that_are_joined_with_another_axis_are_counted_together() -> None:
    class Joined(Module):
        """y = x in one axis."""

        def update_output(self, x: Value) -> Value:
            self.output = x.reshape(-1)
            return self.output

    assert shapes(Joined(), 3, 4) == ["(4N)"]


def test_a_single_row_has_the_first_axis_of_size_one() -> None:
    assert shapes(nn.Sequential([nn.Linear(4, 2)]), 1, 4) == ["(N, 2)", "(N, 2)"]


def test_lists_have_the_shape_of_each_array() -> None:
    model = nn.ConcatTable([nn.Identity(), nn.Sequential([nn.ConcatTable([nn.Linear(4, 3)])])])
    assert shapes(model, 3, 4)[0] == "[(N, 4), [(N, 3)]]"
