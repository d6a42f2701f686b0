"""What is likely wrong with a component that breaks a law, in words."""

from __future__ import annotations

__all__ = ["ADVICE"]

# Law by law; first those that, if broken, are the reason why others are.
ADVICE = {
    "input_is_never_written": (
        "it writes into what it is given: write into output_of(...), grad_input_of(x) or buffer(...)"
    ),
    "the_same_shape_gives_the_same_memory": (
        "it allocates a new output or gradient in each pass: compute into output_of(...) and "
        "grad_input_of(x), with out="
    ),
    "flattening_keeps_working": (
        "it keeps an array from before get_parameters: read the parameter from its attribute in every pass"
    ),
    "output_form_is_known": (
        "set output_form to 'logits', 'log_probabilities', 'probabilities' or 'values', and let readout leave its "
        "input and the loss as they are"
    ),
    "output_is_the_reference": "it computes something else than the case knows",
    "grad_input_is_the_numeric_slope": "the derivative is wrong: look at update_grad_input, or at slope",
    "grad_parameters_are_the_numeric_slope": "the derivative by a parameter is wrong: look at acc_grad_parameters",
    "gradients_accumulate_and_obey_scale": (
        "acc_grad_parameters must add scale · gradient to what is there: is scale forgotten, or the gradient "
        "overwritten?"
    ),
    "backward_is_both_halves": "backward does something else than update_grad_input and acc_grad_parameters",
    "what_has_a_gradient_is_learned": (
        "name the attribute in parameter_names: parameters() gives these and, in a container, those of its modules"
    ),
    "a_batch_is_its_stacked_samples": (
        "a sample is computed otherwise in a batch than alone: is a sum or mean taken over the batch? If that "
        "is meant, the case has no batch_axis"
    ),
    "a_smaller_batch_works": "something is kept in the size of the first batch",
    "strided_inputs_compute_the_same": "it takes for granted that arrays are compact",
    "a_step_at_rest_allocates_nothing": (
        "it makes temporary arrays of the size of the batch: compute with out= into buffer(...)"
    ),
    "float32_stays_float32": (
        "float64 comes in: is there an array or a constant of float64, or an array made without like=?"
    ),
    "spec_and_repr_rebuild_it": "an argument of the constructor is changed later, or cannot be written in a config",
    "state_round_trip": "something that it remembers is in no parameter: name the attribute in buffer_names",
    "clone_computes_the_same": "the copy shares memory with the original, or lacks something",
    "share_ties": "share does not tie all parameters: are they attributes in parameter_names?",
    "evaluate_is_deterministic": (
        "it draws noise in evaluate mode, or draws from a stream that is not its own: see Noise"
    ),
    "noise_follows_the_stream": "it draws from something else than self.generator: see Noise",
}
