"""Steps of paths are halved in place."""

from __future__ import annotations

import numpy as np

from nntrain.explanation.path_steps import PathSteps, add_by_row


def test_the_halves_of_steps_cover_the_same_path() -> None:
    f = np.array([[0.0, 1.0, 4.0], [5.0, 6.0, 7.0]])
    steps = PathSteps.divide(f)
    assert steps.rows.tolist() == [0, 0, 1, 1]
    assert steps.middles.tolist() == [0.25, 0.75, 0.25, 0.75]
    halves = steps.take(np.array([False, True, True, False])).halve(np.array([2.0, 5.5]))
    assert halves.rows.tolist() == [0, 0, 1, 1]
    assert halves.begins.tolist() == [0.5, 0.75, 0.0, 0.25]
    assert halves.widths.tolist() == [0.25] * 4
    assert halves.f_begins.tolist() == [1.0, 2.0, 5.0, 5.5]
    assert halves.f_ends.tolist() == [2.0, 4.0, 5.5, 6.0]


def test_parts_are_joined_again() -> None:
    steps = PathSteps.divide(np.arange(12.0).reshape(3, 4))
    again = PathSteps.join(list(steps.split(2)))
    for name, array in vars(steps).items():
        assert getattr(again, name).tolist() == array.tolist()


def test_values_are_added_to_their_rows() -> None:
    totals = np.ones((4, 2))
    add_by_row(totals, np.array([0, 0, 3]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    assert totals.tolist() == [[5.0, 7.0], [1.0, 1.0], [1.0, 1.0], [6.0, 7.0]]
    add_by_row(totals, np.array([], np.intp), np.empty((0, 2)))
    assert totals[0].tolist() == [5.0, 7.0]
