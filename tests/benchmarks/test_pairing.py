"""Systems take turns, and rounds are compared."""

from __future__ import annotations

from benchmarks.pairing import Ratio, alternate, medians, ratios, turn


def test_nobody_always_comes_first():
    order: list[str] = []

    def side(name):
        return lambda: float(order.append(name) or len(order))

    taken = alternate({"a": side("a"), "b": side("b")}, 3)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert taken == {"a": [1.0, 4.0, 5.0], "b": [2.0, 3.0, 6.0]}


def test_a_ratio_is_the_median_of_the_ratios_of_the_rounds():
    # In the second round the machine is ten times slower, for both.
    taken = {"ours": [1.0, 10.0, 2.0], "theirs": [3.0, 20.0, 8.0], "others": [1.0, 1.0, 1.0]}
    found = ratios(taken, "ours")
    assert found["theirs"] == Ratio(3.0, 2.0, 4.0)
    assert "ours" not in found
    assert medians(taken) == {"ours": 2.0, "theirs": 8.0, "others": 1.0}


def test_a_turn_works_before_it_is_timed_and_at_least_once():
    calls: list[None] = []
    taken = turn(lambda: calls.append(None), seconds=0.0)
    before = len(calls)
    assert before > 0
    assert taken() >= 0
    assert len(calls) > before
