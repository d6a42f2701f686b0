"""Convolutional layers and two training steps against PyTorch: same process, same number of threads, float32.

    pip install torch threadpoolctl
    python benchmarks/convolution.py [--threads 1 2] [--rounds 7] [--only TEXT] [--together]

Each line is forward and backward (gradient of the input and of the parameters) of one layer, or one training step
without the gradient of the network's input. The systems take turns of TURN seconds; the result is the median over the
rounds of PyTorch's time / nntrain's, so above 1 nntrain is faster. Each line runs in a separate process, like a
training run. With --together all lines run in one process: then the system's allocator keeps memory from earlier
lines, and PyTorch, which allocates its results in every step, is up to four times as fast.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from threadpoolctl import threadpool_info

from nntrain import nn
from nntrain.compute.threads import use_thread_pool
from nntrain.nn.lazy_zero_grad import LazyZeroGrad

Work = Callable[[], object]

# In the warm-up both systems allocate buffers and select kernels.
WARM_UP = 3

# Seconds per turn.
TURN = 0.3


@dataclass(frozen=True)
class Comparison:
    """The same work in PyTorch and nntrain; ``make`` builds both."""

    name: str
    make: Callable[[], tuple[Work, Work]]


def normal(*shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return normal random numbers, the same for the same shape."""
    return np.random.default_rng(shape).standard_normal(shape, np.float32)


def layer(name: str, theirs: Callable[[], Any], ours: Callable[[], Any], *shape: int) -> Comparison:
    """Build forward and backward of one layer with the same parameters."""

    def make() -> tuple[Work, Work]:
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

    return Comparison(name, make)


def step(name: str, theirs: Callable[[], list[Any]], ours: Callable[[], list[Any]], *shape: int) -> Comparison:
    """Build a training step of a network: forward, loss, backward, gradient descent."""
    rate = 0.01

    def make() -> tuple[Work, Work]:
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

    return Comparison(name, make)


def copy_parameters(theirs: list[Any], ours: list[Any]) -> None:
    """Copy the parameters of nntrain's layers to PyTorch's, in order."""
    their_parameters = [parameter for layer in theirs for parameter in layer.parameters()]
    our_parameters = [parameter for layer in ours for parameter in layer.parameters()[0]]
    with torch.no_grad():
        for parameter, values in zip(their_parameters, our_parameters, strict=True):
            parameter.copy_(torch.from_numpy(values).reshape(parameter.shape))


def same(name: str, theirs: Any, ours: Any) -> None:
    """Raise SystemExit unless both systems compute the same."""
    expected = theirs.detach().numpy()
    error = float(np.abs(expected - ours).max()) / max(1.0, float(np.abs(expected).max()))
    if not error < 1e-3:
        raise SystemExit(f"{name}: the results differ by {error:.2g} of the largest")


def convolution(n: int, c: int, o: int, size: int, k: int, pad: int = 0, stride: int = 1) -> Comparison:
    """Build a spatial convolution."""
    extra = f" pad {pad}" * (pad > 0) + f" stride {stride}" * (stride > 1)
    return layer(
        f"convolution {n}, {c}->{o}, {size}x{size}, k{k}{extra}",
        lambda: torch.nn.Conv2d(c, o, k, stride, pad),
        lambda: nn.SpatialConvolution(c, o, k, k, stride, stride, pad, pad),
        *(n, c, size, size),
    )


def lenet() -> tuple[list[Any], list[Any]]:
    """Build LeNet with the layer sizes of the list above, in PyTorch and nntrain."""
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


COMPARISONS = [
    convolution(128, 1, 32, 28, 5),
    convolution(128, 32, 64, 12, 5),
    convolution(32, 64, 64, 32, 3, pad=1),
    convolution(32, 3, 64, 32, 3, pad=1),
    convolution(16, 128, 128, 28, 3, pad=1),
    convolution(64, 16, 32, 56, 3, stride=2),
    layer(
        "depthwise 32, 64, 28x28, k3",
        lambda: torch.nn.Conv2d(64, 64, 3, groups=64),
        lambda: nn.SpatialDepthWiseConvolution(64, 1, 3, 3),
        *(32, 64, 28, 28),
    ),
    layer(
        "max pooling 2x2, 64, 64, 32x32",
        lambda: torch.nn.MaxPool2d(2),
        lambda: nn.SpatialMaxPooling(2, 2),
        *(64, 64, 32, 32),
    ),
    layer(
        "batch normalization 64, 64, 32x32",
        lambda: torch.nn.BatchNorm2d(64),
        lambda: nn.SpatialBatchNormalization(64),
        *(64, 64, 32, 32),
    ),
    step("LeNet, a step of 128", lambda: lenet()[0], lambda: lenet()[1], *(128, 1, 28, 28)),
    step("small VGG, a step of 32", lambda: vgg()[0], lambda: vgg()[1], *(32, 3, 32, 32)),
]


def turn(work: Work) -> float:
    """Return the median time of the work in one turn.

    The first part is not timed: the other system's threads go to sleep, and this system's threads move to free cores.
    """
    times: list[float] = []
    begin = now = time.perf_counter()
    while now - begin < TURN or len(times) < 2:
        start = time.perf_counter()
        work()
        now = time.perf_counter()
        if now - begin > TURN / 2:
            times.append(now - start)
    return statistics.median(times)


def compare(comparison: Comparison, threads: int, rounds: int) -> float:
    """Print one line and return the median of PyTorch's time / nntrain's."""
    os.environ["NNTRAIN_THREADS"] = str(threads)
    torch.set_num_threads(threads)
    with use_thread_pool():  # as in nntrain fit
        theirs, ours = comparison.make()
        for _ in range(WARM_UP):
            theirs()
            ours()
        times = [(turn(theirs), turn(ours)) for _ in range(rounds)]
    ratio = statistics.median(their / our for their, our in times)
    their_median, our_median = (statistics.median(side) * 1e3 for side in zip(*times, strict=True))
    print(f"{threads}  {comparison.name:44} {their_median:8.2f} {our_median:8.2f} {ratio:6.2f}", flush=True)
    return ratio


def compare_alone(comparison: Comparison, threads: int, rounds: int) -> float:
    """Run ``compare`` in a separate process."""
    command = [sys.executable, __file__, "--threads", str(threads), "--rounds", str(rounds), "--line", comparison.name]
    line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(line, end="", flush=True)
    return float(line.split()[-1])


def main() -> None:
    """Run all comparisons and print the geometric mean per number of threads."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="part of the names to compare")
    parser.add_argument("--together", action="store_true", help="all in one process")
    parser.add_argument("--line", help="name of a single comparison, in this process")
    options = parser.parse_args()
    if options.line is not None:
        (comparison,) = (comparison for comparison in COMPARISONS if comparison.name == options.line)
        compare(comparison, options.threads[0], options.rounds)
        return
    kernels = ", ".join(str(info.get("architecture")) for info in threadpool_info() if info["user_api"] == "blas")
    print(f"PyTorch {torch.__version__}, numpy {np.__version__}, BLAS kernels {kernels}")
    print(f"threads {'ms':>50} {'ms':>8}\n{'':47} {'PyTorch':>8} {'nntrain':>8}  ratio")
    for threads in options.threads:
        chosen = [comparison for comparison in COMPARISONS if options.only in comparison.name]
        how = compare if options.together else compare_alone
        ratios = [how(comparison, threads, options.rounds) for comparison in chosen]
        print(f"{threads}  geometric mean {statistics.geometric_mean(ratios):.2f}, min {min(ratios):.2f}")


if __name__ == "__main__":
    main()
