"""All laws by name, which of them apply to a case, and the check of a case by all that do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nntrain.nn.testing import batch_checks, copy_checks, gradient_checks, input_checks, memory_checks, noise_checks
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check import Check
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.nn.testing.gradient_checks import what_has_a_gradient_is_learned
from nntrain.nn.testing.output_checks import float32_stays_float32, output_form_is_known, output_is_the_reference

__all__ = ["CHECKS", "check_case", "find_failures", "is_applicable"]

CHECKS: dict[str, Check] = {
    law.__name__: law
    for law in (
        output_is_the_reference,
        output_form_is_known,
        gradient_checks.grad_input_is_the_numeric_slope,
        gradient_checks.grad_parameters_are_the_numeric_slope,
        gradient_checks.gradients_accumulate_and_obey_scale,
        gradient_checks.backward_is_both_halves,
        what_has_a_gradient_is_learned,
        batch_checks.a_batch_is_its_stacked_samples,
        batch_checks.a_smaller_batch_works,
        memory_checks.the_same_shape_gives_the_same_memory,
        input_checks.input_is_never_written,
        input_checks.strided_inputs_compute_the_same,
        memory_checks.a_step_at_rest_allocates_nothing,
        float32_stays_float32,
        copy_checks.spec_and_repr_rebuild_it,
        copy_checks.state_round_trip,
        copy_checks.clone_computes_the_same,
        copy_checks.share_ties,
        copy_checks.flattening_keeps_working,
        noise_checks.evaluate_is_deterministic,
        noise_checks.noise_follows_the_stream,
    )
}

CRITERION_CHECKS = {
    "output_form_is_known",
    "output_is_the_reference",
    "grad_input_is_the_numeric_slope",
    "a_smaller_batch_works",
    "the_same_shape_gives_the_same_memory",
    "input_is_never_written",
    "strided_inputs_compute_the_same",
    "float32_stays_float32",
    "spec_and_repr_rebuild_it",
    "clone_computes_the_same",
}

FORM_CHECKS = {"output_form_is_known"}

BATCH_CHECKS = {"a_batch_is_its_stacked_samples", "a_smaller_batch_works", "a_step_at_rest_allocates_nothing"}

BACKWARD_CHECKS = {
    "grad_input_is_the_numeric_slope",
    "grad_parameters_are_the_numeric_slope",
    "gradients_accumulate_and_obey_scale",
    "backward_is_both_halves",
}


def is_applicable(check: str, case: Case) -> bool:
    """Whether a law can hold for a case: by its kind, its batch, its mode, and what it skips."""
    return not (
        check in case.skip
        or (case.kind == "criterion" and check not in CRITERION_CHECKS)
        or (case.kind == "module" and check in FORM_CHECKS)
        or (case.batch_axis is None and check in BATCH_CHECKS)
        or (not case.backward and check in BACKWARD_CHECKS)
        or (check == "input_is_never_written" and is_inplace(case.spec))
        or (check == "noise_follows_the_stream" and not case.train)
    )


def is_inplace(spec: Any) -> bool:
    """Whether a spec, or one inside it, says ``inplace``."""
    if isinstance(spec, list | tuple):
        return any(is_inplace(item) for item in spec)
    return isinstance(spec, dict) and (bool(spec.get("inplace")) or is_inplace(list(spec.values())))


def find_failures(case: Case, checks: Iterable[str] | None = None) -> list[CheckFailed]:
    """What each law that applies has against the case."""
    found = []
    for name in CHECKS if checks is None else checks:
        if is_applicable(name, case):
            try:
                CHECKS[name](case)
            except CheckFailed as error:
                found.append(error)
    return found


def check_case(case: Case, checks: Iterable[str] | None = None) -> None:
    """Hold the case against every law that applies, or against those named. CheckFailed tells of all that are broken.

    The random numbers of nn are seeded again and again on the way.
    """
    found = find_failures(case, checks)
    if len(found) == 1:
        raise found[0]
    if found:
        raise CheckFailed("\n".join(map(str, found))) from found[0]
