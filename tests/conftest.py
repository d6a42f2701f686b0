"""What all tests share: random numbers that are the same in every run and in every order of the tests."""

from __future__ import annotations

import pytest

from nntrain import nn


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Every test begins with the same initial weights and noise."""
    nn.manual_seed(0)
