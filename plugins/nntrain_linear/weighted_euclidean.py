"""y_j = ‖c_j (x − w_j)‖."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.parameter import add_scaled, parameter
from nntrain_linear.euclidean import Euclidean


class WeightedEuclidean(Euclidean):
    """y_j = ‖c_j (x − w_j)‖, w_j = W[:, j], c_j = diag_cov[:, j].

    With q_j = dy_j / (y_j + 1e-7): dx = Σ q_j c_j² (x − w_j);  dw_j = −Σ q_j c_j² (x − w_j);
    dc_j = Σ q_j c_j (x − w_j)².

    Shapes:
        x (input_size,) or (N, input_size) → y (output_size,) or (N, output_size)
        weight W, diag_cov (input_size, output_size)
    Initially weight is U(−s, s), s = 1/√input_size, and diag_cov 1.
    Errors: ShapeError if x is not of these shapes; ArgumentError for sizes below 1.
    Source: torch/nn, WeightedEuclidean.lua.
    """

    parameter_names = ("weight", "diag_cov")

    def __init__(self, input_size: int, output_size: int) -> None:
        super().__init__(input_size, output_size)
        self.diag_cov, self.grad_diag_cov = parameter(input_size, output_size)
        self.diag_cov[...] = 1

    def reset(self, stdv: float | None = None) -> None:
        super().reset(stdv)
        if hasattr(self, "diag_cov"):
            self.diag_cov[...] = 1

    def scale_difference(self, difference: Array) -> Array:
        return np.multiply(difference, self.diag_cov, out=self.buffer("scaled", difference.shape, like=difference))

    def compute_distance_gradient(self, x: Array) -> Array:
        return np.multiply(self.get_scratch(x, "scaled"), self.diag_cov, out=self.get_scratch(x, "terms"))

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        super().acc_grad_parameters(x, dy, scale)
        terms = self.get_scratch(x, "terms")
        np.multiply(self.get_scratch(x, "scaled"), self.get_scratch(x, "difference"), out=terms)
        dc = self.buffer("dc", self.diag_cov.shape, like=self.diag_cov)
        np.einsum("nj,nij->ij", self.compute_ratio(x, dy), terms, out=dc, casting="same_kind")
        add_scaled(self.grad_diag_cov, dc, scale)
