"""The hook of the MKL engine."""

from nntrain.compute.product_engine import ProductEngine
from nntrain.hooks import hookimpl
from nntrain_mkl.mkl_engine import MKLEngine


@hookimpl
def nntrain_product_engines() -> tuple[type[ProductEngine], ...]:
    return (MKLEngine,)
