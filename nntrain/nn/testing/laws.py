"""All laws by name, which of them apply to a case, and the check of a case by all that do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nntrain.nn.testing import batch_laws, copy_laws, gradient_laws, input_laws, memory_laws, noise_laws, slope_laws
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.form_laws import output_form_is_known
from nntrain.nn.testing.law import Law
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.parameter_laws import what_has_a_gradient_is_learned
from nntrain.nn.testing.reference_laws import output_is_the_reference
from nntrain.nn.testing.type_laws import float32_stays_float32

__all__ = ["LAWS", "applies", "broken", "check"]

LAWS: dict[str, Law] = {
    law.__name__: law
    for law in (
        output_is_the_reference,
        output_form_is_known,
        slope_laws.grad_input_is_the_numeric_slope,
        slope_laws.grad_parameters_are_the_numeric_slope,
        gradient_laws.gradients_accumulate_and_obey_scale,
        gradient_laws.backward_is_both_halves,
        what_has_a_gradient_is_learned,
        batch_laws.a_batch_is_its_stacked_samples,
        batch_laws.a_smaller_batch_works,
        memory_laws.the_same_shape_gives_the_same_memory,
        input_laws.input_is_never_written,
        input_laws.strided_inputs_compute_the_same,
        memory_laws.a_step_at_rest_allocates_nothing,
        float32_stays_float32,
        copy_laws.spec_and_repr_rebuild_it,
        copy_laws.state_round_trip,
        copy_laws.clone_computes_the_same,
        copy_laws.share_ties,
        copy_laws.flattening_keeps_working,
        noise_laws.evaluate_is_deterministic,
        noise_laws.noise_follows_the_stream,
    )
}

CRITERION_LAWS = {
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

FORM_LAWS = {"output_form_is_known"}

BATCH_LAWS = {"a_batch_is_its_stacked_samples", "a_smaller_batch_works", "a_step_at_rest_allocates_nothing"}

BACKWARD_LAWS = {
    "grad_input_is_the_numeric_slope",
    "grad_parameters_are_the_numeric_slope",
    "gradients_accumulate_and_obey_scale",
    "backward_is_both_halves",
}


def applies(law: str, case: Case) -> bool:
    """Whether a law can hold for a case: by its kind, its batch, its mode, and what it skips."""
    return not (
        law in case.skip
        or (case.kind == "criterion" and law not in CRITERION_LAWS)
        or (case.kind == "module" and law in FORM_LAWS)
        or (case.batch_axis is None and law in BATCH_LAWS)
        or (not case.backward and law in BACKWARD_LAWS)
        or (law == "input_is_never_written" and writes_over_its_input(case.spec))
        or (law == "noise_follows_the_stream" and not case.train)
    )


def writes_over_its_input(spec: Any) -> bool:
    """Whether a spec, or one inside it, says ``inplace``."""
    if isinstance(spec, list | tuple):
        return any(writes_over_its_input(item) for item in spec)
    return isinstance(spec, dict) and (bool(spec.get("inplace")) or writes_over_its_input(list(spec.values())))


def broken(case: Case, laws: Iterable[str] | None = None) -> list[LawBroken]:
    """What each law that applies has against the case."""
    found = []
    for name in LAWS if laws is None else laws:
        if applies(name, case):
            try:
                LAWS[name](case)
            except LawBroken as error:
                found.append(error)
    return found


def check(case: Case, laws: Iterable[str] | None = None) -> None:
    """Hold the case against every law that applies, or against those named. LawBroken tells of all that are broken.

    The random numbers of nn are seeded again and again on the way.
    """
    found = broken(case, laws)
    if len(found) == 1:
        raise found[0]
    if found:
        raise LawBroken("\n".join(map(str, found))) from found[0]
