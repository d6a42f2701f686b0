"""The law of what a criterion declares of its input."""

from __future__ import annotations

from nntrain.nn.array import is_array
from nntrain.nn.output_form import FORMS
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.compare import agree
from nntrain.nn.testing.law import law
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.passes import passed, prepared
from nntrain.nn.testing.tree import copied

__all__ = ["output_form_is_known"]


@law
def output_form_is_known(case: Case) -> None:
    """A criterion declares one of the four forms, and reading outputs changes neither them, nor the loss, nor rows."""
    criterion = prepared(case)
    if criterion.output_form not in FORMS:
        raise LawBroken(f"output_form: got {criterion.output_form!r}, wanted one of {', '.join(FORMS)}")
    x = copied(case.input)
    read = copied(criterion.readout(x))
    agree("input after readout", x, case.input, 0, True)
    if is_array(x) and x.ndim > 1 and (not is_array(read) or len(read) != len(x)):
        raise LawBroken(f"readout: got {read!r:.60} for {len(x)} rows")
    got, wanted = (passed(component, case).output for component in (criterion, prepared(case)))
    agree("loss after readout", got, wanted, case.tolerance, True)
