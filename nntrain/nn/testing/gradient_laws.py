"""The laws of accumulation."""

from __future__ import annotations

from nntrain.nn.random import stream
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.compare import agree
from nntrain.nn.testing.law import law
from nntrain.nn.testing.passes import passed, prepared, restarted
from nntrain.nn.testing.tree import copied

__all__ = ["backward_is_both_halves", "gradients_accumulate_and_obey_scale"]

EXACT = 1e-11


@law
def gradients_accumulate_and_obey_scale(case: Case) -> None:
    """acc_grad_parameters adds scale · gradient to what is there; scale has no influence on dx."""
    module = prepared(case)
    once = passed(restarted(module), case)
    scaled = passed(restarted(module), case, scale=0.3)
    agree("grad_input at scale 0.3", scaled.grad_input, once.grad_input, EXACT, relative=True)
    agree("gradients at scale 0.3", scaled.gradients, [0.3 * dw for dw in once.gradients], EXACT, relative=True)

    x = copied(case.input)
    restarted(module).forward(x)
    there = stream(0, "gradients")
    for gradient in module.parameters()[1]:
        gradient[...] = there.normal(size=gradient.shape)
    kept = [gradient.copy() for gradient in module.parameters()[1]]  # some may be one array
    module.update_grad_input(x, copied(once.grad_output))
    for scale in (1, 0.25):
        module.acc_grad_parameters(x, copied(once.grad_output), scale)
        kept = [total + scale * dw for total, dw in zip(kept, once.gradients, strict=True)]
        agree(f"gradients, scale {scale} on top", module.parameters()[1], kept, EXACT, relative=True)


@law
def backward_is_both_halves(case: Case) -> None:
    """``backward`` does what ``update_grad_input`` and then ``acc_grad_parameters`` do."""
    module = prepared(case)
    whole = passed(restarted(module), case, scale=0.7)
    x, dy = copied(case.input), copied(whole.grad_output)
    restarted(module).forward(x)
    module.zero_grad_parameters()
    dx = copied(module.update_grad_input(x, dy))
    module.acc_grad_parameters(x, copied(whole.grad_output), 0.7)
    agree("grad_input", whole.grad_input, dx, EXACT, relative=True)
    agree("gradients", whole.gradients, module.parameters()[1], EXACT, relative=True)
