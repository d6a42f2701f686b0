"""Cases of the layers that inferred cases do not fit."""

import numpy as np

from nntrain.nn.testing import Case

X = np.random.default_rng(0).normal(size=(4, 3))

# One maximum per four numbers, so that the memory for its position, which every pass allocates, is relatively small.
CASES = (Case("fours", {"type": "Maxout", "input_size": 3, "output_size": 2, "maxout_number": 4}, X, batch_axis=0),)
