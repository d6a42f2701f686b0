"""All checks by name, the likely cause if one fails, and functions that run those that apply to a case."""

from collections.abc import Iterable

import numpy as np

from nntrain.nn.bases.elementwise import Elementwise
from nntrain.nn.bases.slicewise_module import SlicewiseModule
from nntrain.nn.building.spec_validation import find_class, iterate_tables
from nntrain.nn.testing import (
    batch_checks,
    copy_checks,
    gradient_checks,
    input_checks,
    memory_checks,
    noise_checks,
    output_checks,
)
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import Check, CheckFailed

MODULES, CRITERIONS, BOTH = {"module"}, {"criterion"}, {"module", "criterion"}

# Every check, the kinds of components that it applies to, and what the case needs.
TABLE: tuple[tuple[Check, set[str], str], ...] = (
    (output_checks.output_matches_reference, BOTH, ""),
    (output_checks.output_form_is_valid, CRITERIONS, ""),
    (gradient_checks.grad_input_matches_numerical_gradient, BOTH, "backward"),
    (gradient_checks.grad_parameters_match_numerical_gradient, MODULES, "backward"),
    (gradient_checks.gradients_accumulate_with_scale, MODULES, "backward"),
    (gradient_checks.backward_matches_both_steps, MODULES, "backward"),
    (gradient_checks.arrays_with_gradients_are_parameters, MODULES, ""),
    (batch_checks.batch_matches_single_samples, MODULES, "batch"),
    (batch_checks.batch_size_can_change, BOTH, "batch"),
    (batch_checks.slices_match_the_whole, MODULES, "slices"),
    (batch_checks.chunks_match_the_whole, MODULES, "chunks"),
    (memory_checks.same_shape_reuses_memory, BOTH, ""),
    (input_checks.inputs_are_not_modified, BOTH, "no inplace"),
    (input_checks.strided_inputs_give_same_results, BOTH, ""),
    (memory_checks.repeated_steps_allocate_nothing, MODULES, "batch"),
    (output_checks.float32_stays_float32, BOTH, ""),
    (copy_checks.spec_and_repr_round_trip, BOTH, ""),
    (copy_checks.state_round_trip, MODULES, ""),
    (copy_checks.clone_gives_same_results, BOTH, ""),
    (copy_checks.share_ties_parameters, MODULES, ""),
    (copy_checks.module_works_after_flattening, MODULES, ""),
    (noise_checks.evaluation_is_deterministic, MODULES, ""),
    (noise_checks.noise_uses_module_stream, MODULES, "train"),
)

CHECKS: dict[str, Check] = {check.__name__: check for check, _, _ in TABLE}
CONDITIONS = {check.__name__: (kinds, needs) for check, kinds, needs in TABLE}

# The likely cause of each failed check; those whose failures cause failures of others come first.
ADVICE = {
    "inputs_are_not_modified": (
        "it writes into its inputs: write into output_of(...), grad_input_of(x) or buffer(...)"
    ),
    "same_shape_reuses_memory": (
        "it allocates a new output or gradient in each pass: compute into output_of(...) and "
        "grad_input_of(x), with out="
    ),
    "module_works_after_flattening": (
        "it keeps an array from before get_parameters: read the parameter from its attribute in every pass"
    ),
    "output_form_is_valid": (
        "set output_form to 'logits', 'log_probabilities', 'probabilities' or 'values'; to_output_form must not "
        "change its input or the loss"
    ),
    "output_matches_reference": "it computes other results than the case contains",
    "grad_input_matches_numerical_gradient": "the gradient is wrong: check update_grad_input, or derivative",
    "grad_parameters_match_numerical_gradient": "the gradient of a parameter is wrong: check acc_grad_parameters",
    "gradients_accumulate_with_scale": (
        "acc_grad_parameters must add scale · gradient to the existing gradient: is scale missing, is the gradient "
        "overwritten, or does a method marked with nn.writes not pass it to accumulate?"
    ),
    "backward_matches_both_steps": "backward differs from update_grad_input and acc_grad_parameters",
    "arrays_with_gradients_are_parameters": (
        "add the attribute to parameter_names: parameters() returns these and, in a container, those of its modules"
    ),
    "batch_matches_single_samples": (
        "a sample in a batch gives other results than alone: is there a sum or mean over the batch? If that "
        "is intended, remove batch_axis from the case"
    ),
    "batch_size_can_change": "some array keeps the size of the first batch",
    "slices_match_the_whole": (
        "plan_output and plan_grad_input must return tasks that compute y[some] and dx[some] from the same slices of "
        "their arguments, whose values they must not read earlier"
    ),
    "chunks_match_the_whole": (
        "value keeps something for derivative, which is called after value of all chunks: set divisible = False"
    ),
    "strided_inputs_give_same_results": "it assumes that arrays are contiguous",
    "repeated_steps_allocate_nothing": (
        "it allocates temporary arrays of the size of the batch: compute with out= into buffer(...)"
    ),
    "float32_stays_float32": (
        "a float64 array is involved: is there a float64 array or constant, or a buffer without like=?"
    ),
    "spec_and_repr_round_trip": "a constructor argument is changed later, or is not a JSON value",
    "state_round_trip": "some state is not a parameter: add the attribute to buffer_names",
    "clone_gives_same_results": "the copy shares memory with the original, or lacks some state",
    "share_ties_parameters": "share does not tie all parameters: are they in parameter_names?",
    "evaluation_is_deterministic": (
        "it is stochastic in evaluation mode, or uses another random stream than self.generator: see Noise"
    ),
    "noise_uses_module_stream": "it uses another random stream than self.generator: see Noise",
}


def is_applicable(check: str, case: Case) -> bool:
    """Whether a check applies to a case, by its kind, batch axis, mode and ``skip``."""
    kinds, needs = CONDITIONS[check]
    return not (
        check in case.skip
        or case.kind not in kinds
        or (needs == "batch" and case.batch_axis is None)
        or (needs == "backward" and not case.backward)
        or (needs == "no inplace" and any(spec.get("inplace") for spec in iterate_tables(case.spec)))
        or (needs == "train" and not case.train)
        or (needs == "slices" and not is_slicewise(case))
        or (needs == "chunks" and not is_divisible(case))
    )


def is_slicewise(case: Case) -> bool:
    """Whether the output of the case's module may be computed slice by slice."""
    return issubclass(find_class(case.spec["type"]), SlicewiseModule) and np.ndim(case.input) > 1


def is_divisible(case: Case) -> bool:
    """Whether a large input of the case's module may be processed in chunks."""
    cls = find_class(case.spec["type"])
    return issubclass(cls, Elementwise) and cls.divisible and bool(case.backward)


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
