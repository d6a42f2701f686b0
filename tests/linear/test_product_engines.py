"""Matrix products by another library than NumPy."""

import gc
from collections.abc import Iterator

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.matmul import add_product, matmul, matmul_transposed, multiply
from nntrain.compute.product_engine import ProductEngine, use_engine
from nntrain.compute.threads import use_thread_pool
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.checks import find_failures
from nntrain_mkl.mkl_engine import MKLEngine
from tests.cases.collect import all_cases
from tests.einsum_engine import EinsumEngine

FAMILIES = ("Linear", "Convolution", "Ensemble", "Cosine", "MM", "MV", "Bilinear", "Embedding", "Euclidean")
CASES = [case for case in all_cases() if any(name in case.spec["type"] for name in FAMILIES)]


def build_engines() -> list[ProductEngine]:
    """EinsumEngine and, if it is installed, MKL."""
    return [EinsumEngine(), *([MKLEngine()] if MKLEngine.find_version() else [])]


@pytest.fixture(params=build_engines(), ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Iterator[ProductEngine]:
    """An engine that computes every product."""
    engine: ProductEngine = request.param
    use_engine(engine, "1", 0)
    try:
        yield engine
    finally:
        use_engine(None)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_layers_pass_every_check(case: Case, engine: ProductEngine) -> None:
    skipped = {"repeated_steps_allocate_nothing"} if isinstance(engine, EinsumEngine) else set()
    failures = [failure for failure in find_failures(case) if failure.check not in skipped]
    assert not failures, "\n".join(map(str, failures))


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("stack", [(), (1,), (3,), (1, 3), (3, 1), (2, 3)])
@pytest.mark.parametrize("views", range(4))
@pytest.mark.parametrize("transposes", range(4))
def test_products_of_any_layout(
    transposes: int, views: int, stack: tuple[int, ...], dtype: str, engine: ProductEngine
) -> None:
    rng = np.random.default_rng(1)
    operands = []
    for index, shape in enumerate([(5, 7), (7, 4)]):
        transposed, viewed = transposes >> index & 1, views >> index & 1
        array = rng.normal(size=(*stack, *(shape[::-1] if transposed != viewed else shape))).astype(dtype)
        operands.append(array.swapaxes(-1, -2) if viewed else array)
    a, b = operands
    expected = (a.swapaxes(-1, -2) if transposes & 1 else a) @ (b.swapaxes(-1, -2) if transposes & 2 else b)
    out = np.full((*stack, 5, 4), np.nan, dtype)
    for _ in range(2):
        multiply(a, b, out, bool(transposes & 1), bool(transposes & 2))
        np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-5)


def test_one_matrix_for_a_stack(engine: ProductEngine) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(1, 5, 7)), rng.normal(size=(3, 7, 4))
    np.testing.assert_allclose(multiply(a, b, np.empty((3, 5, 4))), a @ b)
    np.testing.assert_allclose(multiply(a[0], b, np.empty((3, 5, 4))), a @ b)


def test_unusual_arrays(engine: ProductEngine) -> None:
    rng = np.random.default_rng(1)
    big = rng.normal(size=(20, 30))
    for a, b in [
        (big[::2, ::3], big[:10]),
        (big[:, ::-1], big.T),
        (np.broadcast_to(big[0], (20, 30)), big.T),
        (big.astype(np.float32), big.T),
        (big[:1], big.T),
        (big, big.T[:, :1]),
        (big[:, :0], big[:0]),
        (big[:0], big.T),
    ]:
        out = np.full((len(a), b.shape[1]), np.nan)
        np.testing.assert_allclose(matmul(a, b, out), a @ b, atol=1e-6)
        wide = np.full((len(a), 2 * b.shape[1]), np.nan)
        np.testing.assert_allclose(multiply(a, b, wide[:, ::2]), a @ b, atol=1e-6)
        assert np.isnan(wide[:, 1::2]).all()


def test_gradients_are_added_in_one_product(engine: ProductEngine) -> None:
    rng = np.random.default_rng(1)
    x, dy = rng.normal(size=(6, 4)).astype(np.float32), rng.normal(size=(6, 3)).astype(np.float32)
    layer = nn.Linear(4, 3)
    layer.zero_grad_parameters()
    layer.forward(x)
    layer.backward(x, dy)
    layer.backward(x, dy, 0.5)
    np.testing.assert_allclose(layer.grad_weight, 1.5 * dy.T @ x, rtol=1e-5)
    np.testing.assert_allclose(layer.grad_bias, 1.5 * dy.sum(axis=0), rtol=1e-5)
    total = np.ones((3, 4), np.float32)
    assert add_product(dy, x, total, 2.0)
    np.testing.assert_allclose(total, 1 + 2 * dy.T @ x, rtol=1e-5)


def test_numpy_adds_no_product() -> None:
    total = np.zeros((3, 4))
    assert not add_product(np.ones((6, 3)), np.ones((6, 4)), total, 1.0)
    assert not total.any()


@pytest.mark.parametrize("threads", ["2", "3"])
def test_large_products_are_split(threads: str, engine: ProductEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    x, dy = rng.normal(size=(300, 400)).astype(np.float32), rng.normal(size=(300, 350)).astype(np.float32)
    monkeypatch.setenv("NNTRAIN_THREADS", threads)
    with use_thread_pool():
        out = matmul_transposed(dy, x, np.empty((350, 400), np.float32))
        total = out.copy()
        assert add_product(dy, x, total, 1.0)
    np.testing.assert_allclose(out, dy.T @ x, atol=1e-3)
    np.testing.assert_allclose(total, 2 * out, atol=1e-3)


def test_small_products_are_left_to_numpy(engine: ProductEngine) -> None:
    counting = EinsumEngine()
    use_engine(counting, "1", 1000)
    x = np.ones((9, 10))
    matmul(x, np.ones((10, 11)), np.empty((9, 11)))
    assert counting.count == 0
    matmul(np.ones((10, 10)), np.ones((10, 10)), np.empty((10, 10)))
    assert counting.count == 1


needs_mkl = pytest.mark.skipif(MKLEngine.find_version() is None, reason="the extra mkl is not installed")


@needs_mkl
def test_bits_do_not_depend_on_addresses() -> None:
    mkl, rng = MKLEngine(), np.random.default_rng(1)
    values = rng.normal(size=3 * 97 * 97).astype(np.float32)
    results = []
    for offset in range(0, 16, 3):
        memory = np.zeros(3 * 97 * 97 + 16, np.float32)
        memory[offset : offset + values.size] = values
        a, b, out = memory[offset : offset + values.size].reshape(3, 97, 97)
        assert mkl.multiply(a, b, out)
        results.append(out.copy())
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])


@needs_mkl
def test_arguments_are_kept_as_long_as_the_arrays() -> None:
    mkl = MKLEngine()
    kept = np.ones((3, 3))
    for _ in range(5):
        out = np.empty((3, 3))
        mkl.multiply(kept, kept, out)
    assert len(mkl._calls) == 1
    del out
    gc.collect()
    assert not mkl._calls
