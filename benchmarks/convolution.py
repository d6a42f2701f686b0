"""Convolutional layers and two training steps against PyTorch, float32."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.comparison import OURS, Case, Comparison, Row, Settings, SkippedError, get_goal, there
from benchmarks.mlp.systems import context_of
from benchmarks.pairing import Work, alternate, scale, turn
from benchmarks.table import judged
from nntrain import nn
from nntrain.nn.lazy_zero_grad import LazyZeroGrad

__all__ = ["COMPARISON"]


@dataclass(frozen=True)
class Pair:
    """The same work in PyTorch and nntrain; ``make`` builds both, theirs first."""

    name: str
    make: Callable[[], tuple[Work, Work]]


def load_torch() -> Any:
    """Import PyTorch, which is not needed for the names of the cases."""
    import torch

    return torch


def normal(*shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return normal random numbers, the same for the same shape."""
    return np.random.default_rng(shape).standard_normal(shape, np.float32)


def layer(name: str, theirs: Callable[[], Any], ours: Callable[[], Any], *shape: int) -> Pair:
    """Build forward and backward of one layer with the same parameters."""

    def make() -> tuple[Work, Work]:
        torch = load_torch()
        their_layer, our_layer = theirs(), ours()
        copy_parameters([their_layer], [our_layer])
        x = normal(*shape)
        their_x = torch.from_numpy(x.copy()).requires_grad_()
        dy = normal(*our_layer.forward(x).shape)
        their_dy = torch.from_numpy(dy.copy())

        def their_step() -> None:
            their_x.grad = None
            their_layer.zero_grad()
            their_layer(their_x).backward(their_dy)

        def our_step() -> None:
            our_layer.zero_grad_parameters()
            our_layer.forward(x)
            our_layer.backward(x, dy)

        their_step()
        our_step()
        same(name, their_x.grad, our_layer.grad_input)
        for theirs_p, ours_p in zip(their_layer.parameters(), our_layer.parameters()[1], strict=True):
            same(name, theirs_p.grad, ours_p.reshape(theirs_p.shape))
        return their_step, our_step

    return Pair(name, make)


def step(name: str, theirs: Callable[[], list[Any]], ours: Callable[[], list[Any]], *shape: int) -> Pair:
    """Build a training step of a network: forward, loss, backward, gradient descent."""
    rate = 0.01

    def make() -> tuple[Work, Work]:
        torch = load_torch()
        their_net, our_net = torch.nn.Sequential(*theirs()), nn.Sequential(ours())
        copy_parameters(list(their_net), our_net.modules)
        # Skip the gradient of the network's input, as PyTorch does.
        our_net.skip_grad_input()
        x, t = normal(*shape), np.random.default_rng(0).integers(0, 10, shape[0])
        their_x, their_t = torch.from_numpy(x.copy()), torch.from_numpy(t.copy())
        their_loss, our_loss = torch.nn.NLLLoss(), nn.ClassNLLCriterion()
        optimizer = torch.optim.SGD(their_net.parameters(), rate)
        w, dw = our_net.get_parameters()
        gradients = LazyZeroGrad(our_net, dw)
        update = np.empty_like(w)

        def their_step() -> float:
            optimizer.zero_grad()
            loss = their_loss(their_net(their_x), their_t)
            loss.backward()
            optimizer.step()
            return loss.item()

        def our_step() -> float:
            gradients.zero_grad()
            y = our_net.forward(x)
            loss = our_loss.forward(y, t)
            our_net.backward(x, our_loss.backward(y, t))
            gradients.zero_unset()
            np.multiply(dw, rate, out=update)
            np.subtract(w, update, out=w)
            return loss

        for _ in range(3):
            same(name, torch.tensor(their_step()), np.array(our_step()))
        return their_step, our_step

    return Pair(name, make)


def copy_parameters(theirs: list[Any], ours: list[Any]) -> None:
    """Copy the parameters of nntrain's layers to PyTorch's, in order."""
    torch = load_torch()
    their_parameters = [parameter for layer in theirs for parameter in layer.parameters()]
    our_parameters = [parameter for layer in ours for parameter in layer.parameters()[0]]
    with torch.no_grad():
        for parameter, values in zip(their_parameters, our_parameters, strict=True):
            parameter.copy_(torch.from_numpy(values).reshape(parameter.shape))


def same(name: str, theirs: Any, ours: Any) -> None:
    """Raise SkippedError unless both systems compute the same."""
    expected = theirs.detach().numpy()
    error = float(np.abs(expected - ours).max()) / max(1.0, float(np.abs(expected).max()))
    if not error < 1e-3:
        raise SkippedError(f"{name}: the results differ by {error:.2g} of the largest")


def convolution(n: int, c: int, o: int, size: int, k: int, pad: int = 0, stride: int = 1) -> Pair:
    """Build a spatial convolution."""
    extra = f" pad {pad}" * (pad > 0) + f" stride {stride}" * (stride > 1)
    return layer(
        f"convolution {n}, {c}->{o}, {size}x{size}, k{k}{extra}",
        lambda: load_torch().nn.Conv2d(c, o, k, stride, pad),
        lambda: nn.SpatialConvolution(c, o, k, k, stride, stride, pad, pad),
        *(n, c, size, size),
    )


def lenet() -> tuple[list[Any], list[Any]]:
    """Build LeNet with the layer sizes of the list above, in PyTorch and nntrain."""
    torch = load_torch()
    theirs = [
        *(torch.nn.Conv2d(1, 32, 5), torch.nn.Tanh(), torch.nn.MaxPool2d(2)),
        *(torch.nn.Conv2d(32, 64, 5), torch.nn.Tanh(), torch.nn.MaxPool2d(2)),
        *(torch.nn.Flatten(), torch.nn.Linear(1024, 200), torch.nn.Tanh(), torch.nn.Linear(200, 10)),
        torch.nn.LogSoftmax(1),
    ]
    ours = [
        *(nn.SpatialConvolution(1, 32, 5, 5), nn.Tanh(), nn.SpatialMaxPooling(2, 2)),
        *(nn.SpatialConvolution(32, 64, 5, 5), nn.Tanh(), nn.SpatialMaxPooling(2, 2)),
        *(nn.Reshape([1024]), nn.Linear(1024, 200), nn.Tanh(), nn.Linear(200, 10)),
        nn.LogSoftMax(),
    ]
    return theirs, ours


def vgg() -> tuple[list[Any], list[Any]]:
    """Build a small VGG-like network: pairs of 3 x 3 convolutions, downsampled three times."""
    torch = load_torch()
    theirs: list[Any] = []
    ours: list[Any] = []
    channels = 3
    for wider in (64, 128, 256):
        for _ in range(2):
            theirs += [torch.nn.Conv2d(channels, wider, 3, 1, 1), torch.nn.ReLU()]
            ours += [nn.SpatialConvolution(channels, wider, 3, 3, 1, 1, 1), nn.ReLU()]
            channels = wider
        theirs.append(torch.nn.MaxPool2d(2))
        ours.append(nn.SpatialMaxPooling(2, 2))
    theirs += [torch.nn.Flatten(), torch.nn.Linear(4096, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10)]
    ours += [nn.Reshape([4096]), nn.Linear(4096, 256), nn.ReLU(), nn.Linear(256, 10)]
    return [*theirs, torch.nn.LogSoftmax(1)], [*ours, nn.LogSoftMax()]


def build_pairs() -> list[Pair]:
    """Build every layer and network."""
    return [
        convolution(128, 1, 32, 28, 5),
        convolution(128, 32, 64, 12, 5),
        convolution(32, 64, 64, 32, 3, pad=1),
        convolution(32, 3, 64, 32, 3, pad=1),
        convolution(16, 128, 128, 28, 3, pad=1),
        convolution(64, 16, 32, 56, 3, stride=2),
        layer(
            "depthwise 32, 64, 28x28, k3",
            lambda: load_torch().nn.Conv2d(64, 64, 3, groups=64),
            lambda: nn.SpatialDepthWiseConvolution(64, 1, 3, 3),
            *(32, 64, 28, 28),
        ),
        layer(
            "max pooling 2x2, 64, 64, 32x32",
            lambda: load_torch().nn.MaxPool2d(2),
            lambda: nn.SpatialMaxPooling(2, 2),
            *(64, 64, 32, 32),
        ),
        layer(
            "batch normalization 64, 64, 32x32",
            lambda: load_torch().nn.BatchNorm2d(64),
            lambda: nn.SpatialBatchNormalization(64),
            *(64, 64, 32, 32),
        ),
        step("LeNet, a step of 128", lambda: lenet()[0], lambda: lenet()[1], *(128, 1, 28, 28)),
        step("small VGG, a step of 32", lambda: vgg()[0], lambda: vgg()[1], *(32, 3, 32, 32)),
    ]


def cases(settings: Settings) -> Sequence[Case]:
    """Return every pair with one thread and with two."""
    return [Case(pair.name, threads) for threads in (1, 2) for pair in build_pairs()]


def measure(case: Case, settings: Settings) -> Row:
    """Measure both systems in turns, in milliseconds."""
    if not there("PyTorch"):
        raise SkippedError("PyTorch is not installed")
    (pair,) = (pair for pair in build_pairs() if pair.name == case.name)
    with context_of(OURS)():
        theirs, ours = pair.make()
    turns = {side: turn(work, settings.seconds, context_of(side)) for side, work in ((OURS, ours), ("PyTorch", theirs))}
    taken = alternate(turns, settings.rounds)
    return Row.of(case, scale(taken, 1e3), goals={"PyTorch": get_goal(0.75, 0.65)} if case.threads == 2 else {})


def summarize(rows: Sequence[Row], settings: Settings) -> Sequence[str]:
    """Return the geometric means of the ratios, with the goal for two threads."""
    lines = []
    for threads in (1, 2):
        found = [row.ratios["PyTorch"] for row in rows if row.case.threads == threads]
        if found:
            mean, least, most = (
                statistics.geometric_mean(values)
                for values in zip(*((each.median, each.least, each.most) for each in found), strict=True)
            )
            goal = get_goal(1.1, 1.0) if threads == 2 else None
            text = judged(replace(found[0], median=mean, least=least, most=most), goal)
            lines.append(f"Geometric mean with {threads} thread{'s' * (threads > 1)}: {text}")
    return lines


COMPARISON = Comparison(
    "Convolution, pooling and normalization",
    "Forward and backward of one layer, or a training step without the gradient of the network's input, float32. Each "
    "line has its own process, like a training run.",
    "ms",
    cases,
    measure,
    after=summarize,
)
