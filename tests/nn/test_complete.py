"""nn.complete: sizes that follow from a batch of inputs, and from the number of targets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import SpecError
from nntrain.nn.building.size_inference import infer_sizes

X = np.random.default_rng(0).normal(size=(2, 5))
OTHER = np.random.default_rng(1).normal(size=(2, 3))


def chain(*modules: Any) -> dict[str, Any]:
    return {"type": "Sequential", "modules": list(modules)}


def linear(output_size: int | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "Linear", **({} if output_size is None else {"output_size": output_size}), **more}


def sizes(spec: dict[str, Any]) -> list[tuple[int, int]]:
    """Return the sizes of every Linear of a completed spec."""
    return [(m.input_size, m.output_size) for m in nn.build(spec).find_modules("Linear")[0]]


def test_a_chain_takes_its_sizes_from_the_batch_and_the_target() -> None:
    spec = infer_sizes(chain(linear(8), {"type": "Tanh"}, linear(), {"type": "LogSoftMax"}), X, 3)
    assert sizes(spec) == [(5, 8), (8, 3)]


def test_the_given_spec_is_left_as_it_was() -> None:
    spec = chain(linear(8), linear())
    infer_sizes(spec, X, 3)
    assert spec == chain(linear(8), linear())


def test_given_sizes_are_kept() -> None:
    assert sizes(infer_sizes(chain(linear(8, input_size=5), linear(2)), X, 7)) == [(5, 8), (8, 2)]


def test_only_the_last_layer_with_a_size_takes_that_of_the_target() -> None:
    spec = chain(linear(8), linear(4), {"type": "Tanh"})
    assert sizes(infer_sizes(spec, X, 7)) == [(5, 8), (8, 4)]


def test_branches_are_fed_what_the_container_is_fed() -> None:
    fan = {"type": "ConcatTable", "modules": [linear(3), chain(linear(4), linear(6))]}
    spec = infer_sizes(chain(fan, {"type": "JoinTable", "dim": 1}, linear()), X, 2)
    assert sizes(spec) == [(5, 3), (5, 4), (4, 6), (9, 2)]


def test_parallel_branches_are_fed_slot_by_slot() -> None:
    pair = {"type": "ParallelTable", "modules": [linear(4), linear(6)]}
    spec = infer_sizes(chain(pair, {"type": "JoinTable", "dim": 1}, linear()), [X, OTHER], 1)
    assert sizes(spec) == [(5, 4), (3, 6), (10, 1)]


def test_the_last_size_is_found_in_a_nested_chain() -> None:
    assert sizes(infer_sizes(chain(linear(8), chain({"type": "Tanh"}, linear())), X, 3)) == [(5, 8), (8, 3)]


def test_a_module_met_again_is_fed_too() -> None:
    spec = infer_sizes(chain(linear(5, id="a"), {"ref": "a"}, linear()), X, 2)
    assert sizes(spec) == [(5, 5), (5, 5), (5, 2)]


def test_a_completed_spec_runs_on_the_batch() -> None:
    net = nn.build(infer_sizes(chain(linear(8), {"type": "Tanh"}, linear()), X, 3)).double()
    assert net.forward(X).shape == (2, 3)


def test_without_targets_the_last_size_is_missing() -> None:
    with pytest.raises(SpecError, match=r"modules\[1\]: Linear needs 'output_size'"):
        infer_sizes(chain(linear(8), linear()), X)


def test_a_size_that_does_not_follow_is_reported_with_its_place() -> None:
    with pytest.raises(SpecError, match=r"modules\[1\]: 'input_size' cannot be inferred from the input here; set it"):
        infer_sizes(chain({"type": "ConcatTable", "modules": [{"type": "Tanh"}]}, linear(3)), X)


def test_a_size_that_does_not_fit_is_reported_with_its_place() -> None:
    with pytest.raises(SpecError, match=r"modules\[1\].*expected an input of shape \(N, 4\), got \(2, 3\)"):
        infer_sizes(chain(linear(3), linear(1, input_size=4)), X)


def test_a_module_met_again_inside_a_nested_chain_is_fed_too() -> None:
    spec = infer_sizes(chain(linear(5, id="a"), chain({"ref": "a"}, linear(2))), X)
    assert sizes(spec) == [(5, 5), (5, 5), (5, 2)]


def test_too_few_inputs_for_parallel_branches_are_reported() -> None:
    with pytest.raises(SpecError, match="expected a list with an input for module 1"):
        infer_sizes({"type": "ParallelTable", "modules": [linear(4), linear(6)]}, [X])


def test_a_single_layer_takes_its_size_from_the_target() -> None:
    assert sizes(infer_sizes(linear(), X, 3)) == [(5, 3)]
