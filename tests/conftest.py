"""What all tests share: random numbers that are the same in every run and in every order, and one BLAS thread."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

from nntrain import nn
from nntrain.compute.threads import limit_blas_threads

# Tests train hundreds of networks, and those of the report write it themselves.
os.environ["NNTRAIN_REPORT"] = "0"


def pytest_collection_finish() -> None:
    """Exclude the collected tests from garbage collections, which take half a second with them: they stay anyway."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Every test begins with the same initial weights and noise."""
    nn.manual_seed(0)


@pytest.fixture(autouse=True, scope="session")
def one_blas_thread() -> Iterator[None]:
    """Tests run in several processes: the threads of a product would wait for cores that other tests use."""
    with limit_blas_threads(1):
        yield
