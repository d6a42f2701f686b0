"""All checks by name, and functions that run those that apply to a case."""

from collections.abc import Iterable

from nntrain.nn.building.spec_validation import iterate_tables
from nntrain.nn.testing import batch_checks, copy_checks, gradient_checks, input_checks, memory_checks, noise_checks
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import Check, CheckFailed
from nntrain.nn.testing.gradient_checks import arrays_with_gradients_are_parameters
from nntrain.nn.testing.output_checks import float32_stays_float32, output_form_is_valid, output_matches_reference

CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        output_matches_reference,
        output_form_is_valid,
        gradient_checks.grad_input_matches_numerical_gradient,
        gradient_checks.grad_parameters_match_numerical_gradient,
        gradient_checks.gradients_accumulate_with_scale,
        gradient_checks.backward_matches_both_steps,
        arrays_with_gradients_are_parameters,
        batch_checks.batch_matches_single_samples,
        batch_checks.batch_size_can_change,
        memory_checks.same_shape_reuses_memory,
        input_checks.inputs_are_not_modified,
        input_checks.strided_inputs_give_same_results,
        memory_checks.repeated_steps_allocate_nothing,
        float32_stays_float32,
        copy_checks.spec_and_repr_round_trip,
        copy_checks.state_round_trip,
        copy_checks.clone_gives_same_results,
        copy_checks.share_ties_parameters,
        copy_checks.module_works_after_flattening,
        noise_checks.evaluation_is_deterministic,
        noise_checks.noise_uses_module_stream,
    )
}

CRITERION_CHECKS = {
    "output_form_is_valid",
    "output_matches_reference",
    "grad_input_matches_numerical_gradient",
    "batch_size_can_change",
    "same_shape_reuses_memory",
    "inputs_are_not_modified",
    "strided_inputs_give_same_results",
    "float32_stays_float32",
    "spec_and_repr_round_trip",
    "clone_gives_same_results",
}

FORM_CHECKS = {"output_form_is_valid"}

BATCH_CHECKS = {"batch_matches_single_samples", "batch_size_can_change", "repeated_steps_allocate_nothing"}

BACKWARD_CHECKS = {
    "grad_input_matches_numerical_gradient",
    "grad_parameters_match_numerical_gradient",
    "gradients_accumulate_with_scale",
    "backward_matches_both_steps",
}


def is_applicable(check: str, case: Case) -> bool:
    """Whether a check applies to a case, by its kind, batch axis, mode and ``skip``."""
    return not (
        check in case.skip
        or (case.kind == "criterion" and check not in CRITERION_CHECKS)
        or (case.kind == "module" and check in FORM_CHECKS)
        or (case.batch_axis is None and check in BATCH_CHECKS)
        or (not case.backward and check in BACKWARD_CHECKS)
        or (check == "inputs_are_not_modified" and any(spec.get("inplace") for spec in iterate_tables(case.spec)))
        or (check == "noise_uses_module_stream" and not case.train)
    )


def find_failures(case: Case, checks: Iterable[str] | None = None) -> list[CheckFailed]:
    """Return the failures of all checks that apply, or of those named."""
    failures = []
    for name in CHECKS if checks is None else checks:
        if is_applicable(name, case):
            try:
                CHECKS[name](case)
            except CheckFailed as error:
                failures.append(error)
    return failures


def check_case(case: Case, checks: Iterable[str] | None = None) -> None:
    """Run all checks that apply to a case, or those named. CheckFailed lists every failure.

    The checks call ``nn.manual_seed``.
    """
    failures = find_failures(case, checks)
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise CheckFailed("\n".join(map(str, failures))) from failures[0]
