"""The checks themselves: a correct layer passes all, and each mistake is found by the check for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nntrain.nn.component import Component
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.nn.testing import CHECKS, Case, CheckFailed, check_case, find_failures, is_applicable
from nntrain.nn.testing.checks import CONDITIONS
from tests.nn.mistaken_containers import CONTAINER_MISTAKES, Gated
from tests.nn.mistaken_criterions import CRITERION_MISTAKES, Squares, SumForMean
from tests.nn.mistaken_layers import (
    MISTAKES,
    Affine,
    DoubledGradient,
    NegatedParameterGradient,
    NoGradient,
    Overwriting,
)

Register = Callable[[type], None]

X = np.random.default_rng(3).normal(size=(4, 3))


def case_of(cls: type[Component], **known: object) -> Case:
    return replace(Case("x", {"type": cls.__name__}, X, batch_axis=0), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", [Affine, Gated])
def test_a_correct_layer_passes_every_check(cls: type[Module], register: Register) -> None:
    register(cls)
    case = case_of(cls)
    assert {check for check in CHECKS if not is_applicable(check, case)} == {
        "output_form_is_valid",
        "slices_match_the_whole",
        "chunks_match_the_whole",
    }
    check_case(case)


ALL_MISTAKES = [*MISTAKES, *CONTAINER_MISTAKES]


@pytest.mark.parametrize(("check", "cls"), ALL_MISTAKES, ids=lambda value: getattr(value, "__name__", value))
def test_a_mistake_is_found_by_its_check(check: str, cls: type[Module], register: Register) -> None:
    register(cls)
    with pytest.raises(CheckFailed, match=check):
        CHECKS[check](case_of(cls))


def test_a_correct_criterion_passes_every_check(register: Register) -> None:
    register(Squares)
    case = case_of(Squares, kind="criterion", target=X + 1)
    criterion_checks = {check for check, (kinds, _) in CONDITIONS.items() if "criterion" in kinds}
    assert {check for check in CHECKS if is_applicable(check, case)} == criterion_checks
    check_case(case)


@pytest.mark.parametrize(("check", "cls"), CRITERION_MISTAKES, ids=lambda value: getattr(value, "__name__", value))
def test_a_mistake_of_a_criterion_is_found_by_its_check(check: str, cls: type[Criterion], register: Register) -> None:
    register(cls)
    with pytest.raises(CheckFailed, match=check):
        CHECKS[check](case_of(cls, kind="criterion", target=X**2))


def test_every_check_finds_a_mistake() -> None:
    assert {check for check, _ in ALL_MISTAKES} | {"output_form_is_valid", "output_matches_reference"} == set(CHECKS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"output": np.zeros((4, 2))},
        {"grad_input": np.zeros((4, 3))},
        {"grad_params": [np.zeros((2, 3))]},
        {"grad_params_scaled": [np.zeros((2, 3))]},
        {"output_evaluate": np.zeros((4, 2))},
        {"output": np.zeros((4, 3))},
        {"output": [np.zeros((4, 2))]},
        {"after": {"weight": np.zeros((2, 3))}},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_result_other_than_the_known_one_fails_the_check(wrong: dict[str, object], register: Register) -> None:
    register(Affine)
    with pytest.raises(CheckFailed, match=next(iter(wrong)).replace("after", "weight")):
        CHECKS["output_matches_reference"](case_of(Affine, **wrong))


@pytest.mark.parametrize(
    ("cls", "check", "reason"),
    [
        (
            DoubledGradient,
            "grad_input_matches_numerical_gradient",
            "a factor of 2: is a factor in the deriv",
        ),
        (NoGradient, "grad_input_matches_numerical_gradient", "all elements are zero"),
        (NegatedParameterGradient, "grad_parameters_match_numerical_gradient", "the sign is wrong"),
        (SumForMean, "grad_input_matches_numerical_gradient", "off by a factor of 12: a sum instead of a mean"),
    ],
)
def test_the_message_contains_the_likely_cause(
    cls: type[Component], check: str, reason: str, register: Register
) -> None:
    register(cls)
    kind = "criterion" if issubclass(cls, Criterion) else "module"
    with pytest.raises(CheckFailed, match=reason):
        CHECKS[check](case_of(cls, kind=kind, target=X**2))


def test_the_message_contains_check_case_numbers_and_index(register: Register) -> None:
    register(Affine)
    expected = X @ np.ones((3, 2))
    params = [np.ones((2, 3))]
    expected[2, 1] += 0.5
    with pytest.raises(CheckFailed) as caught:
        check_case(case_of(Affine, params=params, output=expected))
    got = f"{expected[2, 1] - 0.5:.9g}, expected {expected[2, 1]:.9g}"
    assert (
        str(caught.value)
        == f"Affine-x: output_matches_reference: output: got {got} at [2, 1], off by 0.5 (1 of 8 elements differ)"
    )
    assert caught.value.check == "output_matches_reference"


def test_check_case_reports_all_failed_checks(register: Register) -> None:
    register(Overwriting)
    with pytest.raises(CheckFailed) as caught:
        check_case(case_of(Overwriting, output=np.zeros((4, 2))))
    checks = [error.check for error in find_failures(case_of(Overwriting, output=np.zeros((4, 2))))]
    assert checks == ["output_matches_reference", "gradients_accumulate_with_scale"]
    assert len(str(caught.value).splitlines()) == 2


def test_a_check_can_be_skipped_or_chosen(register: Register) -> None:
    register(Overwriting)
    check_case(case_of(Overwriting, skip={"gradients_accumulate_with_scale": "for the test"}))
    check_case(case_of(Overwriting), checks=["inputs_are_not_modified"])


def test_an_exception_fails_the_check() -> None:
    with pytest.raises(CheckFailed, match="ShapeError: expected an input of shape"):
        CHECKS["float32_stays_float32"](Case("x", {"type": "Linear", "input_size": 4, "output_size": 2}, X))


def test_a_gradient_at_a_kink_may_be_any_value_between_the_one_sided_derivatives() -> None:
    x = np.array([[0.0, 1.0, -1.0]])
    check_case(Case("kink", {"type": "ReLU"}, x), checks=["grad_input_matches_numerical_gradient"])


def test_large_inputs_are_checked_along_directions(register: Register) -> None:
    register(DoubledGradient)
    x = np.random.default_rng(1).normal(size=(100, 3))
    with pytest.raises(CheckFailed, match="along a direction"):
        CHECKS["grad_input_matches_numerical_gradient"](case_of(DoubledGradient, input=x))
