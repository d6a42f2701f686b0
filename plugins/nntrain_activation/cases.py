"""Cases of the layers that need more than a first guess."""

import numpy as np

from nntrain.nn.testing import Case

__all__ = ["CASES"]

X = np.random.default_rng(0).normal(size=(4, 3))

# Of each four numbers one is the largest, so its place, which is looked up anew in each pass, is small beside them.
CASES = (Case("fours", {"type": "Maxout", "input_size": 3, "output_size": 2, "maxout_number": 4}, X, batch_axis=0),)
