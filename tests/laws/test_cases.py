"""Every class has test cases, and cases skip existing checks, with reasons."""

from __future__ import annotations

from collections import Counter

import pytest

from nntrain.hooks.registry import RegisteredClass
from nntrain.nn.testing import CHECKS
from nntrain.nn.testing.tree import iterate_leaves
from tests.cases.collect import all_cases
from tests.laws.test_files import name_of, registered

CASES = all_cases()

CLASSES = [entry for entry in registered() if entry.kind in ("module", "criterion")]


@pytest.mark.parametrize("entry", CLASSES, ids=name_of)
def test_every_class_has_two_cases(entry: RegisteredClass) -> None:
    name = entry.cls.__name__
    # A class that cannot run alone is inside a container, in a case with its name.
    count = sum(case.spec["type"] == name or f"-{name}_" in f"-{case.name}_" for case in CASES)
    assert count >= 2, f"{name} has {count} cases in tests/cases and tests/golden"


def test_no_two_cases_have_one_name() -> None:
    assert not [name for name, count in Counter(map(str, CASES)).items() if count > 1]


def test_what_a_case_skips_is_a_law_and_has_a_reason() -> None:
    skipped = [(str(case), check, reason) for case in CASES for check, reason in case.skip.items()]
    assert not [(case, check) for case, check, _ in skipped if check not in CHECKS]
    assert not [(case, check) for case, check, reason in skipped if not reason.strip()]


def test_inputs_of_cases_are_double_precision_or_integers() -> None:
    odd = {
        (str(case), str(leaf.dtype))
        for case in CASES
        if case.spec["type"] != "Copy"  # which is there to change the type
        for value in (case.input, case.target, case.output, case.grad_output)
        for _, leaf in iterate_leaves(value)
        if hasattr(leaf, "dtype") and leaf.dtype.kind == "f" and leaf.dtype != "float64"
    }
    assert not odd
