"""Every case passes every check that applies to it; one test per case, which reports all failures."""

from __future__ import annotations

import pytest

from nntrain.nn.testing import Case, find_failures
from tests.cases.collect import all_cases, unregistered


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_every_check_passes(case: Case) -> None:
    for name in unregistered(case):
        pytest.skip(f"{name} is not registered")
    found = find_failures(case)
    assert not found, "\n".join(map(str, found))
