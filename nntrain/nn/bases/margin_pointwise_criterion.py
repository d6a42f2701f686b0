"""The base of elementwise losses with a margin."""

from nntrain.nn.bases.pointwise_criterion import PointwiseCriterion


class MarginPointwiseCriterion(PointwiseCriterion):
    """L = Σ l(x, t) / n, l = 0 beyond the margin."""

    mutable_arguments = ("margin", "size_average")

    def __init__(self, margin: float = 1, size_average: bool = True) -> None:
        super().__init__(size_average)
        self.margin = margin
