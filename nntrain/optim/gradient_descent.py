"""The base of gradient descent optimizers with a learning rate."""

from nntrain.optim.elementwise_optimizer import ElementwiseOptimizer


class GradientDescent(ElementwiseOptimizer):
    """r = learning_rate / (1 + n · learning_rate_decay) after n steps;  g = dw + weight_decay · w."""

    learning_rate: float
    weight_decay: float

    def __init__(self, learning_rate: float, learning_rate_decay: float = 0.0, weight_decay: float = 0.0) -> None:
        for name, value in (("learning_rate", learning_rate), ("learning_rate_decay", learning_rate_decay)):
            self.require(value >= 0, f"expected a {name} of at least 0, got {value}")
        self.learning_rate = learning_rate
        self.learning_rate_decay = learning_rate_decay
        self.weight_decay = weight_decay

    def get_rate(self, steps: int) -> float:
        """Return r after ``steps`` steps."""
        return self.learning_rate / (1 + steps * self.learning_rate_decay)
