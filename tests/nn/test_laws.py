"""Every case against every law that applies to it: one item a case, which tells of all that are broken."""

from __future__ import annotations

import pytest

from nntrain.nn.testing import Case, find_failures
from tests.cases.collect import all_cases, unregistered


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_every_law_holds(case: Case) -> None:
    for name in unregistered(case):
        pytest.skip(f"{name} is not registered")
    found = find_failures(case)
    assert not found, "\n".join(map(str, found))
