"""Components from specs and back, and errors of invalid specs."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import SpecError, UnknownNameError
from nntrain.nn.building.builder import find_problems

LINEAR = {"type": "Linear", "input_size": 4, "output_size": 2}


def chain(*modules: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Sequential", "modules": list(modules), **more}


def problems(spec: Any, **how: Any) -> list[tuple[tuple[str | int, ...], str]]:
    """Return the problems of ``find_problems``, after checking that ``build`` reports the same."""
    found = find_problems(spec, **how)
    if not how:
        with pytest.raises(SpecError) as caught:
            nn.build(spec)
        assert list(caught.value.problems) == found
    return found


def test_a_spec_becomes_a_module_and_a_module_its_spec() -> None:
    spec = chain(LINEAR, {"type": "Tanh"}, {"type": "ConcatTable", "modules": [{"type": "Tanh"}]})
    assert nn.build(spec).spec() == spec
    assert nn.build({"type": "MSECriterion", "size_average": False}).spec()["size_average"] is False


def test_only_arguments_that_were_given_are_in_the_spec() -> None:
    assert nn.Linear(4, 2).spec() == LINEAR
    assert nn.Linear(4, output_size=2, bias=False).spec() == {**LINEAR, "bias": False}


def test_the_spec_shows_what_was_changed_later() -> None:
    criterion = nn.MSECriterion()
    criterion.size_average = False
    assert criterion.spec() == {"type": "MSECriterion", "size_average": False}
    assert nn.Sequential().add(nn.Tanh()).spec() == chain({"type": "Tanh"})


def test_the_repr_is_the_call() -> None:
    assert repr(nn.Linear(4, output_size=2)) == "nn.Linear(4, output_size=2)"
    assert repr(nn.Sequential().add(nn.Tanh())) == "nn.Sequential(modules=[nn.Tanh()])"


def test_arrays_in_a_call_become_lists() -> None:
    criterion = nn.ClassNLLCriterion(np.array([1.0, 2.0]))
    assert json.loads(json.dumps(criterion.spec())) == {"type": "ClassNLLCriterion", "weights": [1.0, 2.0]}


def test_one_module_in_two_places_is_named_and_pointed_to() -> None:
    tanh = nn.Tanh()
    spec = nn.Sequential([tanh, nn.ConcatTable([tanh, nn.Tanh()])]).spec()
    name = spec["modules"][0]["id"]
    assert spec["modules"][1]["modules"] == [{"ref": name}, {"type": "Tanh"}]
    again = nn.build(json.loads(json.dumps(spec)))
    assert again[0]._tie is again[1][0]._tie is not None
    assert again[0] is not again[1][0]
    assert again[1][1]._tie is None
    assert again.spec() == spec


def test_a_ref_is_another_place_of_the_module_with_that_id() -> None:
    net = nn.build(chain({**LINEAR, "id": "shared"}, {"type": "Tanh"}, {"ref": "shared"}))
    assert net[0] is not net[2]
    assert net[0].weight is net[2].weight


def test_a_module_may_stand_in_a_spec_as_it_is() -> None:
    tanh = nn.Tanh()
    assert nn.build(chain(tanh, LINEAR))[0] is tanh


def test_every_problem_is_reported_at_once_with_its_place() -> None:
    found = problems(
        chain(
            {"type": "Liner"}, {"type": "Linear", "input_size": "a", "outputsize": 3}, {"ref": "x"}, chain({"type": 3})
        )
    )
    assert found == [
        (("modules", 0, "type"), "unknown module 'Liner'; did you mean 'Linear'?"),
        (("modules", 1, "input_size"), "expected an integer, got 'a'"),
        (("modules", 1, "outputsize"), "Linear has no argument 'outputsize'; did you mean 'output_size'?"),
        (("modules", 1), "Linear needs 'output_size'"),
        (("modules", 2, "ref"), "no earlier component has the id 'x'"),
        (("modules", 3, "modules", 0, "type"), "expected the name of a module, got 3"),
    ]


def test_the_text_of_the_error_spells_the_places() -> None:
    with pytest.raises(
        SpecError, match=r"modules\[0\].modules\[1\].type: unknown module 'Thanh'; did you mean 'Tanh'?"
    ):
        nn.build(chain(chain(LINEAR, {"type": "Thanh"})))


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"input_size": 4.5}, "expected an integer, got 4.5"),
        ({"input_size": True}, "expected an integer, got True"),
        ({"input_size": None}, "expected an integer, got None"),
        ({"bias": 1}, "expected a boolean, got 1"),
        ({"bias": "yes"}, "expected a boolean, got 'yes'"),
    ],
)
def test_a_value_of_another_type_is_reported(arguments: dict[str, Any], what: str) -> None:
    assert problems({**LINEAR, **arguments}) == [((next(iter(arguments)),), what)]


def test_an_argument_out_of_range_is_reported_with_its_place() -> None:
    found = problems(chain({"type": "Tanh"}, {**LINEAR, "output_size": 0}))
    assert found == [(("modules", 1), "Linear: expected sizes of at least 1, got 4 and 0")]


@pytest.mark.parametrize("spec", [[], 3, "Tanh", None, {}, {"modules": []}], ids=repr)
def test_invalid_spec_is_reported(spec: Any) -> None:
    assert problems(spec) == [((), f"expected a table with a 'type', got {spec!r}")]


def test_a_criterion_is_no_module_and_the_other_way_round() -> None:
    assert find_problems({"type": "MSECriterion"}, kind="module")[0][1].startswith("unknown module 'MSECriterion'")
    assert find_problems({"type": "Tanh"}, kind="criterion")[0][1].startswith("unknown criterion 'Tanh'")
    assert find_problems(chain({"type": "MSECriterion"}))[0][0] == ("modules", 0, "type")


def test_sizes_that_follow_may_be_missing_where_that_is_allowed() -> None:
    spec = chain({"type": "Linear", "output_size": 3}, {"type": "Tanh"}, {"type": "Linear"})
    assert problems(spec, incomplete=True) == []
    assert [what for _, what in problems(spec)] == [
        "Linear needs 'input_size'",
        "Linear needs 'input_size'",
        "Linear needs 'output_size'",
    ]


def test_what_can_be_checked_beside_missing_sizes_is_checked() -> None:
    spec = chain({"type": "Linear", "output_size": 3}, {**LINEAR, "input_size": 0})
    assert problems(spec, incomplete=True) == [(("modules", 1), "Linear: expected sizes of at least 1, got 0 and 2")]


def test_an_unknown_attribute_of_nn_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="unknown module or criterion 'Sequental'; did you mean 'Sequential'"):
        nn.Sequental  # noqa: B018


def test_a_misspelled_criterion_names_the_nearest_criterion() -> None:
    with pytest.raises(SpecError, match="did you mean 'MSECriterion'"):
        nn.build({"type": "MSECriteron"})


@pytest.mark.parametrize("spec", [chain({"ref": ["a"]}), {"type": "Tanh", "id": {}}], ids=repr)
def test_an_id_that_is_no_text_is_reported(spec: Any) -> None:
    assert problems(spec)


def test_an_empty_ref_points_to_nothing() -> None:
    assert problems(chain({"type": "Tanh"}, {"ref": ""}))


def test_two_modules_with_one_id_are_reported() -> None:
    assert problems(chain({"type": "Tanh", "id": "a"}, {**LINEAR, "id": "a"}))


def test_all_arguments_out_of_range_are_reported() -> None:
    wrong = {**LINEAR, "input_size": 0}
    assert [place for place, _ in problems(chain(wrong, {"type": "Tanh"}, wrong))] == [("modules", 0), ("modules", 2)]


def test_a_component_cannot_be_inside_itself() -> None:
    inner = {
        "type": "Sequential",
        "id": "s",
        "modules": [{"type": "Linear", "input_size": 3, "output_size": 3}, {"ref": "s"}],
    }
    with pytest.raises(SpecError, match=r"modules\[1\]\.ref: 's' is inside itself"):
        nn.build(inner)
