"""What is likely wrong with an optimizer, schedule or metric that breaks a law, in words."""

from __future__ import annotations

__all__ = ["ADVICE"]

ADVICE = {
    "w_changes_in_place_and_the_gradient_is_left": (
        "it must change w itself, with out=w, leave dw as it is, and keep vectors of the type of w: zeros_like(w)"
    ),
    "it_goes_down": "is the sign of the update turned, or a rate of the defaults too large?",
    "its_state_goes_on_to_the_same_bits": "something that it remembers is missing in state_names",
    "a_rate_that_is_set_is_used": "it must read self.learning_rate in every step; what has no rate leaves it None",
    "a_step_at_rest_allocates_nothing": "compute with out= into self.scratch(w, name)",
    "its_spec_rebuilds_it": "a constructor argument is changed, or cannot be written in a config",
    "rates_are_numbers": "a rate must be a number of at least 0, in runs of one step too: is something divided by 0?",
    "a_rate_is_a_function_of_the_step": "compute_factor may depend on step, steps and the scores of observe_score only",
    "a_warm_up_climbs": "compute_warm_up must rise to the share that compute_factor begins with",
    "its_state_goes_on_alike": "something that it remembers is missing in state, or in state_names",
    "its_value_is_what_it_says": "set is_scalar = False if compute gives a table, {row: {column: number}}",
    "its_batches_are_the_whole": "keep sums over rows, not means of batches",
    "begin_forgets": "reset must set every attribute that update changes",
    "a_row_of_weight_2_is_two_rows": "use the weights: self.sum_terms(terms, weights) and self.sum_weights(t, weights)",
    "batches_are_not_written_or_kept": "the arrays of a batch are overwritten by the next: copy what you keep",
    "better_is_as_it_says": "is higher_is_better turned?",
}
